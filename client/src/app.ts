// The updater of an app: one call at a time, and what it is doing right now. The order of things is
// that of docs/spec/protocol.md, 2.2, and docs/spec/client.md.

import { decide } from './core/decide.js'
import { findRelease } from './core/document.js'
import { codeOf } from './core/version.js'
import { BackOff } from './backoff.js'
import { deviceOf, isSame } from './device.js'
import { Emitter } from './emitter.js'
import { Installer } from './installer.js'
import { Memory, slim } from './memory.js'
import { Journal } from './journal.js'
import { offerOf } from './offer.js'
import { Packages } from './packages.js'
import { isWorth } from './patcher.js'
import { wayOf } from './policy.js'
import { tell } from './query.js'
import { landing, Trial } from './trial.js'
import { client } from './updater.js'
import type { Decision } from './core/decide.js'
import type { Clock, Device } from './core/device.js'
import type { Document, Patch, Release } from './core/document.js'
import type { Version } from './core/version.js'
import type { Check, Events, Phase, Problem, Result, State, UpdateOffer } from './events.js'
import type { Outcome } from './installer.js'
import type { Run } from './memory.js'
import type { Settings, SyncMode, SyncOptions } from './options.js'
import type { Host } from './runtime/host.js'
import type { Start } from './trial.js'
import type { Updater } from './updater.js'

/** Milliseconds within which a restart happens, or does not. */
const restartTime = 10000

const onTrial: Result = { ok: false, problem: 'busy', detail: 'the release that runs is not confirmed yet' }

export class AppUpdater implements Updater {
  private readonly events = new Emitter()
  private readonly memory: Memory
  private readonly native: Version
  private readonly packages: Packages
  private readonly trial: Trial
  private readonly installer: Installer
  private journal: Journal

  private readonly begun: Promise<void>
  private running: Version = { name: '', code: 0 }
  private start: Start = { kind: 'plain' }
  private erred = false
  private stopListening: () => void = () => {}

  private checking: Promise<Check> | undefined
  private syncing: Promise<Check> | undefined
  private working = false
  private leaving = false
  /** Of the last sync, which goes on by itself after Wi-Fi or a confirmation was waited for. */
  private mode: SyncMode = 'auto'
  private waits = false
  private readonly backOff = new BackOff()
  /** Milliseconds by which the network's time is ahead of the phone's clock. */
  private ahead: number | undefined

  private phase: Phase = 'idle'
  private offer: UpdateOffer | undefined
  private received = 0
  private problem: Problem | undefined
  private detail: string | undefined

  constructor(
    private readonly options: Settings,
    private readonly host: Host,
    private readonly guard: { failed(why: string, detail: string): void } | undefined,
  ) {
    this.memory = new Memory(host)
    this.native = { name: host.native.name, code: codeOf(host.native.code) }
    this.packages = new Packages(host, this.memory, options.bases)
    this.trial = new Trial(host, this.memory, this.packages, this.native)
    this.installer = new Installer(host, this.memory, this.packages, this.trial, this.native, options.readyTimeout)
    this.journal = this.open(this.memory.saved.channel)
    if (this.trial.isOn) this.listen()
    host.onShow(() => {
      this.refresh()
      if (this.phase === 'wifi') this.sync({ mode: this.mode })
    })
    this.begun = this.begin().catch((error) => this.fail('storage', String(error)).then(() => undefined))
  }

  readonly plugin = {
    install: (app: { mixin(options: object): unknown }): void => {
      const ready = (): void => this.ready()
      if (this.options.ready === 'auto') app.mixin({ onReady: ready })
    },
  }

  private open(channel: string | undefined): Journal {
    const { bases, pins, channels } = this.options
    const allowed = channel !== undefined && channels.indexOf(channel) >= 0
    return new Journal(this.host, this.memory, bases, pins, allowed ? channel : this.options.channel)
  }

  // ---- the start of a process

  private async begin(): Promise<void> {
    const there = await this.host.resources()
    if (there === undefined) return // who knows what runs: nothing is settled
    this.running = { name: there.name, code: codeOf(there.code) }
    this.refresh()
    this.start = this.trial.begin(this.running)
    const { start } = this
    if (start.kind !== 'trial') this.stopListening()
    if (start.kind === 'recovered') {
      this.events.emit('recovered', { release: start.run.release.id, version: versionOf(start.run), why: start.why })
    }
    if (start.kind === 'stuck') this.reinstall('no-way-back', start.why)
    if (start.kind === 'undone') this.report(this.installer.undone(start.run))
    await this.packages.dropInstalled(this.journal.document, this.native)
    await this.packages.sweep()
    await this.installPending()
  }

