// The dialog: what it says for each state, and what its buttons do on a simulated phone.
import assert from 'node:assert/strict'
import test from 'node:test'
import { bytes, content, isOpen } from '../components/wgtup-dialog/content.js'
import { wordsFor } from '../components/wgtup-dialog/words.js'
import { states } from '../forms/dialogs.mjs'
import { build, modules, nowhere } from '../forms/project.mjs'
import { Phone } from '../../simulator/src/index.js'

// By state: the title, and the buttons with what they do.
const said = {
  'zh-Hans': {
    offered: ['发现新版本', '立即更新 accept', '以后再说 dismiss'],
    'offered-downloaded': ['发现新版本', '立即重启更新 accept', '以后再说 dismiss'],
    'offered-plain': ['发现新版本', '立即更新 accept', '以后再说 dismiss'],
    'offered-long': ['发现新版本', '立即更新 accept', '以后再说 dismiss'],
    forced: ['需要更新后继续使用', '立即更新 accept'],
    full: ['新版应用已发布', '前往更新 accept', '以后再说 dismiss'],
    'full-forced': ['需要更新后继续使用', '前往更新 accept'],
    wifi: ['等待 Wi-Fi', '用移动数据下载（3.1 MB） accept', '等 Wi-Fi dismiss'],
    downloading: ['正在下载更新', '取消 cancel'],
    'downloading-forced': ['正在下载更新'],
    installing: ['正在安装'],
    downloaded: ['更新已准备好', '立即重启更新 install', '知道了 close'],
    verifying: ['正在下载更新'],
    restart: ['更新已安装', '退出应用 accept', '以后再说 close'],
    'restart-forced': ['更新已安装', '退出应用 accept'],
    failed: ['更新没有成功', '重试 accept', '以后再说 dismiss'],
    'failed-forced': ['更新没有成功', '重试 accept'],
    reinstall: ['请重新安装应用', '以后再说 dismiss'],
    stuck: ['请重新安装应用', '以后再说 close'],
    'reinstall-full': ['请重新安装应用', '前往更新 accept'],
  },
  en: {
    offered: ['Update available', 'Update now accept', 'Not now dismiss'],
    'offered-downloaded': ['Update available', 'Restart and update accept', 'Not now dismiss'],
    'offered-plain': ['Update available', 'Update now accept', 'Not now dismiss'],
    'offered-long': ['Update available', 'Update now accept', 'Not now dismiss'],
    forced: ['Update required', 'Update now accept'],
    full: ['A new version of the app', 'Get the new version accept', 'Not now dismiss'],
    'full-forced': ['Update required', 'Get the new version accept'],
    wifi: ['Waiting for Wi-Fi', 'Use mobile data (3.1 MB) accept', 'Wait for Wi-Fi dismiss'],
    downloading: ['Downloading the update', 'Cancel cancel'],
    'downloading-forced': ['Downloading the update'],
    installing: ['Installing'],
    downloaded: ['The update is ready', 'Restart and update install', 'OK close'],
    verifying: ['Downloading the update'],
    restart: ['The update is installed', 'Quit the app accept', 'Not now close'],
    'restart-forced': ['The update is installed', 'Quit the app accept'],
    failed: ['The update did not succeed', 'Try again accept', 'Not now dismiss'],
    'failed-forced': ['The update did not succeed', 'Try again accept'],
    reinstall: ['Please reinstall the app', 'Not now dismiss'],
    stuck: ['Please reinstall the app', 'Not now close'],
    'reinstall-full': ['Please reinstall the app', 'Get the new version accept'],
  },
}

const running = { running: { name: '1.0.0', code: 100 }, received: 0, total: 0 }

for (const language of Object.keys(said)) {
  test(`${language}: title and buttons of every state`, () => {
    const found = {}
    for (const [name, state] of Object.entries(states(language))) {
      const shown = content({ ...running, ...state }, wordsFor(language))
      found[name] = [shown.title, ...shown.buttons.map((button) => `${button.text} ${button.does}`)]
    }
    assert.deepEqual(found, said[language])
  })
}

test('the two languages say the same things', () => {
  const names = (words) => Object.keys(words).concat(Object.keys(words.problems)).sort()
  assert.deepEqual(names(wordsFor('zh')), names(wordsFor('en')))
  for (const tag of ['zh', 'zh-Hans', 'zh-CN', 'zh_TW', 'ZH-Hant']) assert.equal(wordsFor(tag).ok, '知道了', tag)
  for (const tag of ['en', 'fr-FR', 'zhx', '', undefined]) assert.equal(wordsFor(tag).ok, 'OK', tag)
})

test('nothing to show: no content', () => {
  for (const phase of ['idle', 'checking']) assert.equal(content({ ...running, phase }, wordsFor('en')), undefined)
})

test('progress: what the server says is more never passes 100%', () => {
  const { downloading } = states('en')
  const bar = (received, total) => content({ ...running, ...downloading, received, total }, wordsFor('en')).bar
  assert.deepEqual(bar(0, 3_276_800), { percent: 0, bytes: '0 B / 3.1 MB' })
  assert.deepEqual(bar(3_276_799, 3_276_800), { percent: 99, bytes: '3.1 MB / 3.1 MB' })
  assert.deepEqual(bar(9_999_999, 3_276_800).percent, 100)
  assert.deepEqual(bar(10, 0), { percent: 0, bytes: '10 B / 3.1 MB' }, 'before the total is known: the size of the offer')
})

