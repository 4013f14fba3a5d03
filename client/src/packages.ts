// The packages on the phone: downloads them, or makes them by patches, checks them, and never keeps more than two.

import { isAbove } from './core/decide.js'
import { packageKey, patchKey } from './core/position.js'
import { costOf, makePackage } from './patcher.js'
import type { Document, Package, Patch, Release } from './core/document.js'
import type { Version } from './core/version.js'
import type { Memory, Kept } from './memory.js'
import type { Downloading, FileFacts, Host, Transfer } from './runtime/host.js'
import type { Result } from './events.js'

/** Milliseconds without a byte, and in all, after which a download is broken off. */
const idle = 30000
const patience = 20 * 60000

/** How often an address is asked to go on where it broke off, and the milliseconds before that. */
const pauses = [1000, 4000]

type Digests = Pick<Package, 'size' | 'sha1' | 'sha256'>

/** With the file, once it is there whole. */
interface Fetched extends Result {
  file?: string
}

export class Packages {
  private current: Downloading | undefined
  private cancelled = false

  constructor(
    private readonly host: Host,
    private readonly memory: Memory,
    private readonly bases: string[],
  ) {}

  /** The file of a release that was verified when it came. */
  find(release: Release): Kept | undefined {
    return this.memory.saved.files.filter((kept) => isOf(kept, release))[0]
  }

  urls(release: Release): string[] {
    const sha256 = release.package!.sha256
    return this.bases.map((base) => base + '/' + packageKey(sha256, extension(release)))
  }

  /** Looks at a file once more. A damaged one is removed. */
  async verify(kept: Kept): Promise<boolean> {
    const facts = await this.host.facts(kept.file)
    if (facts !== undefined && same(facts, kept)) return true
    await this.drop(kept)
    return false
  }

  async drop(kept: Kept): Promise<void> {
    const { saved } = this.memory
    saved.files = saved.files.filter((other) => other.file !== kept.file)
    this.memory.save()
    await this.host.remove(kept.file)
  }

  /** Forgets and removes every package but these. */
  async keepOnly(wanted: (Release | undefined)[]): Promise<void> {
    const { saved } = this.memory
    const keep = saved.files.filter((kept) => wanted.some((release) => release !== undefined && isOf(kept, release)))
    if (keep.length < saved.files.length) {
      saved.files = keep
      this.memory.save()
    }
    await this.sweep()
  }

  /** Removes full packages that are not above the installed app any more: they were installed, or another one was. */
  async dropInstalled(document: Document | undefined, native: Version): Promise<void> {
    const { saved } = this.memory
    const wanted = (document ? document.releases : []).filter((r) => r.kind === 'native' && isAbove(r.version, native))
    const left = (kept: Kept): boolean => /\.apk$/.test(kept.file) && !wanted.some((r) => r.package !== undefined && r.package.sha256 === kept.sha256)
    for (const kept of saved.files.filter(left)) await this.drop(kept)
  }

  /** Removes what is in the folder and none of ours: parts of downloads that broke off. */
  async sweep(): Promise<void> {
    const ours = this.memory.saved.files.map((kept) => kept.file)
    for (const name of await this.host.files()) if (ours.indexOf(name) < 0) await this.host.remove(name)
  }

  cancel(): void {
    this.cancelled = true
    if (this.current) this.current.abort()
  }

  /** Downloads the package of a release, unless it is there already. */
  async download(release: Release, progress: (received: number) => void): Promise<Result> {
    const there = this.find(release)
    if (there !== undefined && (await this.verify(there))) return { ok: true }
    this.cancelled = false
    const wanted = release.package!
    let result: Result = { ok: false, problem: 'download' }
    for (const url of this.urls(release)) {
      const fetched = await this.fetch(url, this.name(wanted.sha256, '.' + extension(release)), wanted.size, progress)
      result = fetched.file === undefined ? fetched : await this.admit(fetched.file, wanted, wanted.content)
      if (result.ok || result.problem === 'storage' || this.cancelled) break
    }
    this.current = undefined
    return this.cancelled ? { ok: false, problem: 'cancelled' } : result
  }

  /**
   * Makes the package of a release by a patch. What has to be had whole after a second time counts before the
   * work: it may be the end of the process.
   */
  async patch(release: Release, patch: Patch, progress: (received: number) => void): Promise<Result> {
    const there = this.find(release)
    if (there !== undefined && (await this.verify(there))) return { ok: true }
    this.cancelled = false
    const { saved } = this.memory
    let result: Fetched = { ok: false, problem: 'download' }
    for (const base of this.bases) {
      result = await this.fetch(base + '/' + patchKey(patch.sha256), this.name(patch.sha256, '.patch'), patch.size, progress)
      if (result.ok || this.cancelled) break
    }
    this.current = undefined
    if (result.file !== undefined) {
      const seen = saved.wrong[patch.sha256]
      saved.wrong[patch.sha256] = { times: (seen ? seen.times : 0) + 1, at: this.host.now() }
      this.memory.save()
      result = await this.apply(release, patch, result.file)
      await this.host.remove(result.file!)
      if (result.ok || this.cancelled) delete saved.wrong[patch.sha256]
      else saved.wrong[patch.sha256] = { times: 2, at: this.host.now() }
      this.memory.save()
    }
    if (this.cancelled) return { ok: false, problem: 'cancelled' }
    return result.ok ? { ok: true } : { ok: false, problem: 'patch', detail: result.detail || result.problem || '' }
  }

