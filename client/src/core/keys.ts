// Public keys: the pins an app is built with, and the sets that key statements name.

import { decodeBase64, encodeBase64 } from './base64.js'
import { isWeak, keySize } from './ed25519.js'
import { encodeHex } from './hex.js'
import { Refused } from './refused.js'
import { sha256 } from './sha256.js'
import { encodeUtf8 } from './utf8.js'

export type Role = 'signing' | 'recovery'

/** A public key with what an app must know of it. */
export interface Pin {
  readonly role: Role
  readonly epoch: number
  readonly key: Uint8Array
  readonly id: string
  /** Sorted; none means every channel. Only a signing key has some. */
  readonly channels: readonly string[]
}

/** The keys of one epoch, in the order of their text. */
export interface KeySet {
  readonly epoch: number
  readonly pins: readonly Pin[]
}

export const maxKeys = 16

const channelName = /^[a-z0-9-]{1,64}$/

/** A selector among keys, not a security boundary. */
export function keyId(key: Uint8Array): string {
  return encodeHex(sha256(key).subarray(0, 8))
}

/** Reads role:epoch:base64[:channels], as `wgtup init` prints it. Throws Refused (pin). */
export function parsePin(text: string): Pin {
  const parts = text.split(':')
  if (parts.length !== 3 && parts.length !== 4) throw bad('want role:epoch:key, got ' + parts.length + ' parts')
  const [role, epoch, key, channels] = parts as [string, string, string, string?]
  if (!/^(0|[1-9][0-9]{0,9})$/.test(epoch) || Number(epoch) > 0x7fffffff) throw bad('the epoch must be a whole number')
  return makePin(role, Number(epoch), decodeBase64(key), channels === undefined ? [] : channels.split(','))
}

/** Checks what a pin says. Throws Refused (pin). */
export function makePin(role: string, epoch: number, key: Uint8Array | undefined, channels: readonly string[]): Pin {
  if (role !== 'signing' && role !== 'recovery') throw bad('the role must be signing or recovery')
  if (key === undefined || key.length !== keySize) throw bad('the key must be ' + keySize + ' bytes in base64')
  if (isWeak(key)) throw bad(encodeBase64(key) + ' is no key: anyone can sign for it')
  if (channels.length > 0 && role !== 'signing') throw bad('only a signing key is bound to channels')
  for (let i = 0; i < channels.length; i++) {
    if (!channelName.test(channels[i]!) || (i > 0 && channels[i - 1]! >= channels[i]!)) throw bad('channels must be names in order, each once')
  }
  return { role, epoch, key, id: keyId(key), channels }
}

/** The text that parsePin reads. */
export function pinText(pin: Pin): string {
  const text = pin.role + ':' + pin.epoch + ':' + encodeBase64(pin.key)
  return pin.channels.length > 0 ? text + ':' + pin.channels.join(',') : text
}

/** Whether a key may sign documents of a channel. */
export function signs(pin: Pin, channel: string): boolean {
  return pin.role === 'signing' && (pin.channels.length === 0 || pin.channels.indexOf(channel) >= 0)
}

/**
 * Checks that pins are the keys of one epoch: at least one signing and one recovery key, none
 * twice. Throws Refused (pin).
 */
export function makeSet(pins: readonly Pin[]): KeySet {
  if (pins.length === 0 || pins.length > maxKeys) throw bad('a key set has 1 to ' + maxKeys + ' keys, not ' + pins.length)
  const sorted = inOrder(pins)
  const epoch = sorted[0]!.epoch
  for (let i = 0; i < sorted.length; i++) {
    if (sorted[i]!.epoch !== epoch) throw bad('keys of two epochs in one set')
    for (let j = 0; j < i; j++) {
      if (sorted[j]!.id === sorted[i]!.id) throw bad('key ' + sorted[i]!.id + ' is named twice')
    }
  }
  const has = (role: Role) => sorted.some((pin) => pin.role === role)
  if (!has('signing') || !has('recovery')) throw bad('a key set needs a signing and a recovery key')
  return { epoch, pins: sorted }
}

/** Pins by their text, which is ASCII. */
export function inOrder(pins: readonly Pin[]): Pin[] {
  return pins.slice().sort((a, b) => (pinText(a) < pinText(b) ? -1 : 1))
}

/** The key with an id. */
export function findKey(set: KeySet, id: string): Pin | undefined {
  return set.pins.filter((pin) => pin.id === id)[0]
}

/**
 * What identifies a set: hex SHA-256 of the canonical JSON of its keys, as they stand in a
 * statement. Its strings are names and base64, which need no escape.
 */
export function setDigest(set: KeySet): string {
  const members = set.pins.map((pin) => {
    const channels = pin.channels.length > 0 ? '"channels":["' + pin.channels.join('","') + '"],' : ''
    return '{' + channels + '"key":"' + encodeBase64(pin.key) + '","role":"' + pin.role + '"}'
  })
  return encodeHex(sha256(encodeUtf8('[' + members.join(',') + ']')))
}

function bad(detail: string): Refused {
  return new Refused('pin', detail)
}
