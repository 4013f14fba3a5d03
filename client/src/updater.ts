// The updater: the calls an app makes, one at a time, and what it is doing right now. The order of
// things is that of docs/spec/protocol.md, 2.2, and docs/spec/client.md.

import { decide } from './core/decide.js'
import { findRelease, isWithdrawn } from './core/document.js'
import { include } from './core/natives.js'
import { codeOf } from './core/version.js'
import { readBoot } from './boot.js'
import { Emitter } from './emitter.js'
import { Installer } from './installer.js'
import { Memory, slim } from './memory.js'
import { Journal } from './journal.js'
import { offerOf } from './offer.js'
import { Packages } from './packages.js'
import { tell } from './query.js'
import { landing, Trial } from './trial.js'
import type { Decision } from './core/decide.js'
import type { Clock, Device, Running } from './core/device.js'
import type { Release } from './core/document.js'
import type { Version } from './core/version.js'
import type { Check, Events, Phase, Problem, Result, State, UpdateOffer } from './events.js'
import type { Outcome } from './installer.js'
import type { Run } from './memory.js'
import type { Settings, SyncMode, SyncOptions } from './options.js'
import type { Host } from './runtime/host.js'
import type { Start } from './trial.js'

/** Looked for in packages by the wgtup command. */
export const client = 'wgtup-client/0.1.0'

/** Milliseconds between failed automatic checks: doubled each time, up to the second. */
const backOff = [60000, 3600000] as const

/** Milliseconds within which a restart happens, or does not. */
const restartTime = 10000

/** Milliseconds for which a release that was put off is not shown again. */
const putOff = 24 * 3600000

const onTrial: Result = { ok: false, problem: 'busy', detail: 'the release that runs is not confirmed yet' }

export interface Updater {
  /** Asks whether there is something new: one HEAD if not. */
  check(): Promise<Check>
  /** Downloads and verifies what the last check offered. */
  download(progress?: (received: number, total: number) => void): Promise<Result>
  /** Installs what was downloaded: now, with a restart, or at the next start. */
  install(options?: { when?: 'now' | 'next-launch' }): Promise<Result>
  /** What runs is good: something was shown. Ends the trial of a new release. */
  ready(): void
  /** All of it, as the release or the mode says. Made to be called at every launch. */
  sync(options?: SyncOptions): Promise<Check>
  /** The user says yes to what is offered. */
  accept(): Promise<Result>
  /** The user says later; not heard for forced releases. */
  dismiss(): void
  /** Breaks a download off. */
  cancel(): void
  /** Asks another channel from now on, one of the options' channels. */
  setChannel(name: string): Promise<Result>
  /** Leaves what runs for what ran before it. */
  rollback(): Promise<Result>
  /** Forgets which releases did not start here. */
  forgive(): void
  state(): State
  /** Answers what ends the listening. */
  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): () => void
  /** For app.use: confirms when the first page is ready. */
  readonly plugin: { install(app: { mixin(options: object): unknown }): void }
}

export class AppUpdater implements Updater {
  private readonly events = new Emitter()
  private readonly memory: Memory
  private readonly native: Version
  private readonly packages: Packages
  private readonly trial: Trial
  private readonly installer: Installer
  private journal: Journal