  /** An app may clear its storage at any time, and what is needed there with it. */
  private refresh(): void {
    this.memory.refresh()
    this.trial.refresh()
  }

  /** Before anything was shown is one of the two safe moments for an install. */
  private async installPending(): Promise<void> {
    const { saved } = this.memory
    const { document } = this.journal
    if (saved.pending === undefined || this.start.kind === 'trial') return
    const { pending } = saved
    const gone = document === undefined || findRelease(document, pending.release.id) === undefined || pending.channel !== document.channel
    if (gone || isSame(pending, this.running)) return this.installer.dropPending()
    const decision = this.decide(this.journal.clock)
    if (decision.action !== 'wgt' || decision.release !== pending.release.id) return
    await this.exclusive(() => this.installRun(pending, decision.force === true))
  }

  /** While a release is on trial, an error that nobody caught ends it. */
  private listen(): void {
    this.stopListening = this.host.onError((message) => {
      if (this.options.errors === 'ignore' || this.erred) return
      this.erred = true
      this.refresh()
      if (this.guard !== undefined) this.guard.failed('error', message)
    })
  }

  ready(): void {
    this.begun.then(() => {
      if (this.start.kind === 'trial' && !this.erred) this.confirm(this.start.run)
    })
  }

  private confirm(run: Run): void {
    if (!this.trial.confirm(run)) return this.tellProblem('storage', 'confirm')
    this.start = { kind: 'plain' }
    this.stopListening()
    this.events.emit('confirmed', { release: run.release.id, version: versionOf(run) })
    this.changed()
    if (this.waits) this.sync({ mode: this.mode })
  }

  // ---- check

  check(): Promise<Check> {
    if (this.checking === undefined) {
      const broken = (error: unknown): Check => this.noAnswer('no-information', String(error))
      this.checking = this.askAndDecide()
        .catch(broken)
        .then((check) => {
          this.checking = undefined
          this.events.emit('checked', check)
          return check
        })
    }
    return this.checking
  }

  private async askAndDecide(): Promise<Check> {
    await this.begun
    if (this.running.name === '') return this.noAnswer('unsupported', 'getProperty')
    if (this.leaving) return this.noAnswer('busy', 'the app restarts')
    this.refresh()
    const quiet = this.phase === 'idle'
    if (quiet) this.set('checking')
    const { saved } = this.memory
    const told = tell(saved, this.running.code, this.native.code, this.host.platform, this.host.now())
    const asked = await this.journal.ask(this.options.stats ? told.query : '')
    if (quiet) this.set('idle')
    if (asked.problem !== 'offline' && (told.events.length > 0 || saved.day !== told.day)) {
      saved.events = saved.events.filter((event) => told.events.indexOf(event) < 0)
      saved.day = told.day
      this.memory.save()
    }
    if (asked.problem !== undefined) return this.noAnswer(asked.problem, asked.detail)

    const document = this.journal.document!
    this.ahead = asked.clock.network ? asked.clock.now - this.host.now() : undefined
    const decision = this.decide(asked.clock)
    if (decision.reason === 'adopted') this.adopt(findRelease(document, decision.release!)!)
    this.offer = offerOf(decision, document, this.host.language)
    if (this.offer !== undefined && this.patchIn(decision) === undefined) this.offer.size = wholeSize(document, decision)
    if (this.offer === undefined && this.phase === 'offered') this.set('idle')
    const check: Check = { ok: true, action: decision.action, reason: decision.reason }
    if (this.offer !== undefined) {
      this.offer.downloaded = this.packages.find(findRelease(document, this.offer.release)!) !== undefined
      check.offer = this.offer
    }
    this.changed()
    return check
  }

  private noAnswer(problem: Problem, detail?: string): Check {
    this.tellProblem(problem, detail)
    return { ok: false, problem, action: 'none', reason: problem, ...(detail === undefined ? {} : { detail }) }
  }

  /** The network's time, once this process has heard it. */
  private get clock(): Clock {
    return this.ahead === undefined ? this.journal.clock : { now: this.host.now() + this.ahead, network: true }
  }

  private decide(clock: Clock): Decision {
    return decide(this.device(), this.journal.document!, clock)
  }

