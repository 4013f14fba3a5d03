// DSSE envelopes and the chain of key statements: the same verdicts as the Go package sign.

import { decodeBase64 } from './base64.js'
import { signatureSize, verifyEd25519 } from './ed25519.js'
import { parseJcs } from './jcs.js'
import { findKey, inOrder, makePin, makeSet, pinText, setDigest, signs } from './keys.js'
import { Refused } from './refused.js'
import { integer, list, object, text } from './shape.js'
import { decodeUtf8, encodeUtf8, utf8Length } from './utf8.js'
import type { Json } from './jcs.js'
import type { KeySet, Pin } from './keys.js'
import type { Refusal } from './refused.js'

/** The payload type of a key statement. */
export const statementType = 'application/vnd.wgtup.keys+json'

/** Sizes in bytes above which a text is refused unread. */
export const maxEnvelope = 64 << 10
export const maxPayload = 32 << 10

/** Bounds of what a verifier does. */
export const maxSignatures = 4
export const maxStatements = 32

/** A parsed envelope: well formed, not yet verified. */
export interface Envelope {
  readonly type: string
  readonly payload: Uint8Array
  readonly signatures: readonly { readonly keyId: string; readonly bytes: Uint8Array }[]
  /** Key statements, oldest first; none inside a statement. */
  readonly statements: readonly Envelope[]
}

interface Wire {
  keys?: Wire[]
  payload: string
  payloadType: string
  signatures: { keyid: string; sig: string }[]
}

const wireSignatures = list(object({ keyid: text, sig: text }))

/** Reads an envelope of a document; its text or its bytes. Throws Refused. */
export function parseEnvelope(envelope: string | Uint8Array): Envelope {
  const size = typeof envelope === 'string' ? utf8Length(envelope) : envelope.length
  if (size > maxEnvelope) throw new Refused('size', 'envelope of ' + size + ' bytes, limit ' + maxEnvelope)
  const string = typeof envelope === 'string' ? envelope : decodeUtf8(envelope)
  if (string === undefined) throw new Refused('grammar', 'not UTF-8')
  const tree = parseJcs(string)
  const wire = recode('grammar', () => readWire(tree, ''))
  if (wire.keys === undefined) throw new Refused('grammar', 'keys is missing')
  if (wire.keys.length > maxStatements) throw new Refused('size', 'more than ' + maxStatements + ' key statements')
  const statements: Envelope[] = []
  const document = fromWire(wire, statements)
  for (const key of wire.keys) {
    if (key.keys !== undefined) throw new Refused('grammar', 'a key statement carries keys of its own')
    statements.push(fromWire(key, []))
  }
  return document
}

const wireShape = object({ payload: text, payloadType: text, signatures: wireSignatures }, { keys: list(readWire) })

/** An envelope has one spelling: what is not known is refused. */
function readWire(value: Json | undefined, path: string): Wire {
  const wire: Wire = wireShape(value, path)
  exact(value, wire)
  const signatures = (value as { signatures: Json[] }).signatures
  signatures.forEach((signature, i) => exact(signature, wire.signatures[i]!))
  return wire
}

function exact(value: Json | undefined, read: object): void {
  if (Object.keys(value as object).length !== Object.keys(read).length) throw new Refused('grammar', 'unknown member')
}

function fromWire(wire: Wire, statements: Envelope[]): Envelope {
  const payload = decodeBase64(wire.payload)
  if (payload === undefined) throw new Refused('base64', 'payload')
  if (payload.length > maxPayload) throw new Refused('size', 'payload of ' + payload.length + ' bytes, limit ' + maxPayload)
  const count = wire.signatures.length
  if (count < 1 || count > maxSignatures) throw new Refused('signatures', count + ', want 1 to ' + maxSignatures)
  const signatures = wire.signatures.map((signature, i) => {
    const bytes = decodeBase64(signature.sig)
    if (bytes === undefined) throw new Refused('base64', 'signature')
    if (bytes.length !== signatureSize) throw new Refused('signatures', 'one of ' + bytes.length + ' bytes')
    if (i > 0 && wire.signatures[i - 1]!.keyid >= signature.keyid) throw new Refused('signatures', 'out of order')
    return { keyId: signature.keyid, bytes }
  })
  return { type: wire.payloadType, payload, signatures, statements }
}

