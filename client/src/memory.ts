// What the client keeps over restarts, in one text, so that it is old or new and never a mix.

import type { Release } from './core/document.js'
import type { Version } from './core/version.js'
import type { Host } from './runtime/host.js'

const key = 'wgtup.state'

/** How many marks, events and counters are kept. */
const most = 20

/** A release as it runs or will run: what stays known when it has left the document. */
export interface Run extends Version {
  channel: string
  /** Without notes, patches and rollout. */
  release: Release
}

/** A verified package in the client's folder: as it was downloaded, or in its stored form, which patches make. */
export interface Kept {
  file: string
  sha256: string
  sha1: string
  size: number
  content: string
}

/** A content that did not start, or could not be installed, on a native build. */
export interface Mark {
  release: string
  version: string
  content: string
  native: Version
  why: string
}

export interface Saved {
  v: 1
  /** 16 random bytes, hex: puts this phone into cohorts. Never leaves it. */
  install: string
  /** Chosen by setChannel; else the app's own. */
  channel?: string
  /** Pins of the newest key set that was ever in force, when it is newer than the app's. */
  keys?: string[]
  /** Digests of the app's pins and the sets that led from them to keys: an app with other pins starts anew. */
  roots?: string[]
  confirmed?: Run
  /** Confirmed before that. */
  previous?: Run
  /** Installed, and not confirmed yet. */
  trial?: Run
  /** Verified, and installed at the next start. */
  pending?: Run
  files: Kept[]
  bad: Mark[]
  /** Installs of a content that were begun and not confirmed. */
  tries: { [content: string]: number }
  /** How long patches take here, over what is expected. */
  pace?: number
  /** Packages whose bytes were wrong, and patches that were begun and did not end well: how often, and when last. */
  wrong: { [sha256: string]: { times: number; at: number } }
  /** What the access log has not been told yet. */
  events: string[]
  /** The day of the last counted check, and the time of the last one that did not rely on HEAD. */
  day?: string
  full?: number
  dismissed?: { release: string; at: number }
}

export class Memory {
  saved: Saved
  private text: string | undefined

  constructor(private readonly host: Host) {
    this.text = host.read(key)
    this.saved = parse(this.text) || { v: 1, install: host.random(16), files: [], bad: [], tries: {}, wrong: {}, events: [] }
  }

  /** False when the phone could not keep it. */
  save(): boolean {
    const saved = this.saved
    saved.bad = saved.bad.slice(-most)
    saved.events = saved.events.slice(-most)
    for (const counts of [saved.tries, saved.wrong]) for (const old of Object.keys(counts).slice(0, -most)) delete counts[old]
    this.text = JSON.stringify(saved)
    return this.host.write(key, this.text)
  }

  /** Writes it again if the app has cleared its storage meanwhile, as apps do at a logout. */
  refresh(): void {
    if (this.text !== undefined && this.host.read(key) !== this.text) this.host.write(key, this.text)
  }

  /** What was confirmed does not run any more; what was confirmed before it does. */
  forgetConfirmed(): void {
    const { saved } = this
    if (saved.previous === undefined) delete saved.confirmed
    else saved.confirmed = saved.previous
    delete saved.previous
  }

  event(name: string, release: string): void {
    const event = name + '.' + release
    if (this.saved.events.indexOf(event) < 0) this.saved.events.push(event)
  }

  isMarked(run: Run, native: Version): boolean {
    const content = contentOf(run.release)
    return this.saved.bad.some((m) => m.content === content && m.native.name === native.name && m.native.code === native.code)
  }

  /** Answers whether it is a new one. */
  mark(run: Run, native: Version, why: string): boolean {
    const content = contentOf(run.release)
    const { bad, tries } = this.saved
    delete tries[content]
    if (this.isMarked(run, native)) return false
    bad.push({ release: run.release.id, version: run.name, content, native, why })
    return true
  }
}

export function contentOf(release: Release): string {
  return (release.package && release.package.content) || ''
}

/** A release for the state: what decide needs of one that runs. */
export function slim(release: Release): Release {
  const { id, kind, version, platforms, natives, mode } = release
  const kept: Release = { id, kind, version, platforms, rollout: { permyriad: 0, paused: '' }, mode }
  if (natives !== undefined) kept.natives = natives
  if (release.package !== undefined) kept.package = release.package
  return kept
}

/** Undefined for a text that is damaged, or of another version: everything is learnt anew then. */
function parse(text: string | undefined): Saved | undefined {
  try {
    const saved = JSON.parse(text || '') as Saved
    const whole =
      saved.v === 1 &&
      /^[0-9a-f]{32}$/.test(saved.install) &&
      [saved.files, saved.bad, saved.events].every(Array.isArray) &&
      [saved.tries, saved.wrong].every((counts) => typeof counts === 'object' && counts !== null) &&
      [saved.confirmed, saved.previous, saved.trial, saved.pending].every((run) => run === undefined || typeof run.release.id === 'string')
    return whole ? saved : undefined
  } catch (error) {
    return undefined
  }
}
