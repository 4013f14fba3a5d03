// Ed25519 as the protocol wants it (RFC 8032, S below L, no key of small order). The arithmetic is
// @stablelib/ed25519's, which the build puts into this file. Measured beside it: tweetnacl is as fast
// and twice the size, and fails to load where a bundler leaves its require; noble-ed25519 is faster
// and needs BigInt.

import { verify } from '@stablelib/ed25519'
import { encodeHex } from './hex.js'

export const keySize = 32
export const signatureSize = 64

/** Whether a signature is by a key. */
export function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== keySize || signature.length !== signatureSize) return false
  return belowL(signature.subarray(32)) && verify(key, message, signature)
}

// 2^252 + 27742317777372353535851937790883648493, little-endian
const L = [
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
]

/** S + L would be another signature that verifies. The library looks too; this is for ever. */
function belowL(s: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    if (s[i] !== L[i]) return s[i]! < L[i]!
  }
  return false
}

// The encodings of the points of small order, without the sign bit: signatures that verify by them
// can be made without a private key.
const weakKeys = [
  '0000000000000000000000000000000000000000000000000000000000000000', // order 4: what an unset key looks like
  '0100000000000000000000000000000000000000000000000000000000000000', // order 1
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', // order 8
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', // order 8
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // order 2
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // 0 again, as p
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // 1 again, as p + 1
]

/** Whether anyone can sign for a key. */
export function isWeak(key: Uint8Array): boolean {
  const unsigned = new Uint8Array(key)
  unsigned[keySize - 1]! &= 0x7f
  return weakKeys.indexOf(encodeHex(unsigned)) >= 0
}
