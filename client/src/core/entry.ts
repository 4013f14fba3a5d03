// An entry of a channel's journal, from its text to what may be decided on.

import { documentType, parseDocument } from './document.js'
import { openEnvelope, parseEnvelope } from './envelope.js'
import { Refused } from './refused.js'
import type { Document } from './document.js'
import type { KeySet } from './keys.js'

/** A verified entry. */
export interface Entry {
  readonly document: Document
  readonly payload: Uint8Array
  /** The keys in force: what the verifier trusts from now on. */
  readonly set: KeySet
  /** Digests of the sets that led there from those that were trusted. */
  readonly path: readonly string[]
}

export interface Expected {
  readonly app: string
  readonly channel: string
  /** The keys that are pinned or kept. */
  readonly trusted: KeySet
}

/**
 * Verifies the text or the bytes of an entry, and that it stands where it says: app, channel,
 * epoch of the keys. What is wrong with it comes back as a Refused; nothing is thrown.
 */
export function openEntry(envelope: string | Uint8Array, expected: Expected): Entry | Refused {
  try {
    const { app, channel, trusted } = expected
    const parsed = parseEnvelope(envelope)
    const path: string[] = []
    const set = openEnvelope(parsed, documentType, app, channel, trusted, path)
    const document = parseDocument(parsed.payload)
    if (document.app !== app) throw new Refused('app', 'entry of app ' + document.app)
    if (document.channel !== channel) throw new Refused('channel', 'entry of channel ' + document.channel)
    if (document.epoch !== set.epoch) throw new Refused('epoch', document.epoch + ' under keys of epoch ' + set.epoch)
    return { document, payload: parsed.payload, set, path }
  } catch (error) {
    return error instanceof Refused ? error : new Refused('grammar', String(error))
  }
}