test('sizes for people', () => {
  const want = { 0: '0 B', 1023: '1023 B', 1024: '1 KB', 603177: '589 KB', 1023999: '1000 KB', 1024000: '1.0 MB', 31457280: '30.0 MB' }
  for (const [count, text] of Object.entries(want)) assert.equal(bytes(Number(count)), text)
})

test('notes: what begins as a list is one', () => {
  const shown = (notes) => content({ ...running, phase: 'offered', offer: { ...states('en').offered.offer, notes } }, wordsFor('en')).notes
  assert.deepEqual(shown(''), [])
  assert.deepEqual(shown('Hello\r\n\n - a\n* b\n• c\n-d'), [
    { text: 'Hello', dot: false },
    { text: 'a', dot: true },
    { text: 'b', dot: true },
    { text: 'c', dot: true },
    { text: '-d', dot: false },
  ])
})

// Phases one after the other; a capital letter for those in which the dialog is there.
const opens = {
  'a silent release is not seen': ['silent', 'checking idle downloading downloaded idle'],
  'nor is its failure, nor its waiting': ['silent', 'downloading failed idle wifi idle'],
  'but what only the user can help is': ['silent', 'installing REINSTALL'],
  'a question stays until it is answered': ['prompt', 'checking OFFERED DOWNLOADING DOWNLOADED INSTALLING'],
  'cancelled: gone': ['prompt', 'OFFERED DOWNLOADING idle'],
  'a failure after a question is shown': ['prompt', 'OFFERED DOWNLOADING FAILED DOWNLOADING INSTALLING'],
  'a forced release is always there': ['force', 'DOWNLOADING FAILED OFFERED INSTALLING RESTART'],
}

for (const [name, [mode, phases]] of Object.entries(opens)) {
  test(`open: ${name}`, () => {
    let open = false
    let before = ''
    const seen = phases.split(' ').map((word) => {
      const phase = word.toLowerCase()
      open = isOpen(open, before, { phase, offer: { mode } })
      before = phase
      return open ? phase.toUpperCase() : phase
    })
    assert.equal(seen.join(' '), phases)
  })
}

test('open: closed by its user, it stays closed while the phase stays, progress or not', () => {
  const state = { phase: 'restart', offer: { mode: 'prompt' } }
  assert.equal(isOpen(false, 'restart', state), false)
  assert.equal(isOpen(false, 'idle', state), true)
})

async function dialog(t, options = {}) {
  const app = await build({ form: 'uni_modules', layout: 'cli', compiler: '4.87' })
  const phone = new Phone({ builtIn: app, framework: modules('4.87'), ...options })
  t.after(() => phone.close())
  phone.network.route('https://forms.wgtup.example', nowhere)
  const boot = await phone.start()
  boot.evaluate("uni.navigateTo({ url: '/pages/dialog/dialog' }), 0")
  await phone.run(1500)
  const show = async (state) => {
    boot.evaluate(`getApp().globalData.show(${JSON.stringify(state)})`)
    await phone.run(200)
  }
  const called = () => JSON.parse(boot.evaluate('JSON.stringify(getApp().globalData.called.splice(0))'))
  return { phone, boot, show, called, page: () => boot.page }
}

test('on the phone: every button of every state calls what it says', async (t) => {
  const { phone, boot, show, called, page } = await dialog(t)
  const words = states('zh-Hans')
  for (const [name, lines] of Object.entries(said['zh-Hans'])) {
    for (const line of lines.slice(1)) {
      const [text, does] = [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]
      await show({ phase: 'idle' })
      await show({ ...words[name], phase: 'offered', offer: words.offered.offer })
      await show(words[name])
      assert.ok(page().text.includes(lines[0]), `${name}: ${page().text}`)
      page().tap(text)
      await phone.run(200)
      if (does === 'close') assert.equal(page().text, '', `${name}: it is closed`)
      assert.deepEqual(called(), does === 'close' ? [] : [does === 'install' ? 'install [object Object]' : does], name)
    }
  }
  assert.deepEqual(boot.errors, [])
})

test('on the phone: the back button puts off what may be put off, and never leaves a forced release', async (t) => {
  const { phone, boot, show, called, page } = await dialog(t)
  boot.modules.globalEvent.fire('splashclosed') // from then on the framework listens to the button
  const back = async () => {
    boot.modules.key.press('backbutton')
    await phone.run(600)
  }
  const words = states('zh-Hans')
  await show(words.offered)
  await back()
  assert.deepEqual(called(), ['dismiss'])
  for (const name of ['forced', 'downloading', 'installing']) {
    await show(words[name])
    await back()
    assert.deepEqual([called(), boot.pages.length], [[], 2], name)
    assert.match(page().text, new RegExp(said['zh-Hans'][name][0]))
  }
  await show({ phase: 'idle' })
  await back()
  assert.deepEqual(boot.pages, ['pages/index/index'], 'without a dialog it goes back')
  assert.deepEqual(boot.evaluate('getApp().globalData.called').length, 1)
  assert.deepEqual(boot.errors, [])
})

test('on the phone: language and theme are those of the app', async (t) => {
  for (const [language, theme, title] of [['zh-Hans', 'light', '发现新版本'], ['en', 'dark', 'Update available']]) {
    const { show, page } = await dialog(t, { language, theme })
    await show(states(language).offered)
    assert.ok(page().text.includes(title), page().text)
    const [root] = [...page().nodes.values()].filter((node) => /(^| )wgtup( |$)/.test(node.attrs.class ?? ''))
    assert.equal(/wgtup--dark/.test(root.attrs.class), theme === 'dark')
  }
})
