// The newest document of a channel: asks for it, verifies it, keeps it. docs/spec/protocol.md, 2.2.

import { parseDocument } from './core/document.js'
import { openEntry } from './core/entry.js'
import { makeSet, parsePin, pinText, setDigest } from './core/keys.js'
import { compare, documentKey, journalKey } from './core/position.js'
import { Refused } from './core/refused.js'
import { parseTime } from './core/time.js'
import { decodeUtf8, encodeUtf8 } from './core/utf8.js'
import type { Clock } from './core/device.js'
import type { Document } from './core/document.js'
import type { KeySet } from './core/keys.js'
import type { Position } from './core/position.js'
import type { Memory } from './memory.js'
import type { Answer, Host } from './runtime/host.js'
import type { Problem } from './events.js'

/** Milliseconds after which a check does not rely on HEAD. */
const daily = 24 * 3600 * 1000

export interface Asked {
  problem?: Problem
  detail?: string
  /** Of the last answer of this check; the phone's own without one. */
  clock: Clock
}

interface Stored {
  payload: string
  /** Of release.json while it held this document, and where. */
  etag?: string
  at?: string
}

export class Journal {
  private newest: Document | undefined
  private stored: Stored | undefined
  private loaded = false
  private unkept = false
  /** The address that answered last is asked first. */
  private first = 0

  constructor(
    private readonly host: Host,
    private readonly memory: Memory,
    private readonly bases: string[],
    /** The app's own keys. */
    private readonly pins: KeySet,
    readonly channel: string,
  ) {}

  /** The newest one that was verified; read when somebody needs it, since most starts do not. */
  get document(): Document | undefined {
    if (!this.loaded) this.load()
    return this.newest
  }

  private get key(): string {
    return 'wgtup.document.' + this.channel
  }

  /** A kept document that cannot be read is none: the journal is asked again. */
  private load(): void {
    this.loaded = true
    try {
      const stored = JSON.parse(this.host.read(this.key) || '') as Stored
      const document = parseDocument(encodeUtf8(stored.payload))
      if (document.app !== this.host.app || document.channel !== this.channel || !this.isOurs) return
      // An app with newer keys than the document's does not trust what an older set signed.
      if (document.epoch < this.pins.epoch) return
      this.newest = document
      this.stored = stored
    } catch (error) {
      // as above
    }
  }

  get position(): Position | undefined {
    const { document } = this
    return document && { epoch: document.epoch, sequence: document.sequence }
  }

  /** The phone's clock, not below what was seen. */
  get clock(): Clock {
    return { now: Math.max(this.host.now(), this.document ? parseTime(this.document.issued) : 0), network: false }
  }

  /** One HEAD when nothing is new. Asks the addresses in turn until one has an answer that counts. */
  async ask(query: string): Promise<Asked> {
    let worst: Asked = { problem: 'offline', clock: this.clock }
    for (let i = 0; i < this.bases.length; i++) {
      const at = (this.first + i) % this.bases.length
      const asked = await this.askOne(this.bases[at]!, query)
      if (asked.problem === undefined || asked.problem === 'storage') {
        this.first = at
        return asked
      }
      if (worst.problem === 'offline' || asked.problem === 'refused') worst = asked
    }
    return worst
  }

  private async askOne(base: string, query: string): Promise<Asked> {
    const url = base + '/' + documentKey(this.channel)
    const head = await this.host.ask({ method: 'HEAD', url: url + query, headers: { 'Cache-Control': 'no-cache' } })
    if (head.status === 0) return { problem: 'offline', clock: this.clock }
    const clock = this.time(head)
    const { position } = this
    const signal = head.status === 200 ? signalOf(head) : undefined
    const news = signal && (position === undefined ? 1 : compare(signal, position))
    const odd = signal === undefined && (head.status === 200 || [403, 404, 405].indexOf(head.status) >= 0)
    if (signal && news! > 0) {
      const entry = await this.host.ask({ method: 'GET', url: base + '/' + journalKey(this.channel, signal) })
      if (entry.status === 200 && this.take(entry.body, clock).problem === undefined) {
        this.noteTag(base, head, signal)
        return this.keep({ clock })
      }
      return this.askCopy(base, url, clock)
    }
    if (odd || this.isDue(clock)) return this.askCopy(base, url, clock)
    if (signal === undefined) return { problem: 'no-information', detail: 'HEAD ' + head.status, clock }
    return this.unkept ? this.keep({ clock }) : { clock } // the same, or a stale node
  }