  private async apply(release: Release, patch: Patch, file: string): Promise<Fetched> {
    const { host, memory } = this
    const stored = release.package!.stored!
    const made = this.name(stored.sha256, '.wgt')
    const began = host.now()
    try {
      const facts = await host.facts(file)
      if (facts === undefined || facts.size !== patch.size || (facts.sha256 !== undefined && facts.sha256 !== patch.sha256)) {
        return { ok: false, problem: 'digest', detail: 'not the patch that was signed', file }
      }
      const base = patch.from === '' ? undefined : memory.saved.files.filter((kept) => kept.content === patch.from)[0]
      if (patch.from !== '' && base === undefined) throw new Error('the base is gone')
      await makePackage(host, { base, patch: file, patchSize: patch.size, made, size: stored.size, isCancelled: () => this.cancelled })
    } catch (error) {
      await host.remove(made)
      return { ok: false, problem: 'patch', detail: String(error), file }
    }
    // What it took here, so that the next one is judged by it; a phone that slept meanwhile says nothing.
    const pace = (host.now() - began) / costOf(patch, stored.size, 1)
    if (pace >= 0) memory.saved.pace = (this.pace + Math.min(Math.max(pace, 0.05), 20)) / 2
    return { ...(await this.admit(made, stored, release.package!.content)), file }
  }

  /** How long patches take here, over what is expected. */
  get pace(): number {
    return this.memory.saved.pace || 1
  }

  /** Whether a patch did not end well twice. */
  isSpent(patch: Patch): boolean {
    const seen = this.memory.saved.wrong[patch.sha256]
    return seen !== undefined && seen.times > 1
  }

  /** A name of its own for each file: the runtime writes beside one that is there, not over it. */
  private name(sha256: string, suffix: string): string {
    return sha256.slice(0, 16) + '-' + this.host.random(4) + suffix
  }

  private async fetch(url: string, asked: string, size: number, progress: (received: number) => void): Promise<Fetched> {
    const began = this.host.now()
    let tooBig = false
    let heard = (): void => {}
    const task = this.host.download(url, asked, (received) => {
      heard()
      if (received > size) {
        tooBig = true
        task.abort()
      } else {
        progress(received)
      }
    })
    this.current = task
    // Silence ends a transfer, and so does a server that drips.
    const watched = async (transfer: Promise<Transfer>): Promise<Transfer> => {
      let alarm = this.host.later(idle, () => task.pause())
      const last = this.host.later(Math.max(0, began + patience - this.host.now()), () => task.pause())
      heard = () => {
        alarm.cancel()
        alarm = this.host.later(idle, () => task.pause())
      }
      const ended = await transfer
      alarm.cancel()
      last.cancel()
      return ended
    }

    let ended = await watched(task.done)
    for (const pause of pauses) {
      const broken = ended.status === 0 || ended.status === 400 // on Android 400 is every failure
      if (!broken || tooBig || this.cancelled || this.host.now() - began >= patience) break
      await new Promise<void>((resolve) => this.host.later(pause, resolve))
      if (this.cancelled) break
      ended = await watched(task.resume())
    }
    if (ended.status !== 200 && ended.status !== 206) {
      task.abort()
      await this.host.remove(asked)
      return tooBig ? { ok: false, problem: 'size' } : { ok: false, problem: 'download', detail: url + ': ' + ended.status }
    }
    return { ok: true, file: ended.file }
  }

  /** A file that came whole becomes one of ours. */
  private async admit(file: string, wanted: Digests, content = ''): Promise<Result> {
    const { saved } = this.memory
    const facts = await this.host.facts(file)
    if (facts === undefined || !same(facts, wanted)) {
      await this.host.remove(file)
      const seen = saved.wrong[wanted.sha256]
      saved.wrong[wanted.sha256] = { times: (seen ? seen.times : 0) + 1, at: this.host.now() }
      this.memory.save()
      return { ok: false, problem: facts === undefined ? 'storage' : facts.size !== wanted.size || !facts.zip ? 'size' : 'digest' }
    }
    delete saved.wrong[wanted.sha256]
    const { size, sha256, sha1 } = wanted
    saved.files.push({ file, size, sha256, sha1, content })
    if (this.memory.save()) return { ok: true }
    saved.files.pop()
    await this.host.remove(file)
    return { ok: false, problem: 'storage' }
  }

  /** Whether bytes that were wrong twice are left alone for now: an hour, then two, at most a day. */
  isAvoided(release: Release): boolean {
    const seen = this.memory.saved.wrong[release.package!.sha256]
    if (seen === undefined || seen.times < 2) return false
    const age = this.host.now() - seen.at
    return age >= 0 && age < Math.min(24, Math.pow(2, seen.times - 2)) * 3600000
  }
}

/** The runtime goes by the suffix of a file: a full package that a phone downloads itself is an apk. */
function extension(release: Release): string {
  return release.kind === 'native' ? 'apk' : 'wgt'
}

/** Whether it is the package of a release, in one form or the other. */
function isOf(kept: Kept, release: Release): boolean {
  const { package: whole } = release
  return whole !== undefined && (kept.sha256 === whole.sha256 || (whole.stored !== undefined && kept.sha256 === whole.stored.sha256))
}

/** Whether a file is what was signed: SHA-256 where anybody here can make one, SHA-1 and size everywhere. */
function same(facts: FileFacts, wanted: Digests): boolean {
  return (
    facts.size === wanted.size &&
    facts.zip &&
    facts.sha1 === wanted.sha1 &&
    (facts.sha256 === undefined || facts.sha256 === wanted.sha256)
  )
}
