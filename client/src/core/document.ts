// The channel document: what the payload of one signed entry says, read as a device reads it. The
// verdicts are those of release.Parse in Go; members that are not known are ignored.

import { parsePayload, recode } from './envelope.js'
import { Refused } from './refused.js'
import { flag, integer, list, map, members, object, text, time } from './shape.js'
import { whole } from './rollout.js'
import { parseTime } from './time.js'
import type { CodeRange, Native, Natives } from './natives.js'
import type { Rollout } from './rollout.js'
import type { Reader } from './shape.js'
import type { Version } from './version.js'

/** The payload type of a channel document. */
export const documentType = 'application/vnd.wgtup.release+json'

/** The largest number with a journal key of ten digits. */
export const maxSequence = 9999999999

export interface Document {
  format: number
  critical: string[]
  app: string
  channel: string
  epoch: number
  /** From 1 in each epoch. */
  sequence: number
  /** Hex SHA-256 of the payload it continues; "" for the first. */
  previous: string
  home: string
  issued: string
  expires: string
  bases: Base[]
  /** Oldest first. */
  releases: Release[]
  withdrawn: Withdrawn[]
  holds: Hold[]
  /** Nothing below is ever installed. */
  floor?: Threshold
  /** Below it every offer is forced. */
  minimum?: Threshold
  by?: string
  commit?: string
  tool?: string
  message?: string
}

/** A registered native version: for the publisher, not for devices. */
export interface Base extends Native {
  fingerprint: string
  content: string
  retired: boolean
}

/**
 * Something some device may be sent to. Of one with critical entries nothing but id, critical and
 * kind is read, whatever a newer writer made of the rest: it is skipped.
 */
export interface Release {
  id: string
  critical?: string[]
  /** wgt, native, or a kind that this version skips. */
  kind: string
  version: Version
  platforms: string[]
  fingerprint?: string
  syntax?: string
  natives?: Natives
  rollout: Rollout
  mode: Mode
  /** Language tag to text. */
  notes?: { [language: string]: string }
  landing?: boolean
  package?: Package
  patches?: Patch[]
  native?: Offer
}

/** How a client brings a release to its user. */
export type Mode = 'prompt' | 'silent' | 'force'

export interface Digests {
  size: number
  sha256: string
  sha1: string
}

/** The file to install; stored is the same content with every entry uncompressed. */
export interface Package extends Digests {
  content?: string
  stored?: Digests
}

/** Makes the stored form of a release from another content; from "" needs none. */
export interface Patch {
  from: string
  size: number
  sha256: string
}

/** Where a full package comes from. */
export interface Offer {
  store?: string[]
  url?: string
  plist?: string
  certificate?: string
}

export interface Withdrawn {
  id: string
  version: Version
  platforms: string[]
  natives?: Natives
  /** Every version above this one, up to version, was taken back with it. */
  above?: string
  /** Names of versions that were taken back earlier. */
  also?: string[]
}

/** Stops offers to installed apps; without native, to the whole platform. */
export interface Hold {
  platform: string
  native?: Version
  reason?: string
}

export interface Threshold {
  code: number
}

const version: Reader<Version> = object({ name: text, code: integer })
const threshold: Reader<Threshold> = object({ code: integer })
const native: Reader<Native> = object({ platform: text, name: text, code: integer })
const range: Reader<CodeRange> = object({ min: integer }, { max: integer })
const nativeList = list(native)
const natives: Reader<Natives> = (value, path) => (Array.isArray(value) ? nativeList(value, path) : range(value, path))
const digests: Reader<Digests> = object({ size: integer, sha256: text, sha1: text })

const since: Reader<string> = (value, path) => {
  if (value === '') return ''
  const at = time(value, path)
  if (at === '0001-01-01T00:00:00Z') throw bad(path + ' means never')
  return at
}

const rollout: Reader<Rollout> = object(
  { permyriad: integer, paused: since },
  { ramp: list(object({ at: time, permyriad: integer })), testers: list(text) },
)

const plainRelease: Reader<Release> = object(
  { id: text, kind: text, version, platforms: list(text), rollout, mode: text as Reader<Mode> },
  {
    critical: list(text),
    fingerprint: text,
    syntax: text,
    natives,
    notes: map(text),
    landing: flag,
    package: object({ size: integer, sha256: text, sha1: text }, { content: text, stored: digests }),
    patches: list(object({ from: text, size: integer, sha256: text })),
    native: object({}, { store: list(text), url: text, plist: text, certificate: text }),
  },
)