  /** A conditional GET of the copy of the newest entry. */
  private async askCopy(base: string, url: string, clock: Clock): Promise<Asked> {
    const tag = this.stored && this.stored.at === base ? this.stored.etag : undefined
    const headers: { [name: string]: string } = { 'Cache-Control': 'no-cache' }
    if (tag) headers['If-None-Match'] = tag
    const copy = await this.host.ask({ method: 'GET', url, headers })
    if (copy.status !== 200 && copy.status !== 304) return { problem: copy.status === 0 ? 'offline' : 'no-information', detail: 'GET ' + copy.status, clock }
    const now = this.time(copy)
    if (copy.status === 304 && !tag) return { problem: 'no-information', detail: 'GET 304', clock: now }
    if (copy.status === 200) {
      const taken = this.take(copy.body, now)
      if (taken.problem !== undefined) return taken
      this.noteTag(base, copy, this.position!)
    }
    this.memory.saved.full = this.host.now()
    return this.keep({ clock: now })
  }

  /** Whether HEAD is not enough this time: once a day, and when the kept document has expired. */
  private isDue(clock: Clock): boolean {
    const age = this.host.now() - (this.memory.saved.full || 0)
    return !this.document || age < 0 || age >= daily || parseTime(this.document.expires) <= clock.now
  }

  /** Verifies a text, and takes it if it is newer than what is known. */
  private take(text: string, clock: Clock): Asked {
    const entry = openEntry(text, { app: this.host.app, channel: this.channel, trusted: this.trusted })
    if (entry instanceof Refused) {
      // A captive portal answers everything, with a page.
      return text.charAt(0) === '{' ? { problem: 'refused', detail: entry.message, clock } : { problem: 'no-information', detail: 'no document', clock }
    }
    const payload = decodeUtf8(entry.payload)! // parsed before
    const order = this.position === undefined ? 1 : compare(entry.document, this.position)
    if (order === 0 && this.stored!.payload !== payload) return { problem: 'refused', detail: 'another document of the same number', clock }
    if (order <= 0) return { clock }
    const { saved } = this.memory
    const roots = (this.isOurs && saved.roots) || []
    saved.roots = roots.concat([setDigest(this.pins)], entry.path).filter((root, i, all) => all.indexOf(root) === i)
    if (entry.set.epoch > this.pins.epoch) saved.keys = entry.set.pins.map(pinText)
    else delete saved.keys
    this.newest = entry.document
    this.stored = { payload }
    this.memory.saved.full = this.host.now()
    return { clock }
  }

  /** What was learnt is kept before anybody acts on it. */
  private keep(asked: Asked): Asked {
    this.unkept = !this.memory.save() || !this.host.write(this.key, JSON.stringify(this.stored))
    return this.unkept ? { problem: 'storage', clock: asked.clock } : asked
  }

  private noteTag(base: string, answer: Answer, position: Position): void {
    const etag = answer.headers['etag']
    if (!etag || !this.stored || compare(position, this.position!) !== 0) return
    this.stored.etag = etag
    this.stored.at = base
  }

  /**
   * Whether what is kept came about under this app's pins, or under sets that led on from them. A full
   * package with new keys starts anew: the old ones, and the newest that they led to, may be a thief's.
   */
  private get isOurs(): boolean {
    const { roots } = this.memory.saved
    return roots === undefined || roots.indexOf(setDigest(this.pins)) >= 0
  }

  /** The newest set that was in force; the app's own when it is newer. */
  private get trusted(): KeySet {
    const kept = this.isOurs ? this.memory.saved.keys : undefined
    try {
      const set = kept && makeSet(kept.map(parsePin))
      return set && set.epoch > this.pins.epoch ? set : this.pins
    } catch (error) {
      return this.pins
    }
  }

  /** Date and Age of an answer; without them the phone's clock, which refuses nothing. */
  private time(answer: Answer): Clock {
    const date = Date.parse(answer.headers['date'] || '')
    const age = Number(answer.headers['age'] || 0)
    return isFinite(date) && age >= 0 ? { now: date + age * 1000, network: true } : this.clock
  }
}

/** Epoch and sequence of the metadata; undefined when they are missing, odd, or there twice. */
function signalOf(head: Answer): Position | undefined {
  const epoch = metaOf(head, 'epoch')
  const sequence = metaOf(head, 'release')
  if (epoch === undefined || sequence === undefined || !/^\d{1,10}$/.test(epoch) || !/^[1-9]\d{0,9}$/.test(sequence)) return undefined
  return { epoch: Number(epoch), sequence: Number(sequence) }
}

/** Stores have prefixes of their own, and a CDN may have another. */
function metaOf(head: Answer, name: string): string | undefined {
  let found: string | undefined
  for (const header of Object.keys(head.headers)) {
    if (header.slice(-name.length - 6) !== '-meta-' + name) continue
    const value = head.headers[header]!
    if (found !== undefined && found !== value) return undefined
    found = value
  }
  return found
}