  /** The patch of a decision, for this release if one is given, where it is worth its work here. */
  private patchIn(decision: Decision, release?: Release): Patch | undefined {
    const { patch } = decision
    const wanted = findRelease(this.journal.document!, decision.release || '')
    if (patch === undefined || wanted === undefined || (release !== undefined && release.id !== wanted.id)) return undefined
    const worth = this.host.pieces && !this.packages.isSpent(patch) && isWorth(patch, wanted.package!, this.packages.pace, this.options.patchTime)
    return worth ? patch : undefined
  }

  private device(): Device {
    const { host, native, memory, start } = this
    const known = start.kind === 'trial' ? start.run : memory.saved.confirmed
    return deviceOf(memory.saved, { app: host.app, platform: host.platform, channel: this.journal.channel, native }, this.running, known)
  }

  /** What runs already is the content of the target: only its name changes. */
  private adopt(release: Release): void {
    if (this.start.kind === 'trial') return // the first check after its confirmation does
    this.memory.saved.confirmed = this.runOf(release)
    this.memory.save()
  }

  private runOf(release: Release): Run {
    return { ...release.version, channel: this.journal.channel, release: slim(release) }
  }

  // ---- download and install

  async download(progress?: (received: number, total: number) => void): Promise<Result> {
    await this.begun
    const release = await this.wanted()
    const { offer } = this
    if (release === undefined || offer === undefined) return { ok: false, problem: 'no-offer' }
    return this.exclusive(async () => {
      const result = await this.fetch(release, progress)
      if (!result.ok) return result
      offer.downloaded = true
      this.events.emit('downloaded', offer)
      return result
    })
  }

  /** The package that the last check offered. */
  private async wanted(): Promise<Release | undefined> {
    if (this.offer === undefined && !(await this.check()).ok) return undefined
    const { document } = this.journal
    if (this.offer === undefined || this.offer.action !== 'wgt' || document === undefined) return undefined
    return findRelease(document, this.offer.release)
  }

  private async fetch(release: Release, progress?: (received: number, total: number) => void): Promise<Result> {
    const { saved } = this.memory
    if (this.start.kind === 'trial') return onTrial
    if (saved.pending !== undefined && saved.pending.release.id !== release.id) this.installer.dropPending() // its package makes room
    await this.packages.keepOnly([saved.confirmed && saved.confirmed.release, release])
    this.received = 0
    this.set('downloading')
    const heard = (total: number) => (received: number): void => {
      if (received <= this.received) return
      this.received = received
      if (progress) progress(received, total)
      this.changed()
    }
    const patch = this.journal.document && this.patchIn(this.decide(this.clock), release)
    let result: Result = { ok: false, problem: 'patch' }
    if (patch !== undefined) {
      result = await this.packages.patch(release, patch, heard(patch.size))
      if (result.problem === 'patch') {
        this.memory.event('failed-patch', release.id)
        this.memory.save()
        this.tellProblem('patch', result.detail)
        this.received = 0
        if (this.offer !== undefined) this.offer.size = release.package!.size
      }
    }
    if (result.problem === 'patch') result = await this.packages.download(release, heard(release.package!.size))
    if (!result.ok) {
      if (result.problem === 'cancelled') this.set('idle')
      else this.set('failed', result.problem, result.detail)
      return result
    }
    this.set('downloaded')
    return result
  }

  async install(options: { when?: 'now' | 'next-launch' } = {}): Promise<Result> {
    await this.begun
    const { saved } = this.memory
    const release = (this.offer && (await this.wanted())) || (saved.pending && saved.pending.release)
    if (release === undefined || this.packages.find(release) === undefined) return { ok: false, problem: 'nothing-pending' }
    if (options && options.when === 'next-launch') {
      saved.pending = this.runOf(release)
      if (!this.memory.save()) return this.fail('storage', 'pending')
      this.set('downloaded')
      return { ok: true }
    }
    return this.exclusive(async () => {
      if (this.journal.document === undefined) return this.fail('superseded')
      const decision = this.decide(this.clock)
      if (decision.action !== 'wgt' || decision.release !== release.id) return this.fail('superseded', decision.reason)
      return this.installRun(this.runOf(release), decision.force === true)
    })
  }

  private async installRun(run: Run, force: boolean): Promise<Result> {
    if (this.start.kind === 'trial') return onTrial
    this.set('installing')
    this.events.emit('restarting', { release: run.release.id, version: versionOf(run) })
    const outcome = await this.installer.install(run, force, this.journal.document)
    if (outcome.problem !== undefined) return this.report(outcome)
    if (this.host.restarts) this.restart()
    else this.set('restart')
    return { ok: true }
  }

