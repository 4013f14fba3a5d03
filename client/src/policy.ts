// How sync brings an offer to its user.

import type { UpdateOffer } from './events.js'
import type { SyncMode } from './options.js'

/** Milliseconds for which a release that was put off is not shown again. */
const putOff = 24 * 3600000

/**
 * force: shown without a no, and done. show: the user decides. silent: downloaded now, installed at
 * the next start. keep: that is done. wait: for Wi-Fi. avoid: its bytes were wrong. nothing: put off.
 */
export type Way = 'force' | 'show' | 'silent' | 'keep' | 'wait' | 'avoid' | 'nothing'

export interface Circumstances {
  mode: SyncMode
  /** Whether the app can restart itself. */
  restarts: boolean
  avoided: boolean
  /** It is installed at the next start. */
  pending: boolean
  waitsForWifi: boolean
  dismissed: { release: string; at: number } | undefined
  now: number
}

export function wayOf(offer: UpdateOffer, its: Circumstances): Way {
  if (its.avoided) return 'avoid'
  if (offer.mode === 'force') return offer.action === 'wgt' ? 'force' : 'show'
  const mode = its.mode === 'auto' ? offer.mode : its.mode
  if (mode === 'prompt' || offer.action === 'native' || !its.restarts) {
    const age = its.dismissed !== undefined && its.dismissed.release === offer.release ? its.now - its.dismissed.at : -1
    return age >= 0 && age < putOff ? 'nothing' : 'show'
  }
  if (offer.downloaded) return its.pending ? 'keep' : 'silent'
  return its.waitsForWifi ? 'wait' : 'silent'
}