  private readonly begun: Promise<void>
  private running: { name: string; code: string } = { name: '', code: '' }
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
  private failures = 0
  private notBefore = 0

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
    const boot = readBoot(host)
    if (boot !== undefined && boot.phase === 'trial') this.listen()
    host.onShow(() => {
      this.memory.refresh()
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
    this.running = (await this.host.resources()) || this.running
    this.start = this.trial.begin(this.running)
    const { start } = this
    if (start.kind !== 'trial') this.stopListening()
    if (start.kind === 'recovered') {
      this.events.emit('recovered', { release: start.run.release.id, version: versionOf(start.run), why: start.why })
    }
    if (start.kind === 'stuck') this.set('reinstall', 'no-way-back', start.why)
    if (start.kind === 'undone') this.report(this.installer.undone(start.run))
    if (this.running.name === '') return
    await this.packages.sweep()
    await this.installPending()
  }

  /** Before anything was shown is one of the two safe moments for an install. */
  private async installPending(): Promise<void> {
    const { saved } = this.memory
    const { document } = this.journal
    if (saved.pending === undefined || this.start.kind === 'trial') return
    const { pending } = saved
    const gone = document === undefined || findRelease(document, pending.release.id) === undefined || pending.channel !== document.channel
    if (gone || this.runs(pending)) return this.installer.dropPending()
    const decision = this.decide(this.journal.clock)
    if (decision.action !== 'wgt' || decision.release !== pending.release.id) return
    await this.exclusive(() => this.installRun(pending, decision.force === true))
  }

  /** While a release is on trial, an error that nobody caught ends it. */
  private listen(): void {
    this.stopListening = this.host.onError((message) => {
      if (this.options.errors === 'ignore' || this.erred) return
      this.erred = true
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
      this.checking = this.askAndDecide().then((check) => {
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
    this.memory.refresh()
    const quiet = this.phase === 'idle'
    if (quiet) this.set('checking')
    const { saved } = this.memory
    const told = tell(saved, codeOf(this.running.code), this.native.code, this.host.platform, this.host.now())
    const asked = await this.journal.ask(this.options.stats ? told.query : '')
    if (quiet) this.set('idle')
    if (asked.problem !== 'offline' && (told.events.length > 0 || saved.day !== told.day)) {
      saved.events = saved.events.filter((event) => told.events.indexOf(event) < 0)
      saved.day = told.day
      this.memory.save()
    }
    if (asked.problem !== undefined) return this.noAnswer(asked.problem, asked.detail)

    const document = this.journal.document!
    const decision = this.decide(asked.clock)
    if (decision.reason === 'adopted') this.adopt(findRelease(document, decision.release!)!)
    this.offer = offerOf(decision, document, this.host.language)
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

  private decide(clock: Clock): Decision {
    return decide(this.device(), this.journal.document!, clock)
  }

  private device(): Device {
    const { saved } = this.memory
    const running: Running = { name: this.running.name, code: codeOf(this.running.code) }
    const known = this.start.kind === 'trial' ? this.start.run : saved.confirmed
    if (known !== undefined && this.runs(known)) {
      running.release = known.release
      running.channel = known.channel
    }
    return {
      app: this.host.app,
      channel: this.journal.channel,
      platform: this.host.platform,
      native: this.native,
      running,
      held: saved.files.map((kept) => kept.content),
      install: saved.install,
      bad: saved.bad.map(({ release, content, native }) => (content === '' ? { release, native } : { content, native })),
    }
  }

  private runs(run: Run): boolean {
    return run.name === this.running.name && run.code === codeOf(this.running.code)
  }

  /** What runs already is the content of the target: only its name changes. */
  private adopt(release: Release): void {
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
    return release === undefined ? { ok: false, problem: 'no-offer' } : this.exclusive(() => this.fetch(release, progress))
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
    await this.packages.keepOnly([saved.confirmed && saved.confirmed.release, release])
    this.received = 0
    this.set('downloading')
    const result = await this.packages.download(release, (received) => {
      if (received <= this.received) return
      this.received = received
      if (progress) progress(received, release.package!.size)
      this.changed()
    })
    if (!result.ok) {
      if (result.problem === 'cancelled') this.set('idle')
      else this.set('failed', result.problem, result.detail)
      return result
    }
    this.set('downloaded')
    if (this.offer !== undefined) {
      this.offer.downloaded = true
      this.events.emit('downloaded', this.offer)
    }
    return result
  }

  async install(options: { when?: 'now' | 'next-launch' } = {}): Promise<Result> {
    await this.begun
    const { saved } = this.memory
    const release = (this.offer && (await this.wanted())) || (saved.pending && saved.pending.release)
    if (release === undefined || this.packages.find(release) === undefined) return { ok: false, problem: 'nothing-pending' }
    if (options.when === 'next-launch') {
      saved.pending = this.runOf(release)
      if (!this.memory.save()) return this.fail('storage', 'pending')
      this.set('downloaded')
      return { ok: true }
    }
    return this.exclusive(async () => {
      if (this.journal.document === undefined) return this.fail('superseded')
      const decision = this.decide(this.journal.clock)
      if (decision.action !== 'wgt' || decision.release !== release.id) return this.fail('superseded', decision.reason)
      return this.installRun(this.runOf(release), decision.force === true)
    })
  }

  private async installRun(run: Run, force: boolean): Promise<Result> {
    if (this.start.kind === 'trial') return onTrial
    this.set('installing')
    if (this.offer !== undefined) this.events.emit('restarting', this.offer)
    const outcome = await this.installer.install(run, force, this.journal.document)
    if (outcome.problem !== undefined) return this.report(outcome)
    if (this.host.restarts) this.restart()
    else this.set('restart')
    return { ok: true }
  }

  private report({ problem, detail, final }: Outcome): Result {
    this.set(final ? 'reinstall' : 'failed', problem, detail)
    return { ok: false, problem: problem!, ...(detail === undefined ? {} : { detail }) }
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
      this.syncing = this.follow(options.mode || 'auto').then((check) => {
        this.syncing = undefined
        return check
      })
    }
    return this.syncing
  }

  private async follow(mode: SyncMode): Promise<Check> {
    this.mode = mode
    this.waits = false
    if (this.host.now() < this.notBefore) return { ok: false, action: 'none', reason: 'busy', problem: 'busy', detail: 'after a failed check' }
    const check = await this.check()
    if (!check.ok) {
      const wait = Math.min(backOff[1], backOff[0] * Math.pow(2, this.failures++))
      this.notBefore = this.host.now() + wait
      return check
    }
    this.failures = this.notBefore = 0
    if (check.offer === undefined || this.working) return check
    if (this.start.kind === 'trial') {
      this.waits = true
      return check
    }
    await this.present(check.offer, mode)
    return check
  }

  private async present(offer: UpdateOffer, mode: SyncMode): Promise<void> {
    const { saved } = this.memory
    const release = findRelease(this.journal.document!, offer.release)!
    const chosen = offer.mode === 'force' ? 'force' : offer.action === 'native' || !this.host.restarts ? 'prompt' : mode === 'auto' ? offer.mode : mode
    if (offer.action === 'wgt' && this.packages.isAvoided(release)) return this.tellProblem('digest', 'wrong bytes before')
    if (chosen === 'force') {
      this.show(offer)
      if (offer.action === 'wgt') await this.accept()
      return
    }
    if (chosen === 'prompt') {
      const { dismissed } = saved
      const age = dismissed === undefined ? -1 : this.host.now() - dismissed.at
      if (dismissed === undefined || dismissed.release !== offer.release || age < 0 || age >= putOff) this.show(offer)
      return
    }
    if (saved.pending !== undefined && saved.pending.release.id === offer.release && offer.downloaded) return this.set('downloaded')
    if (this.options.wifiOnly && this.host.network() === 'cellular' && !offer.downloaded) return this.set('wifi', 'wifi')
    if ((await this.download()).ok) await this.install({ when: 'next-launch' })
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
    if (this.offer !== undefined && this.offer.action === 'native') return this.openNative(this.offer)
    const downloaded = await this.download()
    return downloaded.ok ? this.install() : downloaded
  }

  private async openNative(offer: UpdateOffer): Promise<Result> {
    const { store = [], url, plist } = offer.native || {}
    const manifest = plist === undefined ? [] : ['itms-services://?action=download-manifest&url=' + encodeURIComponent(plist)]
    for (const address of [...store, ...manifest, ...(url === undefined ? [] : [url])]) {
      if (await this.host.openURL(address)) return { ok: true }
    }
    return this.fail('no-offer', 'no address could be opened')
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
    const native = { platform: this.host.platform, ...this.native }
    const { document } = this.journal
    const current = saved.confirmed && this.runs(saved.confirmed) ? saved.confirmed : undefined
    const before = saved.previous
    const usable =
      before !== undefined &&
      !this.runs(before) &&
      include(before.release.natives, native) &&
      !(document !== undefined && isWithdrawn(document, before.release.id))
    const base = landing(document, native, current && current.release)
    const run = usable ? before : base && this.runOf(base)
    if (current === undefined || run === undefined) return { ok: false, problem: 'no-way-back' }
    return this.exclusive(async () => {
      const fetched = this.packages.find(run.release) === undefined ? await this.fetch(run.release) : { ok: true }
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

function versionOf(run: Run): Version {
  return { name: run.name, code: run.code }
}