/**
 * Verifies an envelope by the set a verifier trusts and returns the set in force, which the
 * verifier keeps from then on and never goes back from. The caller still has to compare the epoch
 * inside the document with that set's. Throws Refused.
 */
export function openEnvelope(envelope: Envelope, type: string, app: string, channel: string, trusted: KeySet, path: string[] = []): KeySet {
  if (envelope.type !== type) throw new Refused('type', 'payload type ' + envelope.type)
  const set = walkChain(envelope.statements, app, trusted, path)
  verifyEnvelope(envelope, set, (pin) => signs(pin, channel))
  return set
}

/**
 * Follows a chain of key statements from the set a verifier trusts to the last one. The digests of
 * the sets on the way are added to path.
 */
export function walkChain(statements: readonly Envelope[], app: string, trusted: KeySet, path: string[] = []): KeySet {
  let set = trusted
  let last = 0
  statements.forEach((statement, i) => {
    const next = readStatement(statement, app)
    if (next.epoch < 1 || (i > 0 && next.epoch !== last + 1)) throw new Refused('chain', 'epoch ' + next.epoch + ' after epoch ' + last)
    last = next.epoch
    if (next.epoch === trusted.epoch && setDigest(next) !== setDigest(trusted)) throw new Refused('chain', 'another key set for epoch ' + next.epoch)
    if (next.epoch <= trusted.epoch) return
    if (next.epoch !== set.epoch + 1) throw new Refused('chain', 'no key statement for epoch ' + (set.epoch + 1))
    verifyEnvelope(statement, set, (pin) => pin.role === 'recovery')
    set = next
    path.push(setDigest(set))
  })
  if (last < trusted.epoch) throw new Refused('chain', 'keys of epoch ' + last + ', but epoch ' + trusted.epoch + ' is known')
  return set
}

const statementShape = object({
  format: integer,
  critical: list(text),
  app: text,
  epoch: integer,
  keys: list(object({ role: text, key: text }, { channels: list(text) })),
})

/** The key set that a statement names, on its own word. */
function readStatement(statement: Envelope, app: string): KeySet {
  if (statement.type !== statementType) throw new Refused('type', 'key statement of payload type ' + statement.type)
  const said = recode('statement', () => statementShape(parsePayload(statement.payload), ''))
  if (said.format !== 1 || said.critical.length > 0) throw new Refused('newer', 'key statement')
  if (said.app !== app) throw new Refused('app', 'key statement for app ' + said.app)
  return recode('statement', () => {
    const pins = said.keys.map((key) => {
      if (key.channels !== undefined && key.channels.length === 0) throw new Refused('statement', 'a key is for no channel')
      return makePin(key.role, said.epoch, decodeBase64(key.key), key.channels || [])
    })
    const set = makeSet(pins)
    if (inOrder(pins).some((pin, i) => pinText(pin) !== pinText(pins[i]!))) throw new Refused('statement', 'keys are out of order')
    return set
  })
}

/** Reads a payload, which is canonical JSON. */
export function parsePayload(payload: Uint8Array): Json {
  const string = decodeUtf8(payload)
  if (string === undefined) throw new Refused('grammar', 'not UTF-8')
  return parseJcs(string)
}

/** Every signature must be by a key of the set that may sign this, and verify. */
function verifyEnvelope(envelope: Envelope, set: KeySet, may: (pin: Pin) => boolean): void {
  const signed = preAuthenticationEncoding(envelope.type, envelope.payload)
  for (const signature of envelope.signatures) {
    const pin = findKey(set, signature.keyId)
    if (pin === undefined) throw new Refused('unknown-key', signature.keyId + ' is not in the set of epoch ' + set.epoch)
    if (!may(pin)) throw new Refused('role', pin.role + ' key ' + pin.id + ' may not sign this')
    if (!verifyEd25519(pin.key, signed, signature.bytes)) throw new Refused('signature', 'by key ' + pin.id + ' does not verify')
  }
}

/** The text that is signed for a payload (DSSE). */
export function preAuthenticationEncoding(type: string, payload: Uint8Array): Uint8Array {
  const head = encodeUtf8('DSSEv1 ' + utf8Length(type) + ' ' + type + ' ' + payload.length + ' ')
  const signed = new Uint8Array(head.length + payload.length)
  signed.set(head)
  signed.set(payload, head.length)
  return signed
}

/** Says what a part is refused for by the code of the whole. */
export function recode<T>(code: Refusal, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof Refused ? new Refused(code, error.detail) : error
  }
}