  private report({ problem, detail, final }: Outcome): Result {
    if (final) this.reinstall(problem!, detail)
    else this.set('failed', problem, detail)
    return { ok: false, problem: problem!, ...(detail === undefined ? {} : { detail }) }
  }

  /** Only another app helps; where the document has one, it is offered. */
  private reinstall(problem: Problem, detail?: string): void {
    const { document } = this.journal
    const decision = document && this.decide(this.clock)
    if (decision && decision.action === 'native') this.offer = offerOf(decision, document, this.host.language)
    this.set('reinstall', problem, detail)
  }

  /** Nothing else is begun in the moments until the runtime restarts. */
  private restart(): void {
    this.leaving = true
    this.host.later(restartTime, () => (this.leaving = false))
    this.host.restart()
  }

  // ---- all of it

  sync(options: SyncOptions = {}): Promise<Check> {
    if (this.syncing === undefined) {
      const { mode, asked = false } = options || {}
      this.syncing = this.follow(mode || (asked ? 'prompt' : 'auto'), asked)
        .catch((error): Check => this.noAnswer('no-information', String(error)))
        .then((check) => {
          this.syncing = undefined
          return check
        })
    }
    return this.syncing
  }

  private async follow(mode: SyncMode, asked: boolean): Promise<Check> {
    this.mode = mode
    this.waits = false
    if (!asked && this.backOff.isOn(this.host.now())) return { ok: false, action: 'none', reason: 'busy', problem: 'busy', detail: 'after a failed check' }
    const check = await this.check()
    this.backOff.note(check.ok, this.host.now())
    if (!check.ok) return check
    if (check.offer === undefined || this.working || this.phase === 'restart') return check
    if (this.start.kind === 'trial') {
      this.waits = true
      return check
    }
    await this.present(check.offer, mode, asked)
    return check
  }

  private async present(offer: UpdateOffer, mode: SyncMode, asked: boolean): Promise<void> {
    const { saved } = this.memory
    const way = wayOf(offer, {
      mode,
      restarts: this.host.restarts,
      avoided: offer.action === 'wgt' && this.packages.isAvoided(findRelease(this.journal.document!, offer.release)!),
      pending: saved.pending !== undefined && saved.pending.release.id === offer.release,
      waitsForWifi: this.options.wifiOnly && this.host.network() === 'cellular',
      dismissed: asked ? undefined : saved.dismissed,
      now: this.host.now(),
    })
    if (way === 'avoid') return this.tellProblem('digest', 'wrong bytes before')
    if (way === 'wait') return this.set('wifi', 'wifi')
    if (way === 'keep') return this.set('downloaded')
    if (way === 'show' || way === 'force') this.show(offer)
    if (way === 'force') await this.accept()
    if (way === 'silent' && (await this.download()).ok) await this.install({ when: 'next-launch' })
  }

  private show(offer: UpdateOffer): void {
    this.set('offered')
    this.events.emit('offered', offer)
  }

  async accept(): Promise<Result> {
    await this.begun
    if (this.phase === 'restart') {
      this.host.restart()
      return { ok: true }
    }
    if (this.phase === 'failed' || this.phase === 'reinstall') await this.check() // it may have failed because there is something else by now
    if (this.offer === undefined) {
      this.set('idle')
      return { ok: false, problem: 'no-offer' }
    }
    if (this.offer.action === 'native') return this.openNative(this.offer)
    const downloaded = await this.download()
    return downloaded.ok ? this.install() : downloaded
  }

  /** Nobody hears whether the user goes on: what was opened is not installed, and stays on offer. */
  private async openNative(offer: UpdateOffer): Promise<Result> {
    const { store = [], url, plist } = offer.native || {}
    const manifest = plist === undefined ? [] : ['itms-services://?action=download-manifest&url=' + encodeURIComponent(plist)]
    for (const address of [...store, ...manifest]) if (await this.host.openURL(address)) return { ok: true }
    const release = this.journal.document && findRelease(this.journal.document, offer.release)
    const own = release !== undefined && release.package !== undefined && this.host.platform === 'android'
    const result = own ? await this.exclusive(() => this.openInstaller(release)) : undefined
    // Without the system's installer, as in apps from Google Play, a page may still help.
    if (result !== undefined && (result.ok || result.problem !== 'install' || url === undefined)) return result
    if (url !== undefined && (await this.host.openURL(url))) return { ok: true }
    return this.fail('no-offer', 'no address could be opened')
  }

