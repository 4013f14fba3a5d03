// Hands a verified package to plus.runtime.install, and reads what became of it.

import { codeOf } from './core/version.js'
import { contentOf } from './memory.js'
import type { Document } from './core/document.js'
import type { Version } from './core/version.js'
import type { Problem } from './events.js'
import type { Memory, Run } from './memory.js'
import type { Packages } from './packages.js'
import type { Host } from './runtime/host.js'
import type { Trial } from './trial.js'

/** How often an install of one content is begun before it is given up. */
const maxTries = 3

// Codes of plus.runtime.install (Android's; iOS has others, which nobody documents). What is in no list is tried again.
const lacking = [-1204, -1206, -1229, 1250] // the installed app cannot run it
const damaged = [-1201, -1202, -1203, 10, -4, -5]

export interface Outcome {
  problem?: Problem
  detail?: string
  /** It will not be tried again: only another app helps. */
  final?: boolean
}

export class Installer {
  /** An install that never answered may still be at work: it stays the last one of this process. */
  private silent = false

  constructor(
    private readonly host: Host,
    private readonly memory: Memory,
    private readonly packages: Packages,
    private readonly trial: Trial,
    private readonly native: Version,
    private readonly readyTimeout: number,
  ) {}

  /** Without a problem it is installed, and runs after a restart. */
  async install(run: Run, force: boolean, document: Document | undefined): Promise<Outcome> {
    const { host, memory } = this
    if (this.silent) return { problem: 'install', detail: 'the one before gave no answer' }
    const kept = this.packages.find(run.release)
    if (kept === undefined || !(await this.packages.verify(kept))) {
      this.dropPending()
      return { problem: 'digest', detail: 'the package changed on the phone' }
    }
    if (this.isExhausted(run)) return this.giveUp(run, 'install', 'tried ' + maxTries + ' times')
    if (!this.trial.prepare(run, document, this.readyTimeout, this.say())) return { problem: 'storage', detail: 'install' }
    const answer = await host.install(kept.file, force)
    if (!answer.ok && !(await this.isThere(run))) return this.refused(run, answer.code)
    delete memory.saved.pending
    memory.event('installed', run.release.id)
    memory.save()
    return {}
  }

  /** What was installed does not run: cut off, or undone by the runtime. */
  undone(run: Run): Outcome {
    return this.isExhausted(run) ? this.giveUp(run, 'undone', 'it does not stay') : { problem: 'install', detail: 'it was cut off' }
  }

  dropPending(): void {
    if (this.memory.saved.pending === undefined) return
    delete this.memory.saved.pending
    this.memory.save()
  }

  /** Whatever was answered (-1205 on Android for what is there already, or nothing at all): what is on the disk counts. */
  private async isThere(run: Run): Promise<boolean> {
    const there = await this.host.resources()
    return there !== undefined && there.name === run.name && codeOf(there.code) === run.code
  }

  private async refused(run: Run, code: number | undefined): Promise<Outcome> {
    this.silent = code === undefined
    if (!this.silent) this.trial.abandon()
    const detail = 'code ' + code
    const why = 'install' + (code === undefined ? '' : Math.abs(code))
    if (code !== undefined && lacking.indexOf(code) >= 0) return { ...this.giveUp(run, why, detail), problem: 'native' }
    if (code !== undefined && damaged.indexOf(code) >= 0) {
      const kept = this.packages.find(run.release)
      if (kept !== undefined) await this.packages.drop(kept) // it is downloaded once more
      this.dropPending()
    }
    return this.isExhausted(run) ? this.giveUp(run, why, detail) : { problem: 'install', detail }
  }

  private isExhausted(run: Run): boolean {
    return (this.memory.saved.tries[contentOf(run.release)] || 0) >= maxTries
  }

  private giveUp(run: Run, why: string, detail: string): Outcome {
    if (this.memory.mark(run, this.native, why)) this.memory.event('failed-' + why, run.release.id)
    delete this.memory.saved.pending
    this.memory.save()
    return { problem: 'install', detail, final: true }
  }

  private say(): string {
    return /^zh/i.test(this.host.language)
      ? '更新没有成功，正在恢复到之前的版本。如果一直没有恢复，请检查网络，或者卸载后重新安装本应用。'
      : 'The update did not work; the version before it is coming back. If it does not, check the network or reinstall the app.'
  }
}
