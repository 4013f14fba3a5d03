// Which share of the devices a release is offered to.

import { encodeHex } from './hex.js'
import { sha256 } from './sha256.js'
import { parseTime } from './time.js'
import { encodeUtf8 } from './utf8.js'

/** 100% in permyriad, the unit of every rollout. */
export const whole = 10000

export interface Step {
  at: string
  permyriad: number
}

export interface Rollout {
  permyriad: number
  /** Ascending times; the last one reached counts. */
  ramp?: Step[]
  /** "" or since when. */
  paused: string
  /** testerHash of named devices, always in. */
  testers?: string[]
}

/** The permyriad of devices that are in at a time; none while paused. */
export function share(rollout: Rollout, now: number): number {
  if (rollout.paused !== '') return 0
  let reached = rollout.permyriad
  for (const step of rollout.ramp || []) {
    if (parseTime(step.at) > now) break
    reached = step.permyriad
  }
  return reached
}

/** The place of a device in the rollout of one release, 0 to 9999. */
export function cohort(install: string, salt: string): number {
  const [a, b, c, d] = sha256(encodeUtf8(install + ':' + salt)) as unknown as [number, number, number, number]
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % whole
}

/** How a named device stands in a public document. */
export function testerHash(app: string, install: string): string {
  return encodeHex(sha256(encodeUtf8(app + ':' + install)))
}

/** Whether a device is in. Without an install id it is in only at 100%. */
export function offeredTo(rollout: Rollout, salt: string, app: string, install: string, now: number): boolean {
  const reached = share(rollout, now)
  if (reached >= whole) return true
  if (install === '') return false
  const testers = rollout.testers || []
  return (testers.length > 0 && testers.indexOf(testerHash(app, install)) >= 0) || cohort(install, salt) < reached
}