  /** Downloads an apk, or takes the one that is there, and hands it to the system. The file stays: the system reads it later. */
  private async openInstaller(release: Release): Promise<Result> {
    const fetched = await this.fetch(release)
    if (!fetched.ok) return fetched
    const kept = this.packages.find(release)
    if (kept === undefined) return this.fail('storage', 'apk')
    const answer = await this.host.install(kept.file, false)
    if (!answer.ok) return this.fail('install', 'code ' + answer.code)
    if (this.offer !== undefined) this.offer.downloaded = true
    this.set('offered')
    return { ok: true }
  }

  dismiss(): void {
    const { offer } = this
    if (offer === undefined || offer.mode === 'force') return
    this.memory.saved.dismissed = { release: offer.release, at: this.host.now() }
    this.memory.save()
    this.set('idle')
  }

  cancel(): void {
    this.packages.cancel()
  }

  async setChannel(name: string): Promise<Result> {
    await this.begun
    if (name !== this.options.channel && this.options.channels.indexOf(name) < 0) return { ok: false, problem: 'channel', detail: name }
    return this.exclusive(async () => {
      this.memory.saved.channel = name
      delete this.memory.saved.pending
      if (!this.memory.save()) return this.fail('storage', 'channel')
      this.journal = this.open(name)
      this.offer = undefined
      this.set('idle')
      return { ok: true }
    })
  }

  async rollback(): Promise<Result> {
    await this.begun
    const { saved } = this.memory
    const { document } = this.journal
    const current = saved.confirmed
    if (current === undefined || !isSame(current, this.running)) return { ok: false, problem: 'no-way-back', detail: 'what the app came with runs' }
    const base = landing(document, { platform: this.host.platform, ...this.native }, current.release)
    const run = this.trial.before(document) || (base && this.runOf(base))
    if (run === undefined) return { ok: false, problem: 'no-way-back' }
    return this.exclusive(async () => {
      const fetched = await this.fetch(run.release)
      if (!fetched.ok) return fetched
      this.memory.mark(current, this.native, 'left')
      return this.installRun(run, true)
    })
  }

  forgive(): void {
    const { saved } = this.memory
    saved.bad = []
    saved.tries = {}
    saved.wrong = {}
    this.memory.save()
    this.changed()
  }

  // ---- what it is doing

  /** One thing at a time: two installs at once is what the runtime answers with -1205. */
  private async exclusive(work: () => Promise<Result>): Promise<Result> {
    if (this.working || this.leaving) return { ok: false, problem: 'busy' }
    this.working = true
    try {
      return await work()
    } catch (error) {
      return this.fail('install', String(error))
    } finally {
      this.working = false
    }
  }

  private async fail(problem: Problem, detail?: string): Promise<Result> {
    this.set('failed', problem, detail)
    return detail === undefined ? { ok: false, problem } : { ok: false, problem, detail }
  }

  private set(phase: Phase, problem?: Problem, detail?: string): void {
    this.phase = phase
    this.problem = problem
    this.detail = detail
    if (problem !== undefined) this.tellProblem(problem, detail)
    this.changed()
  }

  private tellProblem(problem: Problem, detail = ''): void {
    this.events.emit('problem', { problem, detail })
  }

  private changed(): void {
    if (this.events.has('change')) this.events.emit('change', this.state())
  }

  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): () => void {
    return this.events.on(event, listener)
  }

  state(): State {
    const { saved } = this.memory
    const device = this.device()
    const { document } = this.journal
    const state: State = {
      client,
      phase: this.phase,
      app: this.host.app,
      channel: this.journal.channel,
      platform: this.host.platform,
      native: this.native,
      running: { name: device.running.name, code: device.running.code },
      confirmed: this.start.kind !== 'trial',
      received: this.received,
      total: this.offer ? this.offer.size : 0,
      bad: saved.bad.map(({ release, version, why }) => ({ release, version, why })),
      device,
    }
    if (device.running.release) state.running.release = device.running.release.id
    if (this.offer !== undefined) state.offer = this.offer
    if (this.problem !== undefined) state.problem = this.problem
    if (this.detail !== undefined) state.detail = this.detail
    if (saved.pending !== undefined) state.pending = { ...versionOf(saved.pending), release: saved.pending.release.id }
    if (document !== undefined) {
      const { epoch, sequence, issued, expires } = document
      state.document = { epoch, sequence, issued, expires }
    }
    return state
  }
}

/** Bytes of the package that is offered; 0 for a full one from a store. */
function wholeSize(document: Document, decision: Decision): number {
  const release = findRelease(document, decision.release || '')
  return release !== undefined && release.package !== undefined ? release.package.size : 0
}

function versionOf(run: Run): Version {
  return { name: run.name, code: run.code }
}
