// Draws documents, devices and clocks that have much to do with each other.
import crypto from 'node:crypto'
import { Random } from './random.mjs'

const app = '__UNI__A1B2C3D'
const noon = Date.parse('2026-11-22T12:00:00Z')
const hour = 3600 * 1000

const digest = (text) => crypto.createHash('sha256').update(text).digest('hex')
const at = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
const contents = [0, 1, 2, 3].map((n) => digest('content ' + n))
const oddNames = ['', '.', '1', '1.', '1..2', '1.1', '01.1.0', '+1.2.0', '-1.0', '1.2.0-beta', '2147483647.0', '2147483648.0', '1.2.x', '１.2.0', ' 1.2.0', 'v2 🚀']

export class World extends Random {
  version() {
    if (this.chance(12)) return { name: this.pick(...oddNames), code: this.pick(0, 100, 110, 200) }
    return this.pick(...[['1.0.0', 100], ['1.0.5', 105], ['1.1.0', 110], ['1.2.0', 120], ['1.10.0', 200], ['2.0.0', 200]].map(([name, code]) => ({ name, code })))
  }

  native() {
    const [name, code] = this.pick(['2.0.0', 200], ['2.0.0', 200], ['2.0.0', 200], ['2.0.0', 200], ['2.1.0', 210], ['2.0.0', 201])
    return { name, code }
  }

  platform() {
    return this.pick('android', 'android', 'android', 'android', 'ios', 'harmony')
  }

  content() {
    return this.pick(...contents)
  }

  install() {
    return this.chance(10) ? '' : this.pick('device-', 'device-', 'gerät-', '📱') + this.below(200)
  }

  time() {
    return at(noon + (this.below(9) - 4) * hour)
  }

  natives() {
    if (this.chance(50)) return { min: this.pick(0, 0, 200, 210), ...(this.chance(40) && { max: this.pick(200, 205, 300) }) }
    return this.some(3, () => ({ platform: this.platform(), ...this.native() }))
  }

  rollout() {
    const ramp = this.chance(20) && this.some(3, () => ({ at: this.time(), permyriad: this.pick(0, 2000, 10000) }))
    if (ramp) ramp.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    return {
      permyriad: this.pick(10000, 10000, 10000, 10000, 0, 1000, 5000, 9999),
      paused: this.chance(8) ? this.time() : '',
      ...(ramp && { ramp }),
      ...(this.chance(10) && { testers: this.some(2, () => digest(app + ':' + this.install())) }),
    }
  }

  release(id) {
    const kind = this.pick('wgt', 'wgt', 'wgt', 'wgt', 'wgt', 'native', 'native', this.pick('native', 'plugin'))
    const d = digest(id)
    const whole = () => ({ content: this.content(), size: this.pick(100, 300000), sha256: d, sha1: d.slice(0, 40) })
    const r = {
      id, kind, version: this.version(), platforms: [this.platform(), this.platform()], rollout: this.rollout(),
      mode: this.pick('prompt', 'prompt', 'silent', 'force'), natives: this.natives(), package: whole(),
      ...(this.chance(20) && { landing: true }), ...(this.chance(10) && { notes: { en: 'better', 'zh-Hans': '更快', __proto__x: '' } }),
    }
    if (kind === 'native') {
      r.version = this.pick({ name: '2.0.0', code: 200 }, { name: '2.1.0', code: 210 }, { name: '3.0.0', code: 300 }, { name: '2.0.0', code: 205 }, r.version)
      if (this.chance(70)) delete r.natives
      if (this.chance(70)) delete r.package
      else if (this.chance(30)) delete r.package.content
      else if (this.chance(10)) r.package.content = 'no digest'
    } else {
      r.patches = this.some(3, () => ({ from: this.pick('', this.content(), this.content()), size: this.pick(50, 99, 100, 150), sha256: d }))
      if (this.chance(30)) r.package.stored = { size: 1000, sha256: d, sha1: d.slice(0, 40) }
    }
    if (this.chance(4)) r.critical = this.pick([], ['unknown'])
    return r
  }

  document() {
    const ids = ['r1', 'r2', 'r3', 'r4', 'r5', 'r1-42b']
    const issued = noon + this.pick(0, 0, 0, 0, 0, 0, 0, 1, 47, 60) * hour
    return {
      format: 1, critical: [], app, channel: 'production', epoch: this.pick(0, 0, 0, 1), sequence: 1 + this.below(99), previous: this.pick('', digest('p')),
      home: 'oss-main', issued: at(issued), expires: at(issued + this.pick(24, 48, 9600, 9600) * hour),
      bases: this.some(2, () => ({ platform: this.platform(), ...this.native(), fingerprint: digest('f'), content: this.content(), retired: this.chance(30) })),
      releases: ids.slice(0, this.below(7)).map((id) => this.release(id)),
      withdrawn: this.chance(55)
        ? this.some(3, () => ({ id: this.pick(...ids), version: this.version(), platforms: [this.platform()], ...(this.chance(90) && { natives: this.natives() }),
            ...(this.chance(30) && { above: this.version().name }), ...(this.chance(30) && { also: [this.version().name, this.version().name] }) }))
        : [],
      holds: this.chance(35)
        ? this.some(2, () => ({ platform: this.platform(), ...(this.chance(50) && { native: this.native() }), ...(this.chance(50) && { reason: 'in review' }) }))
        : [],
      ...(this.chance(20) && { floor: { code: this.pick(100, 110) } }),
      ...(this.chance(20) && { minimum: { code: this.pick(100, 110, 120) } }),
      ...(this.chance(20) && { message: 'why "so" <&> \\ \u2028 更' }),
    }
  }

  device(document) {
    const device = { app, channel: 'production', platform: this.platform(), native: this.native(), running: this.version() }
    const install = this.install()
    if (install !== '' || this.chance(50)) device.install = install
    if (this.chance(2)) device.app = 'other'
    if (this.chance(2)) device.channel = 'beta'
    if (this.chance(55)) {
      const release = document.releases.length > 0 && this.chance(60) ? this.pick(...document.releases) : this.release(this.pick('r1', 'r2', 'r9'))
      device.running = { ...release.version, channel: this.pick('production', 'production', 'production', 'production', 'beta', ''), release }
    }
    if (this.chance(60)) device.held = this.some(3, () => this.content())
    if (this.chance(30)) {
      device.bad = this.some(3, () => ({ ...(this.chance(60) ? { content: this.content() } : { release: this.pick('r1', 'r2', 'r3') }), native: this.native() }))
    }
    return device
  }

  clock() {
    const now = this.chance(70) ? noon + (this.below(10) - 5) * hour : noon + (this.below(120) - 60) * hour
    return { now: now + this.pick(0, 0, 0, -1, 1, 999), network: this.chance(50) }
  }
}
