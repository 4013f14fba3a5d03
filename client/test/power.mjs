// Phones that die at random moments of whole updates: downloads, installs, first starts, ways back.
// After every start the invariants J1 to J6 of docs/spec/client.md hold, and in the end the newest good release runs.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Phone } from '../../simulator/src/index.js'
import { random } from '../../simulator/src/random.js'
import { modules } from '../../simulator/test/shop.js'
import { Bucket } from './bucket.mjs'

/** What may be wrong with a release. */
const faults = {
  throws: { load: 'throw new Error("at load")' },
  launch: { onLaunch: 'throw new Error("in onLaunch")' },
  draws: { render: 'throw new Error("while drawing")' },
  unready: { plugin: false },
}

/** Cuts the power so often, on as many phones as it takes. Answers where they died. */
export async function campaign(test, { platform, cuts, seed }) {
  const dice = random(seed)
  const places = {}
  let left = cuts
  while (left > 0) {
    const life = await Life.begin(test, { platform, seed: Math.floor(dice() * 2 ** 31), dice })
    left -= await life.live(Math.min(left, 25), places)
    await life.end()
  }
  return places
}

const pick = (dice, list) => list[Math.floor(dice() * list.length)]

class Life {
  static async begin(test, { platform, seed, dice }) {
    const life = new Life()
    const bucket = await Bucket.open(test)
    const mode = pick(dice, ['silent', 'silent', 'force'])
    const builtIn = fs.mkdtempSync(path.join(os.tmpdir(), 'wgtup-power-'))
    const apps = { '1.0.0': bucket.app('1.0.0') }
    for (const [name, text] of Object.entries(apps['1.0.0'])) {
      fs.mkdirSync(path.dirname(path.join(builtIn, name)), { recursive: true })
      fs.writeFileSync(path.join(builtIn, name), text)
    }
    const phone = new Phone({ builtIn, framework: modules('1.0.0'), platform, seed })
    Object.assign(life, { bucket, apps, faulty: {}, dice, builtIn, phone, platform, seed, mode, position: 0, installs: new Set(), known: new Set(), story: [] })
    phone.on('install', ({ boot, file }) => life.installs.add({ boot, file }) && life.checkInstall(boot, file))
    life.publish('1.0.0', { landing: true })
    life.release()
    return life
  }

  publish(version, more) {
    this.bucket.now = this.phone.clock.now()
    const { package: made } = this.bucket.publish(version, { files: this.apps[version], mode: this.mode, ...more })
    this.known.add(made.sha256)
    this.story.push(`published ${version} ${this.faulty[version] ?? ''}`)
  }

  /** The next release, good or not. */
  release(fault = pick(this.dice, ['', '', ...Object.keys(faults)])) {
    const version = `1.${Object.keys(this.apps).length}.0`
    this.apps[version] = this.bucket.app(version, faults[fault])
    this.faulty[version] = fault
    this.publish(version)
    return version
  }

  /** Answers how often the phone died on the way. */
  async live(most, places) {
    let died = 0
    while (died < most) {
      const { phone } = this
      phone.power.cut('', 1 + Math.floor(this.dice() ** 2 * 60))
      await phone.start({ run: 500 })
      await phone.run(Math.floor(this.dice() * 40000), () => !phone.running && !phone.launching)
      const quiet = phone.running || phone.launching
      const place = quiet ? 'between steps' : phone.boot.reason
      phone.kill('between steps')
      phone.power.reset()
      this.story.push(`${phone.boot.version} ${place}`)
      this.check()
      if (!quiet) {
        places[place] = (places[place] ?? 0) + 1
        died++
      }
      if (quiet || this.dice() < 0.1) this.release()
    }
    return died
  }

  /** No more cuts: a good release comes, whatever happened. (One that died at two first starts is left alone, good or not.) */
  async end() {
    const { phone } = this
    const version = this.release('')
    for (let starts = 0; starts < 5; starts++) {
      await phone.start()
      await phone.run(60_000)
      phone.kill('in the end')
      this.check()
    }
    assert.equal(phone.boot.version, version, this.told('the newest release runs in the end'))
    assert.equal(phone.boot.diedWhite, false, this.told('and shows something'))
    assert.ok(this.packages().length <= 2, this.told('J5'))
    await phone.close()
    fs.rmSync(this.builtIn, { recursive: true, force: true })
  }

  packages() {
    const folder = this.phone.resolve('_doc/wgtup')
    return fs.existsSync(folder) ? fs.readdirSync(folder) : []
  }

  check() {
    const { phone } = this
    // J1: the version that runs is complete. What is on disk after a cut need not be, but then no start uses it.
    const boots = phone.boots.slice(this.seen ?? 0)
    this.seen = phone.boots.length
    for (const boot of boots) {
      if (!boot.manifest) continue // died before it chose
      assert.ok(this.apps[boot.version], this.told(`J1: runs ${boot.version}`))
      const bad = this.faulty[boot.version]
      // J6: nothing is thrown into the app, and nothing rejected.
      const errors = boot.errors.filter(({ message }) => !message.startsWith('wgtup: ')) // the guard stops what died twice
      if (!bad) assert.deepEqual([errors, boot.console.filter(({ level }) => level === 'error')], [[], []], this.told('J6'))
    }
    const manifest = phone.installed()
    if (manifest && !phone.disk.exists(phone.dirs.backup)) {
      for (const [name, text] of Object.entries(this.apps[manifest.version.name])) {
        assert.equal(phone.disk.read(phone.www(name)).toString(), text, this.told(`J1: ${name} of ${manifest.version.name}`))
      }
    }
    // J3: the document never gets older.
    const kept = phone.storage.get('wgtup.document.production')
    const sequence = kept ? JSON.parse(JSON.parse(kept).payload).sequence : 0
    assert.ok(sequence >= this.position, this.told(`J3: ${sequence} after ${this.position}`))
    this.position = sequence
    // J5: two packages, and one part of a third that the next start removes.
    assert.ok(this.packages().length <= 3, this.told('J5: ' + this.packages().join(' ')))
  }

  /** J2: the bytes are signed ones. J4: nothing else is being installed. */
  checkInstall(boot, file) {
    const sha256 = crypto.createHash('sha256').update(this.phone.disk.read(file)).digest('hex')
    assert.ok(this.known.has(sha256), this.told('J2: installs ' + file))
    for (const other of this.installs) if (other.boot !== boot) this.installs.delete(other)
    assert.equal(this.installs.size, 1, this.told('J4'))
    this.installs.clear()
  }

  told(what) {
    return `${what} (${this.platform}, seed ${this.seed}, ${this.mode})\n  ${this.story.join('\n  ')}`
  }
}
