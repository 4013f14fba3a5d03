import type { Release } from './document.js'
import type { Version } from './version.js'

/** What decide needs to know of one installed app. Its JSON is what `wgtup explain` reads. */
export interface Device {
  app: string
  /** The channel it asks now. */
  channel: string
  platform: string
  /** plus.runtime.version and versionCode. */
  native: Version
  running: Running
  /** Content ids of packages it keeps, what runs included. */
  held?: string[]
  /** The install id; left out or "" when it has none. */
  install?: string
  bad?: Bad[]
}

/**
 * The active resources. Release and channel are what was confirmed; the caller leaves them out
 * when name or code no longer match what runs (a cover install), or when the state was lost.
 */
export interface Running extends Version {
  channel?: string
  release?: Release
}

/** A content (or a release without content) that did not start on a native build. */
export interface Bad {
  content?: string
  release?: string
  native: Version
}

/**
 * The time of a decision, in milliseconds since 1970. Network says that it comes from the Date and
 * Age of an answer of this check; else it is the phone's clock, not below the highest issue time
 * seen.
 */
export interface Clock {
  now: number
  network: boolean
}
