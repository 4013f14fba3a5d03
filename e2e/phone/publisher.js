// A publisher by hand: signs any document, also those that the command never would. What the
// command itself makes is tested with the command (project.js).
import { execFileSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { keyFromSeed, pinOf, seal, statement } from '../../client/test/keys.mjs'
import { canonical } from '../../client/test/vectors.mjs'
import { wgt } from '../../simulator/test/mini.js'
import { binary } from './project.js'

export const documentType = 'application/vnd.wgtup.release+json'

const hash = (algorithm, data) => crypto.createHash(algorithm).update(data).digest('hex')

function contentOf(files) {
  return hash('sha256', Object.keys(files).sort().map((name) => `${hash('sha256', files[name])}  ${name}\n`).join(''))
}

/** A key that is the same in every run. */
export function key(name) {
  return keyFromSeed(crypto.createHash('sha256').update(name).digest())
}

const day = 24 * 3600_000

export class Publisher {
  /** @param {import('./bucket.js').Bucket} bucket @param {{ app: string, now: () => number }} options */
  constructor(bucket, { app, now, channel = 'production', epoch = 0, signing = key('signing'), recovery = key('recovery') }) {
    Object.assign(this, { bucket, now, channel, epoch, signing, recovery, statements: [] })
    this.signed = new Set() // SHA-256 of every package that a document names
    this.newest = {
      format: 1, critical: [], app, channel, epoch, sequence: 0, previous: '', home: '0123456789abcdef',
      bases: [], releases: [], withdrawn: [], holds: [],
    }
  }

  get pins() {
    return [pinOf('signing', 0, this.signing), pinOf('recovery', 0, this.recovery)]
  }

  time(ms) {
    return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
  }

  /** The document that would come next, with a change. */
  next(change = () => {}) {
    const made = structuredClone(this.newest)
    made.sequence++
    made.previous = this.payload ? hash('sha256', this.payload) : ''
    made.issued = this.time(this.now())
    made.expires = this.time(this.now() + 400 * day)
    change(made)
    return made
  }

  /** The signed text of a document. */
  seal(document, signers = [this.signing]) {
    return this.sealText(canonical(document), signers)
  }

  sealText(payload, signers = [this.signing]) {
    return canonical(seal(documentType, Buffer.from(payload), this.statements, signers))
  }

  journalKey({ epoch, sequence }) {
    return `channels/${this.channel}/journal/${epoch}/${String(sequence).padStart(10, '0')}.json`
  }

  get copyKey() {
    return `channels/${this.channel}/release.json`
  }

  /** Puts a text where an entry and its copy lie. */
  place(text, position, meta = { release: String(position.sequence), epoch: String(position.epoch) }) {
    this.bucket.put(this.journalKey(position), text)
    this.bucket.put(this.copyKey, text, meta)
  }

  /** The next entry. */
  entry(change) {
    const document = this.next(change)
    this.newest = document
    this.payload = canonical(document)
    this.place(this.seal(document), document)
    return document
  }

  /** Uploads a package; answers what a document says about it. */
  upload(files, body = wgt(files)) {
    const sha256 = hash('sha256', body)
    this.bucket.put(`packages/${sha256}.wgt`, body)
    this.signed.add(sha256)
    return { content: contentOf(files), size: body.length, sha256, sha1: hash('sha1', body) }
  }

  /**
   * What a document says of a patch from some files (undefined: from nothing) to others, and of the form that it
   * makes. spoil may change the patch, or what is said of it, beforehand.
   */
  patch(base, next, spoil = (it) => it) {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'wgtup-e2e-patch-'))
    try {
      const [from, to, out] = ['base.wgt', 'next.wgt', 'out'].map((name) => path.join(dir, name))
      if (base) fs.writeFileSync(from, wgt(base))
      fs.writeFileSync(to, wgt(next))
      const { stored } = JSON.parse(execFileSync(binary('e2e/patcher'), [base ? from : '', to, out], { encoding: 'utf8' }))
      const body = spoil(fs.readFileSync(out))
      const sha256 = hash('sha256', body)
      this.bucket.put(`patches/${sha256}.patch`, body)
      this.signed.add(stored.sha256)
      return { stored, patch: { from: base ? contentOf(base) : '', size: body.length, sha256 } }
    } finally {
      fs.rmSync(dir, { recursive: true, force: true })
    }
  }

  /** Publishes a release with patches from some earlier ones; answers its id. */
  publishPatched(files, bases, { spoil, ...more } = {}) {
    const made = bases.map((base) => this.patch(base, files, spoil))
    const whole = this.upload(files)
    return this.publish(files, { package: { ...whole, stored: made[0].stored }, patches: made.map((it) => it.patch), ...more })
  }

  /** A release of these files, as a document lists it. */
  release(files, id, more = {}) {
    const { version } = JSON.parse(files['manifest.json'])
    return {
      id, kind: 'wgt', version: { name: version.name, code: Number(version.code) }, platforms: ['android', 'ios'],
      natives: this.natives(), rollout: { permyriad: 10000, paused: '' }, mode: 'silent', package: this.upload(files), ...more,
    }
  }

  natives(name = '1.0.0', code = 100) {
    return ['android', 'ios'].map((platform) => ({ platform, name, code }))
  }

  /** Registers what the installed app ships. */
  base(files, natives = this.natives()) {
    return this.entry((d) => {
      const id = 'r' + d.sequence
      const release = this.release(files, id, { landing: true, natives })
      for (const native of natives) d.bases.push({ ...native, fingerprint: '0'.repeat(64), content: release.package.content, retired: false })
      d.releases.push(release)
    })
  }

  /** Publishes a release; answers its id. */
  publish(files, more) {
    let id
    this.entry((d) => {
      id = 'r' + (d.epoch ? `${d.epoch}-` : '') + d.sequence
      d.releases.push(this.release(files, id, more))
    })
    return id
  }

  withdraw(id) {
    this.entry((d) => {
      const { version, platforms, natives } = d.releases.find((r) => r.id === id)
      d.releases = d.releases.filter((r) => r.id !== id)
      d.withdrawn.push({ id, version, platforms, natives })
    })
  }

  /** The recovery key names a new signing key; the next entry is the first of a new epoch. */
  rotate(next = key('signing of epoch ' + (this.epoch + 1))) {
    this.epoch++
    const set = [{ role: 'signing', key: next }, { role: 'recovery', key: this.recovery }]
    this.statements.push(statement(this.newest.app, this.epoch, set, [this.recovery]))
    this.signing = next
    this.newest = { ...this.newest, epoch: this.epoch, sequence: 0 }
  }
}
