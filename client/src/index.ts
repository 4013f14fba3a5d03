// wgtup-client: hot updates for uni-app apps from nothing but a bucket.

import { idle } from './idle.js'
import { settings } from './options.js'
import type { Options } from './options.js'
import type { Updater } from './updater.js'

declare const console: { error(...parts: unknown[]): void }
/** The boot guard, where the package has one. */
declare const wgtupBoot: { failed(why: string, detail: string): void } | undefined

// Code has to follow what is conditional: tsc leaves a type out with the comment before it.
// #ifdef APP-PLUS || APP-HARMONY
import { phone } from './runtime/uni.js'
import { AppUpdater } from './app.js'
// #endif

// Two would install beside each other, and write over each other's state.
let made: Updater | undefined

/**
 * Makes the updater of an app; once, in a module of its own, imported by main.js: a second call
 * answers the first one. Never throws: wrong options are said on the console and by every call.
 */
export function createUpdater(options: Options): Updater {
  try {
    const checked = settings(options)
    // #ifdef APP-PLUS || APP-HARMONY
    const host = phone()
    if (host) return made || (made = new AppUpdater(checked, host, typeof wgtupBoot === 'undefined' ? undefined : wgtupBoot))
    // #endif
    return idle('unsupported', checked.channel)
  } catch (error) {
    console.error('wgtup: createUpdater: ' + error)
    return idle('config', String(error))
  }
}

export type { Check, Events, Phase, Problem, Result, State, UpdateOffer } from './events.js'
export type { Options, SyncMode, SyncOptions } from './options.js'
export type { Updater } from './updater.js'
