// A phone with one app on it.
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Boot } from './boot.js'
import { Clock } from './clock.js'
import { Disk } from './disk.js'
import { framework } from './framework.js'
import { modules } from './manifest.js'
import { Network } from './network.js'
import { Power, PowerCut } from './power.js'
import { random } from './random.js'
import { unwatchRejections, watchRejections } from './rejections.js'
import { Resources } from './resources.js'
import { Storage } from './storage.js'

export class Phone extends EventEmitter {
  /**
   * @param {object} options
   * @param {string} options.builtIn the compiled app (dist/build/app) inside the installation package
   * @param {{ name?: string, code?: string, modules?: string[] }} [options.native] version and extra modules of the installation package
   * @param {'android'|'ios'} [options.platform]
   * @param {string} [options.disk] a directory that outlives this object; by default a temporary one
   * @param {string} [options.framework] where node_modules/@dcloudio of the base's version is; by default the app's own
   * @param {'liberate'|'normal'} [options.runmode] normal: runs from the installation package until the first wgt
   * @param {'drop'|'newer'|'keep'} [options.coverRule] see resources.js
   * @param {Clock} [options.clock] @param {Network} [options.network] @param {number} [options.seed]
   * @param {number} [options.watchdog] real milliseconds after which app-service.js counts as an endless loop, and its user kills the app
   * @param {string[]} [options.without] members of plus that this phone lacks: ['io', 'runtime.restart']
   * @param {(webview) => { eval(js), show?(), close() }} [options.view] something that really draws
   */
  constructor(options) {
    super()
    this.platform = options.platform ?? 'android'
    this.clock = options.clock ?? new Clock()
    this.network = options.network ?? new Network()
    this.power = new Power()
    this.random = random(options.seed ?? 1)
    this.deviceId = `simulated-${options.seed ?? 1}`
    this.osVersion = options.osVersion ?? (this.platform === 'ios' ? '17.0' : '13')
    this.language = options.language ?? 'zh-Hans'
    this.theme = options.theme ?? 'light'
    this.channel = options.channel ?? ''
    this.view = options.view
    this.without = options.without ?? []
    this.frameworkDir = options.framework
    this.watchdog = options.watchdog ?? 10_000
    if (!options.disk) compiled(options.builtIn)
    this.temporary = options.disk ? null : fs.mkdtempSync(path.join(os.tmpdir(), 'wgtup-sim-'))
    this.disk = new Disk(options.disk ?? this.temporary)
    this.resources = new Resources(this, options.runmode ?? 'liberate', options.coverRule ?? (this.platform === 'ios' ? 'newer' : 'drop'))
    this.boots = []
    this.apk = this.disk.json(this.disk.path('apk.json'))
    if (!this.apk) this.install(options.builtIn, options.native)
    this.#open()
    watchRejections()
  }

  /** Puts the app on the phone, over the one that is there. */
  install(builtIn, native = {}) {
    const manifest = compiled(builtIn)
    this.kill('installation')
    this.apk = {
      builtIn: path.resolve(builtIn),
      time: (this.apk?.time ?? 0) + 1, // of modification; only its change matters
      native: { name: String(native.name ?? '1.0.0'), code: String(native.code ?? '100'), modules: native.modules ?? modules(manifest) },
    }
    this.disk.replace(this.disk.path('apk.json'), JSON.stringify(this.apk))
    this.#open()
  }

