// Key pairs and signed envelopes, made by node:crypto.
import crypto from 'node:crypto'
import { preAuthenticationEncoding } from '../dist/core/index.js'
import { canonical } from './vectors.mjs'

/** A key from a seed of 32 bytes. */
export function keyFromSeed(seed) {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const secret = crypto.createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  return keyOf(secret)
}

export function newKey() {
  return keyOf(crypto.generateKeyPairSync('ed25519').privateKey)
}

function keyOf(secret) {
  const bytes = crypto.createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32)
  const id = crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  return { secret, bytes, id, base64: bytes.toString('base64') }
}

export function sign(key, message) {
  return crypto.sign(null, message, key.secret)
}

/** An envelope as an object; without keys it is a key statement. */
export function seal(type, payload, keys, signers) {
  const signed = preAuthenticationEncoding(type, payload)
  const signatures = signers
    .map((key) => ({ keyid: key.id, sig: sign(key, signed).toString('base64') }))
    .sort((a, b) => (a.keyid < b.keyid ? -1 : 1))
  return { ...(keys && { keys }), payload: Buffer.from(payload).toString('base64'), payloadType: type, signatures }
}

export function pinOf(role, epoch, key, channels = []) {
  return [role, epoch, key.base64, ...(channels.length ? [channels.join(',')] : [])].join(':')
}

export function statement(app, epoch, keys, signers) {
  const sorted = keys.slice().sort((a, b) => (pinOf(a.role, epoch, a.key, a.channels) < pinOf(b.role, epoch, b.key, b.channels) ? -1 : 1))
  const members = sorted.map(({ role, key, channels }) => ({ role, key: key.base64, ...(channels && { channels }) }))
  const payload = Buffer.from(canonical({ format: 1, critical: [], app, epoch, keys: members }))
  return seal('application/vnd.wgtup.keys+json', payload, undefined, signers)
}
