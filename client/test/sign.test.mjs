import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import test from 'node:test'
import { decodeUtf8, keyId, makeSet, openEnvelope, parseEnvelope, parseJcs, parsePin, pinText, Refused, refusals, setDigest } from '../dist/core/index.js'
import { keyFromSeed, sign } from './keys.mjs'
import { canonical, readVectors, tally } from './vectors.mjs'

test('vectors of the canonical JSON', () => {
  const { cases } = readVectors('sign/jcs.json', ['name', 'text', 'base64', 'want', 'reason'])
  for (const c of cases) {
    const text = c.text !== undefined ? c.text : decodeUtf8(new Uint8Array(Buffer.from(c.base64, 'base64')))
    let value, error
    try {
      if (text === undefined) throw new Refused('grammar', 'not UTF-8')
      value = parseJcs(text)
    } catch (e) {
      error = e
    }
    if (c.want === 'refuse') assert.ok(error instanceof Refused && error.code === 'grammar' && c.reason, `${c.name}: ${error || canonical(value)}`)
    else assert.equal(error === undefined && canonical(value), text, c.name)
  }
  assert.deepEqual(tally(cases.map((c) => c.want)), { accept: 35, refuse: 136 })
})

// Bytes cannot say these, but a script engine's string can.
test('half a character is refused, a whole one is not', () => {
  for (const text of ['"\ud800"', '"\udc00"', '"\udc00\ud800"', '"a\ud83d"', '{"\ud800":0}', '"\ud800\ud800\udc00"']) {
    assert.throws(() => parseJcs(text), (e) => e instanceof Refused && e.code === 'grammar', JSON.stringify(text))
  }
  assert.equal(parseJcs('"\ud83d\ude00"'), '😀')
})

test('a member named __proto__ is a member', () => {
  const value = parseJcs('{"__proto__":{"a":1},"constructor":2}')
  assert.deepEqual(Object.keys(value), ['__proto__', 'constructor'])
  assert.equal(value.a, undefined)
})

test('vectors of envelopes and chains', () => {
  const { cases } = readVectors('sign/envelope.json', ['name', 'pins', 'app', 'channel', 'payloadType', 'want', 'envelope', 'epoch', 'set', 'reason'])
  for (const c of cases) {
    const open = (envelope) => openEnvelope(parseEnvelope(envelope), c.payloadType, c.app, c.channel, makeSet(c.pins.map(parsePin)))
    for (const envelope of [c.envelope, new Uint8Array(Buffer.from(c.envelope))]) {
      if (c.want === 'accept') {
        const set = open(envelope)
        assert.deepEqual([set.epoch, setDigest(set)], [c.epoch, c.set], c.name)
        continue
      }
      // Go says "not 64 bytes in base64" in one breath, so there the vectors know no difference
      const codes = c.reason === 'base64' ? ['base64', 'signatures'] : [c.reason.replace(' ', '-')]
      assert.throws(() => open(envelope), (e) => e instanceof Refused && refusals.includes(e.code) && codes.includes(e.code), c.name)
    }
  }
  assert.deepEqual(tally(cases.map((c) => c.want + (c.reason || ''))), {
    accept: 30, refusesize: 4, refusegrammar: 78, refusebase64: 22, refusesignatures: 11, 'refuseunknown key': 15, refuserole: 14,
    refusesignature: 26, refusetype: 8, refusechain: 19, refuseapp: 4, refusenewer: 5, refusestatement: 59,
  })
})

test('vectors of pins', () => {
  const { cases } = readVectors('sign/pin.json', ['name', 'text', 'want', 'reason', 'role', 'epoch', 'key', 'keyid', 'channels'])
  for (const c of cases) {
    if (c.want === 'refuse') {
      assert.throws(() => parsePin(c.text), (e) => e instanceof Refused && e.code === 'pin', c.name)
      continue
    }
    const pin = parsePin(c.text)
    assert.deepEqual({ ...pin, key: Buffer.from(pin.key).toString('hex') }, { role: c.role, epoch: c.epoch, key: c.key, id: c.keyid, channels: c.channels }, c.name)
    assert.equal(pinText(pin), c.text)
  }
  assert.deepEqual(tally(cases.map((c) => c.want)), { accept: 12, refuse: 81 })
})

test('vectors of key ids', () => {
  const { cases } = readVectors('sign/keyid.json', ['name', 'role', 'epoch', 'seed', 'public', 'keyid', 'pin', 'secret'])
  for (const c of cases) {
    const key = keyFromSeed(Buffer.from(c.seed, 'base64'))
    assert.equal(key.base64, c.public, c.name)
    assert.equal(keyId(new Uint8Array(key.bytes)), c.keyid, c.name)
    const pin = parsePin(c.pin)
    assert.deepEqual([pin.role, pin.epoch, pin.id, Buffer.from(pin.key).toString('base64')], [c.role, c.epoch, c.keyid, c.public], c.name)
    assert.equal(pinText(pin), c.pin)
    assert.equal(c.secret, `wgtup-secret:${c.role}:${c.epoch}:${c.seed}`)
    assert.ok(crypto.verify(null, Buffer.from('x'), crypto.createPublicKey(key.secret), sign(key, Buffer.from('x'))))
  }
  assert.equal(cases.length, 19)
})

test('a set is of one epoch, has both roles and no key twice', () => {
  const [a, b, c] = [1, 2, 3].map((n) => keyFromSeed(Buffer.alloc(32, n)))
  const set = (...pins) => makeSet(pins.map(parsePin))
  const s = `signing:0:${a.base64}`
  const r = `recovery:0:${b.base64}`
  assert.deepEqual(set(s, r).pins.map((p) => p.role), ['recovery', 'signing'])
  assert.equal(setDigest(set(s, r)), setDigest(set(r, s)))
  for (const pins of [[], [s], [r], [s, s, r], [s, r, `recovery:0:${a.base64}`], [s, `recovery:1:${b.base64}`], [s, r, `signing:0:${c.base64}`, s]]) {
    assert.throws(() => set(...pins), (e) => e instanceof Refused && e.code === 'pin', pins.join(' '))
  }
})
