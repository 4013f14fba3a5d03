// Where there is nothing to update every call answers why, and does nothing.

import { client } from './updater.js'
import type { Check, Problem, Result, State } from './events.js'
import type { Updater } from './updater.js'

/** unsupported: H5, mini-programs, the HBuilder base. config: the options are wrong. */
export function idle(problem: Problem, detail: string): Updater {
  const nothing: Result = { ok: false, problem, detail }
  const result = (): Promise<Result> => Promise.resolve(nothing)
  const check = (): Promise<Check> => Promise.resolve({ ok: false, problem, detail, action: 'none', reason: problem })
  const none = (): void => {}
  return {
    check,
    sync: check,
    download: result,
    install: result,
    accept: result,
    setChannel: result,
    rollback: result,
    ready: none,
    dismiss: none,
    cancel: none,
    forgive: none,
    on: () => none,
    plugin: { install: none },
    state: (): State => ({
      client,
      phase: 'idle',
      app: '',
      channel: '',
      platform: '',
      native: { name: '', code: 0 },
      running: { name: '', code: 0 },
      confirmed: true,
      received: 0,
      total: 0,
      problem,
      detail,
      bad: [],
      device: {},
    }),
  }
}