const release: Reader<Release> = (value, path) => {
  const { id, critical, kind } = members(value, path)
  const known = typeof kind !== 'string' || kind === 'wgt' || kind === 'native'
  if (known && (!Array.isArray(critical) || critical.length === 0)) return plainRelease(value, path)
  return {
    id: text(id, path + '.id'),
    ...(critical === undefined ? {} : { critical: list(text)(critical, path + '.critical') }),
    kind: typeof kind === 'string' ? kind : '',
    version: { name: '', code: 0 },
    platforms: [],
    rollout: { permyriad: 0, paused: '' },
    mode: 'prompt',
  }
}

const document: Reader<Document> = object(
  {
    format: integer,
    critical: list(text),
    app: text,
    channel: text,
    epoch: integer,
    sequence: integer,
    previous: text,
    home: text,
    issued: time,
    expires: time,
    bases: list(object({ platform: text, name: text, code: integer, fingerprint: text, content: text, retired: flag })),
    releases: list(release),
    withdrawn: list(object({ id: text, version, platforms: list(text) }, { natives, above: text, also: list(text) })),
    holds: list(object({ platform: text }, { native: version, reason: text })),
  },
  { floor: threshold, minimum: threshold, by: text, commit: text, job: text, tool: text, message: text },
)

/** Reads a payload. Throws Refused (document, or newer). */
export function parseDocument(payload: Uint8Array): Document {
  const read = recode('document', () => document(parsePayload(payload), ''))
  checkDocument(read)
  return read
}

const appName = /^[A-Za-z0-9_.-]{1,64}$/
const channelName = /^[a-z0-9-]{1,64}$/
const releaseId = /^[a-z0-9-]{1,32}$/
const hex64 = /^[0-9a-f]{64}$/
const hex40 = /^[0-9a-f]{40}$/

/** Refuses a document that says something impossible. */
function checkDocument(d: Document): void {
  if (d.format !== 1) throw new Refused('newer', 'format ' + d.format)
  if (d.critical.length > 0) throw new Refused('newer', 'critical ' + d.critical.join(' '))
  if (!appName.test(d.app)) throw bad('app id')
  if (!channelName.test(d.channel)) throw bad('channel name')
  if (d.sequence < 1 || d.sequence > maxSequence) throw bad('sequence ' + d.sequence)
  if (d.previous !== '' && !hex64.test(d.previous)) throw bad('previous digest')
  if (parseTime(d.expires) <= parseTime(d.issued)) throw bad('expires before it is issued')
  const ids: { [id: string]: true } = Object.create(null)
  for (const r of d.releases) {
    if (ids[r.id]) throw bad('release ' + r.id + ' is listed twice')
    ids[r.id] = true
    const problem = releaseId.test(r.id) ? releaseProblem(r) : 'bad id'
    if (problem !== '') throw bad('release ' + r.id + ': ' + problem)
  }
}

/** Whether this version can offer a release at all; one that it cannot is not checked either. */
export function isKnown(r: Release): boolean {
  return (r.critical === undefined || r.critical.length === 0) && (r.kind === 'wgt' || r.kind === 'native')
}

function releaseProblem(r: Release): string {
  if (!isKnown(r)) return ''
  if (r.platforms.length === 0) return 'no platform'
  if (r.mode !== 'prompt' && r.mode !== 'silent' && r.mode !== 'force') return 'unknown mode'
  if (r.kind === 'wgt' && !(r.package && hex64.test(r.package.content || ''))) return 'no package'
  if (r.kind === 'wgt' && r.natives === undefined) return 'no natives'
  if (r.package && !areDigests(r.package)) return 'bad package digests'
  if (r.package && r.package.stored && !areDigests(r.package.stored)) return 'bad digests of the stored form'
  for (const p of r.patches || []) {
    if (p.size < 1 || !hex64.test(p.sha256) || (p.from !== '' && !hex64.test(p.from))) return 'bad patch'
  }
  if (r.rollout.permyriad > whole) return 'rollout above 100%'
  const ramp = r.rollout.ramp || []
  if (ramp.some((step) => step.permyriad > whole)) return 'ramp above 100%'
  if (ramp.some((step, i) => i > 0 && parseTime(ramp[i - 1]!.at) > parseTime(step.at))) return 'ramp out of order'
  return ''
}

function areDigests(d: Digests): boolean {
  return d.size >= 1 && hex64.test(d.sha256) && hex40.test(d.sha1)
}

/** Whether a release was taken back. */
export function isWithdrawn(d: Document, id: string): boolean {
  return d.withdrawn.some((w) => w.id === id)
}

/** The release with an id. */
export function findRelease(d: Document, id: string): Release | undefined {
  return d.releases.filter((r) => r.id === id)[0]
}

function bad(detail: string): Refused {
  return new Refused('document', detail)
}
