// The first starts of a release, seen from inside: what the boot guard left for us, and the
// confirmation. docs/spec/client.md, "A release on trial".

import { isWithdrawn } from './core/document.js'
import { include } from './core/natives.js'
import { readBoot, writeBoot } from './boot.js'
import { isSame } from './device.js'
import { contentOf } from './memory.js'
import type { Document, Release } from './core/document.js'
import type { Native } from './core/natives.js'
import type { Version } from './core/version.js'
import type { Back, Boot } from './boot.js'
import type { Memory, Run } from './memory.js'
import type { Packages } from './packages.js'
import type { Host } from './runtime/host.js'

/** What the start of this process means. */
export type Start =
  /** Nothing was on trial. */
  | { kind: 'plain' }
  /** A release runs that has to be confirmed. */
  | { kind: 'trial'; run: Run }
  /** A release did not start and was left. */
  | { kind: 'recovered'; run: Run; why: string }
  /** A release did not start and is still here: its way back is being looked for. */
  | { kind: 'stuck'; run: Run; why: string }
  /** What was installed is not what runs: the install was cut off, or undone by the runtime. */
  | { kind: 'undone'; run: Run }

export class Trial {
  /** The record as it was found, or written last. The guard may have counted since. */
  private known: Boot | undefined
  /** The record of what runs, while it is replaced. */
  private replaced: Boot | undefined

  constructor(
    private readonly host: Host,
    private readonly memory: Memory,
    private readonly packages: Packages,
    private readonly native: Version,
  ) {
    this.known = readBoot(host)
  }

  /** Whether this process began with a record of a release on trial. */
  get isOn(): boolean {
    return this.known !== undefined && this.known.phase === 'trial'
  }

  /** Writes the record again if the app has cleared its storage meanwhile, as apps do at the first start of a release. */
  refresh(): void {
    if (this.known !== undefined && readBoot(this.host) === undefined) writeBoot(this.host, this.known)
  }

  private write(boot: Boot | undefined): boolean {
    this.known = boot
    return writeBoot(this.host, boot)
  }

  /** Reads what was left by the processes before this one, and settles what can be settled. */
  begin(running: Version): Start {
    const { host, memory } = this
    const { saved } = memory
    const boot = readBoot(host)
    const here = boot !== undefined && boot.to.name === running.name && boot.to.code === String(running.code)
    if (boot === undefined || boot.native !== nativeOf(host)) return this.settle(undefined)
    if (boot.phase === 'confirmed') return this.settle(here ? boot : undefined)

    const meant = [saved.trial, saved.confirmed].filter((run) => run && run.name === boot.to.name && String(run.code) === boot.to.code)[0]
    if (meant === undefined) return this.settle(undefined)
    if (boot.phase === 'trial') {
      if (!here) return this.settle(undefined, { kind: 'undone', run: meant })
      if (saved.trial !== undefined) return { kind: 'trial', run: meant }
      return this.settle({ ...boot, phase: 'confirmed', starts: 0 }) // the phone died between the two writes of confirm
    }
    const why = boot.why || 'start'
    if (memory.mark(meant, this.native, boot.detail ? why + ': ' + boot.detail : why)) memory.event('failed-' + why, meant.release.id)
    if (here) {
      memory.save()
      return { kind: 'stuck', run: meant, why }
    }
    if (meant === saved.confirmed) memory.forgetConfirmed()
    memory.event('recovered', meant.release.id)
    return this.settle(undefined, { kind: 'recovered', run: meant, why })
  }

  /** Ends a trial, whichever way. The state goes first: a record without it means nothing. */
  private settle(boot: Boot | undefined, start: Start = { kind: 'plain' }): Start {
    const { host, memory } = this
    if (memory.saved.trial !== undefined || start.kind === 'recovered') {
      delete memory.saved.trial
      memory.save()
    }
    if (JSON.stringify(readBoot(host)) !== JSON.stringify(boot)) this.write(boot)
    return start
  }

  /** Writes down, before the install, how to come back from it. False when the phone could not keep it. */
  prepare(run: Run, document: Document | undefined, wait: number, say: string): boolean {
    const { host, memory } = this
    const content = contentOf(run.release)
    this.replaced = readBoot(host)
    memory.saved.tries[content] = (memory.saved.tries[content] || 0) + 1
    memory.saved.trial = run
    const to = { name: run.name, code: String(run.code) }
    const boot: Boot = { v: 1, native: nativeOf(host), to, phase: 'trial', starts: 0, short: 0, wait, say }
    const back = this.wayBack(run, document)
    if (back !== undefined) boot.back = back
    if (memory.save() && this.write(boot)) return true
    memory.saved.tries[content]!-- // nothing was begun
    this.abandon()
    return false
  }

  /** The install did not happen. */
  abandon(): void {
    this.settle(this.replaced)
  }

  /** What runs was shown to people: it counts as good. False when the phone could not keep it. */
  confirm(run: Run): boolean {
    const { saved } = this.memory
    if (saved.confirmed !== undefined && contentOf(saved.confirmed.release) !== contentOf(run.release)) saved.previous = saved.confirmed
    saved.confirmed = run
    delete saved.trial
    delete saved.tries[contentOf(run.release)]
    this.memory.event('confirmed', run.release.id)
    if (!this.memory.save()) return false
    const boot = readBoot(this.host) || this.known
    return boot === undefined || this.write({ ...boot, phase: 'confirmed', starts: 0 })
  }

  /** What was confirmed before what runs, if this app may still run it. */
  before(document: Document | undefined): Run | undefined {
    const { previous, confirmed } = this.memory.saved
    if (previous === undefined || confirmed === undefined || isSame(previous, confirmed)) return undefined
    if (!this.fits(previous) || this.memory.isMarked(previous, this.native)) return undefined
    return document !== undefined && isWithdrawn(document, previous.release.id) ? undefined : previous
  }

  /** Whether it is for the installed app, which may be another one than when it was confirmed. */
  private fits(run: Run): boolean {
    return include(run.release.natives, { platform: this.host.platform, ...this.native })
  }

  /** What was confirmed before; else the landing, which is what the installed app came with. */
  wayBack(leaving: Run, document: Document | undefined): Back | undefined {
    const { confirmed } = this.memory.saved
    const before = confirmed && this.fits(confirmed) && contentOf(confirmed.release) !== contentOf(leaving.release) ? confirmed.release : undefined
    const release = before || landing(document, { platform: this.host.platform, ...this.native }, leaving.release)
    if (release === undefined || release.package === undefined) return undefined
    const kept = this.packages.find(release)
    const { size, sha1 } = release.package
    const back: Back = { file: kept ? this.host.path(kept.file) : '', urls: this.packages.urls(release), size, sha1 }
    if (kept !== undefined && kept.sha1 !== sha1) back.kept = { size: kept.size, sha1: kept.sha1 }
    return back
  }
}

function nativeOf(host: Host): string {
  return host.native.name + '/' + host.native.code
}

/** The release that brings an installed app back to what it came with. */
export function landing(document: Document | undefined, native: Native, leaving?: Release): Release | undefined {
  if (document === undefined) return undefined
  return document.releases.filter(
    (r) => r.landing && r.platforms.indexOf(native.platform) >= 0 && include(r.natives, native) && (leaving === undefined || contentOf(r) !== contentOf(leaving)),
  )[0]
}
