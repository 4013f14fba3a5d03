// The one function that says what a device does with the document it keeps: the rules of
// docs/spec/protocol.md, "Decide", in their order, and in Go's words.

import { isKnown, isWithdrawn } from './document.js'
import { include } from './natives.js'
import { cohort, offeredTo, share } from './rollout.js'
import { parseTime } from './time.js'
import { higher } from './version.js'
import type { Clock, Device } from './device.js'
import type { Document, Mode, Package, Patch, Release, Withdrawn } from './document.js'
import type { Native } from './natives.js'
import type { Reason } from './reasons.js'
import type { Version } from './version.js'

/** How far ahead of network time a document may be issued, in milliseconds. */
export const maxAhead = 48 * 3600 * 1000

export type Action = 'none' | 'wgt' | 'native'

export interface Decision {
  action: Action
  reason: Reason
  /** Id: the target, or what was adopted or is up to date. */
  release?: string
  version?: Version
  mode?: Mode
  /** The option of plus.runtime.install: the target is not higher by the runtime's order. */
  force?: true
  /** The smallest patch this device can apply, if it saves bytes. */
  patch?: Patch
  /** Bytes to download. */
  size?: number
  rules: Rule[]
}

/** One step of a decision: outcome is "yes", "no" or a reason of its own; detail is for people. */
export interface Rule {
  rule: string
  release?: string
  outcome: string
  detail?: string
}

/**
 * Runs on every check, whether the document is new or not: ramps, failed downloads, cover installs
 * and native updates need no new entry. Never throws: a device state that cannot be read is no
 * state for this app.
 */
export function decide(device: Device, document: Document, clock: Clock): Decision {
  try {
    return new Decider(device, document, clock.now).decide(clock.network)
  } catch (error) {
    return { action: 'none', reason: 'wrong-app', rules: [{ rule: 'document', outcome: 'wrong-app', detail: String(error) }] }
  }
}

class Decider {
  private readonly rules: Rule[] = []
  private readonly native: Native
  private readonly install: string

  constructor(
    private readonly device: Device,
    private readonly document: Document,
    private readonly now: number,
  ) {
    this.native = { platform: device.platform, name: device.native.name, code: device.native.code }
    this.install = device.install || ''
  }

  decide(network: boolean): Decision {
    const running = this.device.running
    const unusable = this.unusable(network)
    if (unusable !== undefined) return this.none(unusable)
    const leave = this.mustLeave()
    const [wgt, missed] = this.best('wgt')
    const [app] = this.best('native')
    const held = this.held()

    if (leave !== undefined && wgt !== undefined && contentOf(running.release) !== '' && contentOf(wgt) === contentOf(running.release)) {
      return this.none('adopted', wgt)
    }
    const newer = wgt !== undefined && higher(wgt.version.name, running.name)
    if (app !== undefined && app.mode === 'force' && !held) return this.offer('native', app, 'native-forced')
    if (wgt !== undefined && leave !== undefined) return this.offer('wgt', wgt, leave)
    if (wgt !== undefined && newer && !held) return this.offer('wgt', wgt, 'newer-release')
    if (app !== undefined && (!held || leave !== undefined)) return this.offer('native', app, 'native-update')
    if (leave !== undefined) return this.none('no-way-back')
    if (newer || app !== undefined) return this.none('held')
    if (missed !== undefined) return this.none(missed)
    if (wgt === undefined) return this.none('nothing-fits')
    if (higher(running.name, wgt.version.name)) return this.none('running-newer')
    return this.none('up-to-date', wgt)
  }

  private rule(rule: string, release: string, outcome: string, detail: string): void {
    const step: Rule = { rule, outcome }
    if (release !== '') step.release = release
    if (detail !== '') step.detail = detail
    this.rules.push(step)
  }

  /** Rule 0: the document is this device's and of this time; only network time may refuse. */
  private unusable(network: boolean): Reason | undefined {
    const d = this.document
    const refuse = (reason: Reason, detail: string): Reason => {
      this.rule('document', '', reason, detail)
      return reason
    }
    if (d.app !== this.device.app) return refuse('wrong-app', d.app)
    if (d.channel !== this.device.channel) return refuse('wrong-channel', d.channel)
    if (network && parseTime(d.issued) > this.now + maxAhead) return refuse('not-yet-issued', d.issued)
    if (network && parseTime(d.expires) <= this.now) return refuse('expired', d.expires)
    this.rule('document', '', 'yes', 'entry ' + d.epoch + '/' + d.sequence)
    return undefined
  }

  /** Rule 1: why a release is not for this device, or "". */
  private misfit(r: Release): string {
    if (!isKnown(r)) return 'unknown'
    if (r.platforms.indexOf(this.native.platform) < 0) return 'platform'
    if (r.natives !== undefined && !include(r.natives, this.native)) return 'native'
    if (isWithdrawn(this.document, r.id)) return 'withdrawn'
    if (this.document.floor !== undefined && r.version.code < this.document.floor.code) return 'floor'
    if (this.isMarked(r)) return 'marked-bad'
    if (!offeredTo(r.rollout, saltOf(r), this.document.app, this.install, this.now)) return 'outside-rollout'
    return ''
  }

