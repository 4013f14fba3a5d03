// One case: a bucket, a publisher, a phone with the small app, and what must hold whatever happens.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Clock, Phone } from '../../simulator/src/index.js'
import { modules } from '../../simulator/test/shop.js'
import { address, app, appid } from './app.js'
import { Bucket } from './bucket.js'
import { Publisher } from './publisher.js'
import { shopAddress, shopFiles, shopId } from './shop.js'

export const platforms = ['android', 'ios']

/** Problems and reasons that the client may name: closed lists. */
const problems = ['config', 'unsupported', 'busy', 'cancelled', 'offline', 'no-information', 'refused', 'no-offer', 'nothing-pending', 'wifi', 'download', 'size', 'digest', 'patch', 'storage', 'install', 'native', 'superseded', 'channel', 'no-way-back']

export class World {
  address = address
  appid = appid

  /**
   * @param {import('node:test').TestContext} t
   * @param {object} [options] @param {'android'|'ios'} [options.platform] @param {object} [options.app] of the built-in version
   * @param {object} [options.phone] more options of Phone @param {boolean} [options.based] whether the app is registered
   */
  static async make(t, { platform = 'android', app: built = {}, phone = {}, based = true, epoch } = {}) {
    const world = new this()
    world.clock = new Clock()
    const began = world.clock.now()
    const now = () => began + world.clock.elapsed // true, whatever the phone's owner sets
    world.bucket = await new Bucket(now).listen()
    t.after(() => world.close())
    world.publisher = new Publisher(world.bucket, { app: world.appid, now, epoch })
    world.defaults = built
    world.trees = [] // every version that there is
    world.faulty = new Set() // versions whose errors are their own
    const first = world.app('1.0.0')
    world.builtIn = directory(first)
    world.phone = new Phone({ builtIn: world.builtIn, framework: modules('1.0.0'), platform, clock: world.clock, ...phone })
    world.phone.network.route(world.address, world.bucket.url)
    if (based) world.publisher.base(first)
    world.#watch()
    return world
  }

  /** The files of a version, with this world's keys. */
  app(version, more = {}) {
    const files = this.build(version, more)
    this.trees.push(files)
    return files
  }

  build(version, { options, ...more }) {
    return app(version, { pins: this.publisher.pins, ...this.defaults, ...more, options: { ...this.defaults.options, ...options } })
  }

  /** Whether the first page is that of a version. */
  shows(boot) {
    return boot.page?.text === `index ${boot.version}`
  }

  /** Publishes a version. */
  publish(version, more = {}, release = {}) {
    return this.publisher.publish(this.app(version, more), release)
  }

  /** Starts the app, or waits until it has restarted by itself. */
  async start(run = 3000) {
    const { phone } = this
    if (phone.running || phone.launching) throw new Error('start: it runs')
    await phone.start({ run })
    return this.settle()
  }

  /** Lets restarts happen. */
  async settle(run = 3000) {
    const { phone } = this
    for (let n = 0; phone.launching && n < 20; n++) await phone.run(run)
    return phone.boot
  }

  /** Ends the process and starts it again. */
  async again(run) {
    this.phone.kill('user')
    return this.start(run)
  }

  /** A call of the updater. */
  call(code, within) {
    return this.phone.boot.resolve(`updater.${code}`, within)
  }

  state() {
    return this.phone.boot.evaluate('updater.state()')
  }

  /** What the client said, in all processes: [name, payload]. */
  get events() {
    return this.phone.boots.flatMap((boot) => boot.console.map(({ text }) => text.match(/^wgtup (\w+) (.*)$/)).filter(Boolean).map(([, name, json]) => [name, JSON.parse(json)]))
  }

  said(name) {
    return this.events.filter(([n]) => n === name).map(([, payload]) => payload)
  }

  /** The next check offers a release and the phone takes it: the version that runs then. */
  async update() {
    await this.call('sync()')
    await this.phone.run(1000)
    const boot = await this.again()
    return boot.version
  }

  /** What the phone asked the bucket for since the last call. */
  asked() {
    const lines = this.bucket.requests.splice(0)
    return lines.map(({ method, key }) => `${method} ${key.replace(/[0-9a-f]{64}/, '*')}`)
  }

  get kept() {
    const dir = this.phone.resolve('_doc/wgtup')
    return fs.existsSync(dir) ? fs.readdirSync(dir) : []
  }

