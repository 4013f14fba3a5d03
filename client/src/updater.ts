// The calls an app makes.

import type { Check, Events, Result, State } from './events.js'
import type { SyncOptions } from './options.js'

/** Looked for in packages by the wgtup command. */
export const client = 'wgtup-client/0.1.0'

/** No call throws, and no promise is rejected. */
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