  private isMarked(r: Release): boolean {
    return (this.device.bad || []).some((bad) => {
      if (bad.native.name !== this.native.name || bad.native.code !== this.native.code) return false
      return bad.content ? r.package !== undefined && bad.content === r.package.content : bad.release === r.id
    })
  }

  /**
   * Rule 2: the highest fitting release of a kind; of equal ones the newest, which stands last. A
   * full package counts only above the installed one. Beside it, why a release that would be newer
   * than what runs does not fit, if only the rollout or a mark of this device is in the way.
   */
  private best(kind: string): [Release | undefined, Reason | undefined] {
    let best: Release | undefined
    let missed: Reason | undefined
    for (const r of this.document.releases) {
      if (r.kind !== kind) continue
      if (kind === 'native' && !isAbove(r.version, this.native)) {
        this.rule('fits', r.id, 'installed', r.version.name)
        continue
      }
      const why = this.misfit(r)
      if (why !== '') {
        this.rule('fits', r.id, why, this.detail(r, why))
        if ((why === 'outside-rollout' || why === 'marked-bad') && higher(r.version.name, this.device.running.name)) missed = why
        continue
      }
      this.rule('fits', r.id, 'yes', r.version.name)
      const bestIsHigher = best !== undefined && (kind === 'native' ? isAbove(best.version, r.version) : higher(best.version.name, r.version.name))
      if (!bestIsHigher) best = r
    }
    return [best, missed]
  }

  private detail(r: Release, why: string): string {
    if (why === 'outside-rollout') return 'cohort ' + cohort(this.install, saltOf(r)) + ', share ' + share(r.rollout, this.now)
    if (why === 'floor') return 'code ' + r.version.code + ', floor ' + this.document.floor!.code
    return r.version.name
  }

  /** Rule 3. */
  private mustLeave(): Reason | undefined {
    const reason = this.leaving()
    this.rule('must-leave', '', reason || 'no', this.device.running.name)
    return reason
  }

  private leaving(): Reason | undefined {
    const running = this.device.running
    if (running.channel && running.channel !== this.document.channel) return 'leave-channel'
    const r = running.release
    if (r) {
      if (isWithdrawn(this.document, r.id)) return 'leave-withdrawn'
      if (!this.isFor(r)) return 'leave-native'
    }
    // one that was brought back may lie in the reach of what was withdrawn above it
    const listed = this.document.releases.some((l) => l.kind === 'wgt' && l.version.name === running.name && this.isFor(l))
    const taken = this.document.withdrawn.some((w) => {
      if (!this.isFor(w)) return false
      if (!r && w.version.name === running.name && w.version.code === running.code) return true
      return !listed && covers(w, running.name)
    })
    return taken ? 'leave-withdrawn' : undefined
  }

  private isFor(r: Release | Withdrawn): boolean {
    return r.platforms.indexOf(this.native.platform) >= 0 && include(r.natives, this.native)
  }

  /** Rule 4. */
  private held(): boolean {
    for (const hold of this.document.holds) {
      if (hold.platform !== this.native.platform) continue
      if (hold.native !== undefined && (hold.native.name !== this.native.name || hold.native.code !== this.native.code)) continue
      this.rule('hold', '', 'yes', hold.reason || '')
      return true
    }
    this.rule('hold', '', 'no', '')
    return false
  }

  private none(reason: Reason, known?: Release): Decision {
    const decision: Decision = { action: 'none', reason, rules: this.rules }
    if (known !== undefined) {
      decision.release = known.id
      decision.version = known.version
    }
    return decision
  }

  /** Rule 5, with the mode and the smallest download. */
  private offer(action: Action, r: Release, reason: Reason): Decision {
    const running = this.device.running
    const minimum = this.document.minimum
    const required = action === 'wgt' && reason !== 'newer-release'
    let mode = required && r.mode === 'prompt' ? 'silent' : r.mode
    if (minimum !== undefined && running.code < minimum.code) mode = 'force'
    const decision: Decision = { action, reason, release: r.id, version: r.version, mode, rules: this.rules }
    if (r.package !== undefined) decision.size = r.package.size
    if (action === 'wgt') {
      if (!higher(r.version.name, running.name)) decision.force = true
      this.choosePatch(decision, r, r.package!)
    }
    return decision
  }

  private choosePatch(decision: Decision, r: Release, whole: Package): void {
    let smallest = whole.size
    for (const patch of r.patches || []) {
      if (patch.size >= smallest || (patch.from !== '' && (this.device.held || []).indexOf(patch.from) < 0)) continue
      decision.patch = patch
      decision.size = smallest = patch.size
    }
  }
}

/** Orders full packages: stores compare the code when the names are equal. */
export function isAbove(v: Version, installed: Version): boolean {
  return higher(v.name, installed.name) || (v.name === installed.name && v.code > installed.code)
}

/** Whether a version was taken back with a release: one that left the document has no entry of its own. */
function covers(w: Withdrawn, version: string): boolean {
  if ((w.also || []).indexOf(version) >= 0) return true
  return !!w.above && higher(version, w.above) && !higher(version, w.version.name)
}

function contentOf(r: Release | undefined): string {
  return (r && r.package && r.package.content) || ''
}

/** Separates the cohorts of releases: the content id, or the release id without one. */
function saltOf(r: Release): string {
  return contentOf(r) || r.id
}
