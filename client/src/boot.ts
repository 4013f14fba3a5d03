// The record that the boot guard reads before anything else of a new release. Its members are for
// ever: guards of old packages read what newer clients write, and the other way round.

import type { Host } from './runtime/host.js'

const key = 'wgtup.boot'

export interface Boot {
  v: 1
  /** Name and code of the installed app, "2.0.0/200": a cover install ends the record. */
  native: string
  to: { name: string; code: string }
  /**
   * trial: to was installed, or was about to be, and is not confirmed.
   * leaving: it did not start; the guard brings back what was there before.
   * confirmed: it was. Kept for a release that cannot even be loaded any more.
   */
  phase: 'trial' | 'leaving' | 'confirmed'
  /** Of a trial: those not confirmed. Of a confirmed release: failed ones in a row. */
  starts: number
  /** Starts that were not counted, because they were left at once. */
  short: number
  /** Milliseconds in the foreground until it has to be ready. */
  wait: number
  back?: Back
  /** What the guard tells people when there is no way back. */
  say: string
  why?: string
  detail?: string
  tries?: number
}

/** The package that brings back what ran before. */
export interface Back {
  /** "" when it is not on the phone. */
  file: string
  urls: string[]
  size: number
  sha1: string
  /** What the file is, where that is another form of the package than the one at the addresses. */
  kept?: { size: number; sha1: string }
}

export function readBoot(host: Host): Boot | undefined {
  try {
    const boot = JSON.parse(host.read(key) || '') as Boot
    const known = boot.v === 1 && ['trial', 'leaving', 'confirmed'].indexOf(boot.phase) >= 0
    return known && typeof boot.to.name === 'string' ? boot : undefined
  } catch (error) {
    return undefined
  }
}

export function writeBoot(host: Host, boot: Boot | undefined): boolean {
  return host.write(key, boot === undefined ? undefined : JSON.stringify(boot))
}
