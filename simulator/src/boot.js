// One start of the app: from the icon to the day the process ends.
import { Bridge } from './bridge.js'
import { createContext } from './context.js'
import { runtimeMismatch } from './manifest.js'
import { plus, without } from './plus/index.js'
import { PowerCut } from './power.js'
import { ownRejections } from './rejections.js'
import { weex } from './weex.js'

export class Boot {
  /** @param {import('./phone.js').Phone} phone @param {number} number */
  constructor(phone, number) {
    this.phone = phone
    this.number = number
    this.dead = false
    this.errors = [] // { where, message, stack }: exceptions nobody caught
    this.console = [] // { level, text }
    this.requests = [] // { via, method, url, headers, status, bytes }
    this.ui = [] // dialogs, toasts and waitings of nativeUI
    this.opened = [] // urls the app handed to the system
    this.views = new Map() // webviews by id
    this.timers = new Set()
    this.undo = new Set() // what must be closed when the process ends
  }

  get platform() {
    return this.phone.platform
  }

  /** The runtime decides what to run. */
  prepare() {
    this.manifest = this.phone.resources.prepare(this)
    this.version = String(this.manifest.version?.name)
  }

  /** A fresh world, the framework, then the app's own code. */
  run() {
    const { clock, disk } = this.phone
    this.started = clock.now()
    this.context = createContext({
      now: () => clock.now(),
      random: this.phone.random,
      setTimeout: (fn, ms) => this.timer(() => this.enter('timer', fn), ms),
      setInterval: (fn, ms) => this.#interval(fn, ms),
      clear: (id) => this.clear(id),
      print: (level, text) => this.print(level, text),
    })
    ownRejections(this.context.make.Promise, (reason) => this.print('error', `Unhandled promise rejection: ${reason?.stack ?? reason}`))
    this.bridge = new Bridge(this.context, this)
    this.modules = plus(this)
    const { global, run } = this.context
    run('var plus, weex, __uniConfig = {}, __uniRoutes = [], __channelId__ = "1"', 'boot.js')
    global.weex = this.bridge.toApp(weex(this))
    global.plus = this.bridge.toApp(this.modules)
    without(global.plus, this.phone.without)
    if (runtimeMismatch(this.manifest, this.phone.framework.version)) this.ui.push({ type: 'version-alert' })

    let step = 'start'
    try {
      run('globalThis.service = { register(name, it) { if (name === "uni-app-config") service.config = it.create("1", { weex }, {}).instance } }', 'boot.js')
      step = 'app-config-service.js'
      run(disk.read(this.phone.www(step)).toString(), step)
      run(`var { __uniConfig, __uniRoutes, ...shadowed } = service.config; delete globalThis.service`, 'boot.js')
      step = 'framework.js'
      this.context.runScript(this.phone.framework.script)
      run('Object.assign(globalThis, shadowed)', 'boot.js') // window, document, fetch …: there, and undefined
      step = 'app-service.js'
      run(disk.read(this.phone.www(step)).toString(), step, this.phone.watchdog)
    } catch (error) {
      if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') this.phone.kill('hang')
      this.fail(step, error)
    }
    if (!this.dead) this.timer(() => this.modules.webview.openLaunch(), 5)
  }

  /** Nothing is drawn, on any page. */
  get whiteScreen() {
    return this.dead ? this.diedWhite : ![...this.views.values()].some((view) => view.page?.drawn)
  }

  /** Routes of the pages that are open, the first one first. */
  get pages() {
    return this.dead ? [] : this.evaluate('typeof getCurrentPages === "function" ? getCurrentPages().map((page) => page.route) : []')
  }

  /** The webview on top. */
  get top() {
    return this.views.get(String(this.evaluate('(getCurrentPages().slice(-1)[0] || { $page: {} }).$page.id')))
  }

  /** What the user sees: texts, and things to tap. */
  get page() {
    return this.top?.page
  }

  /** Runs code in the service context and answers its value, as JSON would carry it. */
  evaluate(code) {
    if (this.dead) throw new Error('evaluate: this process is dead')
    const { context, bridge } = this
    return bridge.fromApp(context.run(code, 'evaluate'))
  }

  /** Runs code that makes a promise, and lets time pass until it is settled. */
  async resolve(code, within = 600_000) {
    const { context, bridge } = this
    let result
    const promise = context.run(`(async () => (${code}))()`, 'resolve')
    promise.then((value) => (result = { value: bridge.fromApp(value) }), (error) => (result = { error }))
    await this.phone.run(within, () => result || this.dead)
    if (!result) throw new Error(this.dead ? 'resolve: the process died' : `resolve: not settled within ${within} ms`)
    if ('error' in result) throw result.error
    return result.value
  }

  /** Every step into the app's code, from outside, goes through here. */
  enter(where, fn) {
    if (this.dead) return
    try {
      return fn()
    } catch (error) {
      this.fail(where, error)
    }
  }

  /** A native callback: later, and only if there is still somebody to call. */
  later(fn, ms = 1) {
    this.timer(() => this.enter('callback', fn), ms)
  }

  timer(fn, ms, again) {
    if (this.dead) return 0
    const id = this.phone.clock.setTimeout(() => {
      this.timers.delete(id)
      try {
        fn()
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error
      }
    }, ms, again)
    this.timers.add(id)
    return id
  }

  clear(id) {
    this.timers.delete(id)
    this.phone.clock.clearTimeout(id)
  }

  #interval(fn, ms) {
    const every = Math.max(1, ms)
    const tick = () => {
      this.timer(tick, every, id) // first, so that the app may clear it
      this.enter('timer', fn)
    }
    const id = this.timer(tick, every)
    return id
  }

  /** Native work that takes time. It stops where it is when the process ends. */
  native(work) {
    const step = async () => {
      try {
        await work()
      } catch (error) {
        if (!(error instanceof PowerCut)) this.fail('native', error)
      }
    }
    step()
  }

  /** Time passes for native work; a dead process never gets past it. */
  sleep(ms = 1) {
    return new Promise((resolve) => this.timer(resolve, ms))
  }

  /** A point where the phone may die. */
  at(point) {
    if (this.dead) throw new PowerCut(point)
    if (!this.phone.power.hits(point)) return
    this.phone.kill(point)
    throw new PowerCut(point)
  }

  print(level, text) {
    if (this.dead) return
    this.console.push({ level, text })
    this.phone.emit('console', { boot: this, level, text })
  }

  fail(where, error) {
    if (this.dead) return
    const known = { where, message: String(error?.message ?? error), stack: String(error?.stack ?? error) }
    this.errors.push(known)
    this.phone.emit('fail', { boot: this, ...known })
  }

  /** The process ends here and now. */
  end(reason) {
    if (this.dead) return
    this.diedWhite = this.whiteScreen
    this.dead = true
    this.reason = reason
    for (const id of this.timers) this.phone.clock.clearTimeout(id)
    this.timers.clear()
    for (const undo of this.undo) undo()
    this.undo.clear()
    this.views.clear()
    this.context = this.bridge = this.modules = null // a dead world is garbage
  }
}
