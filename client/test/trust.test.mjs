// The rules of trust in one table: in every configuration, what is not signed by a key that may
// sign it is refused, and there is no option that changes that.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import test from 'node:test'
import { makeSet, openEntry, parsePin, Refused } from '../dist/core/index.js'
import { settings } from '../dist/options.js'
import { keyFromSeed, pinOf, seal, statement } from './keys.mjs'
import { canonical } from './vectors.mjs'

const app = '__UNI__A1B2C3D'
const key = (name) => keyFromSeed(crypto.createHash('sha256').update(name).digest())
const [signing, spare, beta, recovery, stranger, signing1, recovery1] = ['signing', 'spare', 'beta', 'recovery', 'stranger', 'signing 1', 'recovery 1'].map(key)
const type = 'application/vnd.wgtup.release+json'

const documentOf = (more) => ({
  format: 1, critical: [], app, channel: 'production', epoch: 0, sequence: 1, previous: '', home: '0123456789abcdef', issued: '2026-11-22T15:00:00Z',
  expires: '2027-11-22T15:00:00Z', bases: [], releases: [], withdrawn: [], holds: [], ...more,
})
const entry = (document, signers, statements = [], payloadType = type) => canonical(seal(payloadType, Buffer.from(canonical(document)), statements, signers))

const sets = {
  'one key of each role': [pinOf('signing', 0, signing), pinOf('recovery', 0, recovery)],
  'a spare key': [pinOf('signing', 0, signing), pinOf('signing', 0, spare), pinOf('recovery', 0, recovery)],
  'a key for beta only': [pinOf('signing', 0, signing), pinOf('signing', 0, beta, ['beta']), pinOf('recovery', 0, recovery)],
  'of the next epoch': [pinOf('signing', 1, signing1), pinOf('recovery', 1, recovery1)],
}
const next = statement(app, 1, [{ role: 'signing', key: signing1 }, { role: 'recovery', key: recovery1 }], [recovery])
const usurped = (by) => statement(app, 1, [{ role: 'signing', key: stranger }, { role: 'recovery', key: stranger }].slice(0, 2).map((k, i) => (i ? { ...k, key: recovery1 } : k)), [by])

// text, and for each set the verdict: '' is accepted
const rules = [
  ['by the signing key', entry(documentOf(), [signing]), '', '', '', 'chain'],
  ['by the spare key', entry(documentOf(), [spare]), 'unknown-key', '', 'unknown-key', 'chain'],
  ['by both', entry(documentOf(), [signing, spare]), 'unknown-key', '', 'unknown-key', 'chain'],
  ['by the signing key and a stranger', entry(documentOf(), [signing, stranger]), 'unknown-key', 'unknown-key', 'unknown-key', 'chain'],
  ['by a stranger', entry(documentOf(), [stranger]), 'unknown-key', 'unknown-key', 'unknown-key', 'chain'],
  ['by the recovery key', entry(documentOf(), [recovery]), 'role', 'role', 'role', 'chain'],
  ['by the key of another channel', entry(documentOf(), [beta]), 'unknown-key', 'unknown-key', 'role', 'chain'],
  ['by nobody', canonical({ ...JSON.parse(entry(documentOf(), [signing])), signatures: [] }), 'signatures', 'signatures', 'signatures', 'signatures'],
  ['not in an envelope', canonical(documentOf()), 'grammar', 'grammar', 'grammar', 'grammar'],
  ['a key statement in place of a document', canonical({ keys: [], ...next }), 'type', 'type', 'type', 'type'],
  ['a document in place of a key statement', entry(documentOf({ epoch: 1 }), [signing1], [seal(type, Buffer.from(canonical(documentOf())), undefined, [recovery])]), 'type', 'type', 'type', 'type'],
  ['of another payload type', entry(documentOf(), [signing], [], 'application/json'), 'type', 'type', 'type', 'type'],
  ['of another app', entry(documentOf({ app: '__UNI__OTHER' }), [signing]), 'app', 'app', 'app', 'chain'],
  ['of another channel', entry(documentOf({ channel: 'beta' }), [signing]), 'channel', 'channel', 'channel', 'chain'],
  ['of an epoch without a statement', entry(documentOf({ epoch: 1 }), [signing]), 'epoch', 'epoch', 'epoch', 'chain'],
  ['after a rotation', entry(documentOf({ epoch: 1 }), [signing1], [next]), '', '', '', ''],
  ['after a rotation, by the old key', entry(documentOf({ epoch: 1 }), [signing], [next]), 'unknown-key', 'unknown-key', 'unknown-key', 'unknown-key'],
  ['after a rotation, of the old epoch', entry(documentOf(), [signing1], [next]), 'epoch', 'epoch', 'epoch', 'epoch'],
  ['a rotation by the signing key', entry(documentOf({ epoch: 1 }), [stranger], [usurped(signing)]), 'role', 'role', 'role', 'chain'],
  ['a rotation by a stranger', entry(documentOf({ epoch: 1 }), [stranger], [usurped(stranger)]), 'unknown-key', 'unknown-key', 'unknown-key', 'chain'],
  ['a rotation by the new recovery key', entry(documentOf({ epoch: 1 }), [stranger], [usurped(recovery1)]), 'unknown-key', 'unknown-key', 'unknown-key', 'chain'],
]

test('who may sign what: every rule under every set of pins', () => {
  let checked = 0
  for (const [what, text, ...verdicts] of rules) {
    Object.entries(sets).forEach(([name, pins], i) => {
      const opened = openEntry(text, { app, channel: 'production', trusted: makeSet(pins.map(parsePin)) })
      assert.equal(opened instanceof Refused ? opened.code : '', verdicts[i], `${what}, ${name}: ${opened.detail}`)
      checked++
    })
  }
  assert.equal(checked, 84)
})

test('without usable keys nothing starts, and no option verifies less', () => {
  const url = 'https://a.example/x'
  const good = sets['one key of each role']
  const [first, second] = good
  for (const publicKeys of [undefined, null, [], [first], [second], [first, first], [first, second, second], [first, 'recovery:1' + second.slice(10)], [first, second, ''], [first, second, 'x'],
    [first, 'recovery:0:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='], [first, 'root' + second.slice(8)], ['wgtup-secret:' + first, second], [first + ':beta,alpha', second], [first, second + ':beta']]) {
    assert.throws(() => settings({ url, publicKeys }), undefined, JSON.stringify(publicKeys))
  }
  const plain = settings({ url, publicKeys: good })
  for (const more of [{ allowUnsigned: true }, { verify: false }, { insecure: true }, { pins: [] }, { trusted: [] }, { allowUnsigned: 'yes', skipSignature: 1 }]) {
    assert.deepEqual(settings({ url, publicKeys: good, ...more }), plain)
  }
})