  get position() {
    const keys = this.phone.storage.keys().filter((key) => key.startsWith('wgtup.document.'))
    return Object.fromEntries(keys.map((key) => {
      try {
        const { epoch, sequence } = JSON.parse(JSON.parse(this.phone.storage.get(key)).payload)
        return [key, [epoch, sequence]]
      } catch {
        return [key, undefined]
      }
    }))
  }

  // J2, J3, J4, J6: as they happen.
  #watch() {
    const { phone } = this
    let installing = 0
    this.installs = []
    this.violations = []
    const violated = (text) => this.violations.push(text)
    phone.on('install', ({ file, force, url }) => {
      if (++installing > 1) violated('J4: two installs at once')
      const digest = fs.existsSync(file) ? crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex') : 'no file'
      if (!this.publisher.signed.has(digest)) violated(`J2: installs ${digest}, which nobody signed`)
      this.installs.push({ digest, force, url })
    })
    phone.on('installed', ({ version, code }) => {
      installing--
      Object.assign(this.installs.at(-1), { version, code })
    })
    let last = {}
    const positions = () => {
      const now = this.position
      for (const [key, value] of Object.entries(last)) {
        const next = now[key]
        if (value && next && (next[0] < value[0] || (next[0] === value[0] && next[1] < value[1]))) violated(`J3: ${key} went from ${value} to ${next}`)
      }
      last = { ...last, ...Object.fromEntries(Object.entries(now).filter(([, v]) => v)) }
    }
    phone.on('boot', () => {
      installing = 0
      positions()
    })
    phone.on('end', positions)
    phone.on('fail', ({ boot, where, message, stack }) => {
      const stopped = message.startsWith('wgtup: ') // by the guard, before code that did not start twice
      if (!stopped && !this.faulty.has(boot.version)) violated(`J6: ${where}: ${stack}`)
    })
    phone.on('console', ({ boot, text }) => {
      if (/Unhandled promise rejection|TypeError|ReferenceError/.test(text) && !this.faulty.has(boot.version)) violated(`J6: ${text}`)
      const [, name, json] = text.match(/^wgtup (problem) (.*)$/) ?? []
      if (name && !problems.includes(JSON.parse(json).problem)) violated(`J6: unknown problem ${json}`)
    })
  }

  /**
   * What must hold in the end (J1 to J6): the app starts, whole, with a version that there is, and
   * nothing was violated on the way.
   */
  async whole(version) {
    const { phone } = this
    phone.power.reset()
    phone.kill('user')
    const boot = await this.start()
    assert.ok(phone.running, `J1: it does not run: ${boot.reason}`)
    assert.ok(this.shows(boot), `J1: ${boot.version} shows ${boot.page?.text}`)
    assert.ok(this.isWhole(), `J1: ${boot.version} on disk is no whole version`)
    if (version) assert.equal(boot.version, version)
    const { kept } = this
    const bytes = kept.reduce((sum, name) => sum + fs.statSync(phone.resolve('_doc/wgtup/' + name)).size, 0)
    const largest = Math.max(0, ...[...this.publisher.signed].map((digest) => this.bucket.get(`packages/${digest}.wgt`)?.length ?? 0))
    if (kept.length > 2 || bytes > 2 * largest + 2 ** 20) this.violations.push(`J5: ${kept.join(' ')}, ${bytes} bytes`)
    assert.deepEqual(this.violations, [])
    return boot
  }

  /** Whether the resources on disk are a version, file by file. */
  isWhole() {
    return this.trees.some((files) => sameTree(this.phone.resolve('_www'), files))
  }

  async close() {
    if (this.closed) return
    this.closed = true
    await this.phone?.close()
    this.bucket.close()
    if (this.builtIn) fs.rmSync(this.builtIn, { recursive: true, force: true })
  }
}

/** The same with the shop: versions are its real builds, 'broken/load' and the like among them. */
export class ShopWorld extends World {
  address = shopAddress
  appid = shopId

  build(version) {
    return shopFiles(version, this.publisher.pins)
  }

  shows(boot) {
    return /明前龙井/.test(boot.page?.text)
  }
}

/** Files as a directory. */
export function directory(files) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'wgtup-e2e-app-'))
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
    fs.writeFileSync(path.join(dir, name), text)
  }
  return dir
}

/** Whether a directory has these files, and no others. */
export function sameTree(dir, files) {
  const names = fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((it) => it.isFile())
  return names.length === Object.keys(files).length && Object.entries(files).every(([name, text]) => {
    const file = path.join(dir, name)
    return fs.existsSync(file) && fs.readFileSync(file).equals(Buffer.from(text))
  })
}
