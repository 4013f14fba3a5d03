// What the client tells the app: closed lists of stable names.

import type { Mode, Offer } from './core/document.js'
import type { Reason } from './core/reasons.js'
import type { Version } from './core/version.js'

/** Why something was not done. The list is closed and the codes are stable. */
export const problems = [
  'config', // the options of createUpdater are wrong
  'unsupported', // not an app with updates: H5, a mini-program, the HBuilder base
  'busy', // another call is at work
  'cancelled',
  'offline', // nobody answered
  'no-information', // answers, but no document: 403, 404, 5xx, a captive portal
  'refused', // a document that does not verify
  'no-offer', // nothing to download
  'nothing-pending', // nothing to install
  'wifi', // waits for Wi-Fi
  'download', // broke off, after all retries
  'size', // more or fewer bytes than signed
  'digest', // other bytes than signed
  'patch', // a patch did not make the package: the whole one is downloaded instead
  'storage', // the phone could not keep what has to be kept before going on
  'install', // the runtime refused the package
  'native', // the runtime lacks what the package needs: a full package is needed
  'superseded', // the newest document wants something else
  'channel', // not in the list of channels
  'no-way-back',
] as const

export type Problem = (typeof problems)[number]

/** The answer of a call: ok, or the reason why not. No call throws or rejects. */
export interface Result {
  ok: boolean
  problem?: Problem
  /** For people and logs. */
  detail?: string
}

/** What a check found. */
export interface Check extends Result {
  action: 'none' | 'wgt' | 'native'
  reason: Reason | Problem
  offer?: UpdateOffer
}

export interface UpdateOffer {
  action: 'wgt' | 'native'
  release: string
  version: Version
  mode: Mode
  /** In the phone's language, else English, else any; "" without. */
  notes: string
  /** Bytes to download; 0 for a full package from a store. */
  size: number
  /** Already on the phone and verified. */
  downloaded: boolean
  /** Of a full package: where it comes from. */
  native?: Offer
}

/** What the updater is doing; the dialog shows it. */
export type Phase =
  | 'idle'
  | 'checking'
  | 'offered' // waits for the user
  | 'wifi' // waits for Wi-Fi
  | 'downloading'
  | 'downloaded' // is installed at the next start
  | 'installing'
  | 'restart' // installed, on a platform that cannot restart itself: the user has to
  | 'failed' // problem says why
  | 'reinstall' // the update cannot be installed: the user has to reinstall the app

/** A snapshot for pages and logs: plain data. */
export interface State {
  /** Name and version of this library. */
  client: string
  phase: Phase
  app: string
  channel: string
  platform: string
  native: Version
  /** What runs; release: its id, when it is known. */
  running: Version & { release?: string }
  /** Whether what runs counts as good. */
  confirmed: boolean
  offer?: UpdateOffer
  /** Bytes, while downloading. */
  received: number
  total: number
  problem?: Problem
  detail?: string
  /** What is installed at the next start. */
  pending?: Version & { release: string }
  /** The position of the newest document. */
  document?: { epoch: number; sequence: number; issued: string; expires: string }
  /** Contents that did not start here. */
  bad: { release: string; version: string; why: string }[]
  /** What `wgtup explain --device` reads. */
  device: object
}

export interface Events {
  /** The snapshot changed: phase, progress, offer. */
  change: State
  checked: Check
  /** A release may be shown to the user. */
  offered: UpdateOffer
  /** A package is on the phone and verified. */
  downloaded: UpdateOffer
  /** The app restarts now; write what has to be kept. */
  restarting: { release: string; version: Version }
  /** What runs was confirmed after its first start. */
  confirmed: { release: string; version: Version }
  /** A release did not start and was left. */
  recovered: { release: string; version: Version; why: string }
  problem: { problem: Problem; detail: string }
}