  #open() {
    const { id } = this.disk.json(path.join(this.apk.builtIn, 'manifest.json'))
    const app = (name) => this.disk.path('apps', id, name)
    this.dirs = { www: app('www'), backup: app('www_backup'), fresh: app('www_fresh'), doc: app('doc'), documents: this.disk.path('documents'), downloads: this.disk.path('downloads') }
    this.storage = new Storage(this.disk, this.disk.path('storage.json'))
  }

  get native() {
    return this.apk.native
  }

  get framework() {
    return framework(this.frameworkDir ?? this.apk.builtIn)
  }

  /** The process that runs now. */
  get boot() {
    return this.boots.at(-1)
  }

  get running() {
    return Boolean(this.boot && !this.boot.dead)
  }

  /** The user opens the app; `run` milliseconds later there is a first page. Answers what runs then. */
  async start({ run = 1000 } = {}) {
    if (!this.apk) throw new Error('start: the app is not installed')
    if (this.running || this.launching) throw new Error('start: the app is already running')
    this.#launch()
    await this.run(run)
    return this.boot
  }

  #launch() {
    this.launching = null
    const boot = new Boot(this, this.boots.length + 1)
    this.boots.push(boot)
    try {
      boot.prepare()
      this.emit('boot', boot)
      boot.run()
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error
    }
  }

  /** Time passes. Answers whether `until` came true. */
  run(ms, until) {
    return this.clock.run(ms, until)
  }

  /** plus.runtime.restart. */
  restart() {
    this.#end('restart')
    this.launching = this.clock.setTimeout(() => this.#launch(), 300)
  }

  /** The process ends at once, as by a power cut; the disk stays as it is. */
  kill(reason = 'kill') {
    this.clock.clearTimeout(this.launching)
    this.launching = null
    this.#end(reason)
  }

  #end(reason) {
    if (!this.running) return
    this.boot.end(reason)
    this.emit('end', this.boot)
  }

  /** The user leaves the app, and comes back. */
  background() {
    this.boot.modules.globalEvent.fire('pause')
  }

  foreground() {
    this.boot.modules.globalEvent.fire('resume')
  }

  /** A new installation package over the old one; `_doc` and storage stay. */
  coverInstall(builtIn, native) {
    this.install(builtIn, native)
  }

  uninstall() {
    this.kill('uninstall')
    for (const name of this.disk.names(this.disk.root)) this.disk.remove(this.disk.path(name))
    this.apk = null
  }

  /** The user clears the app's data in the system's settings. */
  clearData() {
    this.kill('clear data')
    for (const name of this.disk.names(this.disk.root)) if (name !== 'apk.json') this.disk.remove(this.disk.path(name))
    this.#open()
  }

  /** The manifest on disk of the package that the next page would be read from. */
  installed() {
    return this.apk ? this.disk.json(this.www('manifest.json')) : undefined
  }

  www(...names) {
    return path.join(this.resources.dir, ...names)
  }

  /** A path of the app's world as a path of this machine. */
  resolve(url) {
    const text = decodeURI(String(url).replace(/^file:\/\//, ''))
    if (path.isAbsolute(text)) return path.normalize(text)
    const [root, ...rest] = text.split('/')
    const dir = { _www: this.resources.dir, _doc: this.dirs.doc, _documents: this.dirs.documents, _downloads: this.dirs.downloads }[root]
    return dir ? path.join(dir, ...rest) : this.www(text)
  }

  /** The other way round: `_doc/a.txt`, or the path itself if it is elsewhere. */
  relative(file) {
    for (const [name, dir] of [['_doc', this.dirs.doc], ['_www', this.resources.dir], ['_documents', this.dirs.documents], ['_downloads', this.dirs.downloads]]) {
      if (file === dir || file.startsWith(dir + path.sep)) return [name, ...file.slice(dir.length + 1).split(path.sep)].filter(Boolean).join('/')
    }
    return file
  }

  /** Ends everything; a temporary disk is removed. */
  async close() {
    if (this.closed) return
    this.closed = true
    this.kill('close')
    await unwatchRejections()
    if (this.temporary) fs.rmSync(this.temporary, { recursive: true, force: true })
  }
}

// The manifest of a compiled app.
function compiled(dir) {
  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(dir, 'manifest.json'), 'utf8'))
    if (manifest.id && manifest.version) return manifest
  } catch {
    // as below
  }
  throw new Error(`install: no compiled app in ${dir} (build it: npx uni build -p app)`)
}
