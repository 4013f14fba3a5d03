// Webviews that really draw: one page of Chromium each, with the app's own view layer.
// Needs the package playwright-core and a Chromium on the machine.

const size = { width: 360, height: 780 }

// What a view finds on `plus`. Runs in the page before anything else.
function prepare({ id, platform, theme, roots }) {
  const insets = { top: 24, bottom: 0, left: 0, right: 0, deviceTop: 24, deviceBottom: 0, deviceLeft: 0, deviceRight: 0 }
  const style = {}
  window.plus = {
    os: { name: platform === 'ios' ? 'iOS' : 'Android', version: '13' },
    webview: {
      currentWebview: () => ({ id, getStyle: () => style, setStyle: (next) => Object.assign(style, next) }),
      postMessageToUniNView: (message) => window.__tellPhone(JSON.stringify(message)),
    },
    navigator: { getStatusbarHeight: () => 24, isImmersedStatusbar: () => true, getUIStyle: () => theme, getSafeAreaInsets: () => insets },
    screen: { scale: 3, getCurrentSize: () => ({ resolutionWidth: 360, resolutionHeight: 780, width: 1080, height: 2340 }) },
    io: {
      convertLocalFileSystemURL(url) {
        const [root, ...rest] = url.split('/')
        return roots[root] ? [roots[root], ...rest].join('/') : url.startsWith('/') ? url : `${roots._www}/${url}`
      },
    },
    key: {},
    nativeUI: {},
  }
}

export class Chromium {
  /** @param {{ executablePath?: string }} options */
  static async launch({ executablePath = '/usr/bin/chromium' } = {}) {
    const { chromium } = await import('playwright-core')
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
    return new Chromium(await chromium.launch({ executablePath, args }))
  }

  constructor(browser) {
    this.browser = browser
    this.errors = [] // exceptions in views, and of views
    /** For `new Phone({ view })`. */
    this.view = (webview) => new View(this, webview)
  }

  close() {
    return this.browser.close()
  }
}

class View {
  constructor(chromium, webview) {
    this.chromium = chromium
    this.webview = webview
    this.phone = webview.boot.phone
    this.work = Promise.resolve()
    this.#next(() => this.#open())
  }

  // One thing after the other, and time stands still meanwhile.
  #next(step) {
    this.work = this.work.then(step).catch((error) => {
      if (!this.closed) this.chromium.errors.push(error)
    })
    this.phone.clock.outsideWork(this.work)
  }

  async #open() {
    const { chromium, phone, webview } = this
    this.page = await chromium.browser.newPage({ viewport: size, deviceScaleFactor: 2, colorScheme: phone.theme })
    this.page.on('pageerror', (error) => chromium.errors.push(error))
    await this.page.exposeFunction('__tellPhone', (text) => {
      const { args } = JSON.parse(text)
      if (args && !webview.boot.dead) webview.send(args.type, args.data)
    })
    const roots = Object.fromEntries(['_www', '_doc', '_documents', '_downloads'].map((name) => [name, phone.resolve(name)]))
    await this.page.addInitScript(prepare, { id: webview.id, platform: phone.platform, theme: phone.theme, roots })
    await this.page.goto('file://' + phone.www('__uniappview.html'))
    await this.#painted()
  }

  // Two frames: what was asked for is on the screen, and what it tells is told.
  #painted() {
    return this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))))
  }

  eval(js) {
    this.#next(async () => {
      await this.page.evaluate(js)
      await this.#painted()
    })
  }

  show() {
    this.#next(() => this.#painted())
  }

  close() {
    this.closed = true
    this.work = this.work.then(() => this.page?.close()).catch(() => {})
  }
}
