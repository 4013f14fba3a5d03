import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'
import { compare, decide, documentKey, journalKey, makeSet, openEntry, packageKey, parseDocument, parsePin, patchKey, Refused, refusals, setDigest } from '../dist/core/index.js'
import { newKey, pinOf, seal, statement } from './keys.mjs'
import { canonical, payloadOf } from './vectors.mjs'

const type = 'application/vnd.wgtup.release+json'
const file = JSON.parse(fs.readFileSync(new URL('../../testdata/vectors/release/decide.json', import.meta.url), 'utf8'))
const document = file.documents['one release']
const { app, channel } = document
const [s0, r0, s1, r1, x] = [1, 2, 3, 4, 5].map(newKey)
const trusted = makeSet([parsePin(pinOf('signing', 0, s0)), parsePin(pinOf('recovery', 0, r0))])
const expected = { app, channel, trusted }
const epoch1 = statement(app, 1, [{ role: 'signing', key: s1 }, { role: 'recovery', key: r1 }], [r0])

const entry = (change = {}, signers = [s0], keys = []) => canonical(seal(type, payloadOf({ ...document, ...change }), keys, signers))
const code = (text, wanted = expected) => {
  const opened = openEntry(text, wanted)
  return opened instanceof Refused ? opened.code : 'accepted'
}

test('an entry opens to its document, payload and key set', () => {
  for (const text of [entry(), new Uint8Array(Buffer.from(entry()))]) {
    const opened = openEntry(text, expected)
    assert.ok(!(opened instanceof Refused))
    assert.equal(opened.document.sequence, document.sequence)
    assert.deepEqual(opened.payload, payloadOf(document))
    assert.equal(setDigest(opened.set), setDigest(trusted))
  }
  const opened = openEntry(entry({ epoch: 1 }, [s1], [epoch1]), expected)
  assert.equal(opened.set.epoch, 1)
  assert.equal(code(entry({ epoch: 1 }, [s1], [epoch1]), { app, channel, trusted: opened.set }), 'accepted')
})

test('an entry that stands elsewhere than it says is refused', () => {
  assert.equal(code(entry({ app: 'other' })), 'app')
  assert.equal(code(entry({ channel: 'beta' })), 'channel')
  assert.equal(code(entry({ epoch: 1 })), 'epoch')
  assert.equal(code(entry({ epoch: 0 }, [s1], [epoch1])), 'epoch')
  assert.equal(code(entry({ epoch: 1 }, [s0], [epoch1])), 'unknown-key')
  assert.equal(code(entry({}, [x])), 'unknown-key')
  assert.equal(code(entry({}, [r0])), 'role')
  assert.equal(code(entry({ format: 2 })), 'newer')
  assert.equal(code(entry({ critical: ['x'] })), 'newer')
  assert.equal(code(entry({ sequence: 0 })), 'document')
  assert.equal(code(entry(), { app: 'other', channel, trusted }), 'app')
  assert.equal(code(canonical(seal(type, Buffer.from(' ' + canonical(document)), [], [s0]))), 'document')
})

// Every character against some others, left out, doubled, and exchanged with the next.
test('no character of an entry can be changed', () => {
  const text = entry({}, [s0])
  assert.equal(code(text), 'accepted')
  // a text that only the signature refuses takes milliseconds: of those a sample
  const few = (i) => i < 40 || i > text.length - 220 || i % 20 === 0
  let tried = 0
  const refuse = (other, what) => {
    if (other === text) return
    assert.notEqual(code(other), 'accepted', what)
    tried++
  }
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    const next = c === 'z' ? 'a' : String.fromCharCode(c.charCodeAt(0) + 1)
    for (const other of ['', ' ', '\n', '\\', '"', '\0', 'é', '\ufeff', '\ud800', c + c]) refuse(text.slice(0, i) + other + text.slice(i + 1), `${i}: ${JSON.stringify(other)} for ${c}`)
    if (few(i)) {
      for (const other of [next, c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()]) {
        if (other !== c) refuse(text.slice(0, i) + other + text.slice(i + 1), `${i}: ${other} for ${c}`)
      }
      if (i + 1 < text.length && text[i + 1] !== c) refuse(text.slice(0, i) + text[i + 1] + c + text.slice(i + 2), `${i} and the next exchanged`)
    }
    refuse(text.slice(0, i), `cut at ${i}`)
  }
  refuse(text + '\n')
  refuse('\ufeff' + text)
  assert.ok(tried > 10 * text.length, `${tried} texts`)
})

// The bits of the bytes, of which the characters above are only some.
test('no bit of a signature or a payload can be changed', () => {
  const whole = JSON.parse(entry())
  const flip = (base64, bit) => {
    const bytes = Buffer.from(base64, 'base64')
    bytes[bit >> 3] ^= 1 << (bit & 7)
    return bytes.toString('base64')
  }
  for (let bit = 0; bit < 512; bit++) {
    const sig = flip(whole.signatures[0].sig, bit)
    assert.equal(code(canonical({ ...whole, signatures: [{ ...whole.signatures[0], sig }] })), 'signature', `bit ${bit}`)
  }
  for (let bit = 0; bit < 8 * payloadOf(document).length; bit += 61) {
    assert.equal(code(canonical({ ...whole, payload: flip(whole.payload, bit) })), 'signature', `bit ${bit}`)
  }
})

test('openEntry never throws', () => {
  for (const text of ['', 'null', '{', '[[[[', '\ud800', '{}', '<html></html>', undefined, null, 7, {}, [], new Uint8Array(0), new Uint8Array(70000), 'x'.repeat(65537), '更'.repeat(30000)]) {
    const opened = openEntry(text, expected)
    assert.ok(opened instanceof Refused && refusals.includes(opened.code), JSON.stringify(text))
  }
  assert.equal(code('x'.repeat(65537)), 'size')
  assert.equal(code('更'.repeat(30000)), 'size')
  assert.ok(openEntry(entry(), {}) instanceof Refused)
})

test('decide never throws, whatever became of the device state', () => {
  const parsed = parseDocument(payloadOf(file.documents[Object.keys(file.documents).sort((a, b) => canonical(file.documents[b]).length - canonical(file.documents[a]).length)[0]]))
  const odd = [undefined, null, '', 'x', 0, -1, NaN, {}, [], [null], true]
  const good = file.cases.find((c) => c.device.running.release && c.device.bad)?.device || file.cases[0].device
  const members = ['app', 'channel', 'platform', 'native', 'running', 'held', 'install', 'bad']
  let answers = 0
  for (const value of odd) {
    const devices = [value, ...members.map((m) => ({ ...good, [m]: value }))]
    for (const m of ['name', 'code', 'channel', 'release']) devices.push({ ...good, running: { ...good.running, [m]: value } })
    for (const device of devices) {
      for (const clock of [{ now: Date.parse('2026-11-22T12:00:00Z'), network: true }, { now: NaN, network: true }, {}, undefined]) {
        const decision = decide(device, parsed, clock)
        assert.ok(['none', 'wgt', 'native'].includes(decision.action) && decision.rules.length > 0)
        answers++
      }
    }
  }
  assert.equal(decide(undefined, undefined, undefined).action, 'none')
  assert.ok(answers > 500)
})

test('positions order by epoch, then sequence', () => {
  const ascending = [[0, 1], [0, 2], [0, 10], [0, 9999999999], [1, 1], [2, 1], [10, 1], [9007199254740991, 9999999999]].map(([epoch, sequence]) => ({ epoch, sequence }))
  ascending.forEach((a, i) => ascending.forEach((b, j) => assert.equal(Math.sign(compare(a, b)), Math.sign(i - j))))
})

test('keys of objects', () => {
  assert.equal(journalKey('production', { epoch: 0, sequence: 42 }), 'channels/production/journal/0/0000000042.json')
  assert.equal(journalKey('beta-2', { epoch: 3, sequence: 9999999999 }), 'channels/beta-2/journal/3/9999999999.json')
  assert.equal(documentKey('production'), 'channels/production/release.json')
  assert.equal(packageKey('ab12', 'ipa'), 'packages/ab12.ipa')
  assert.equal(patchKey('cd34'), 'patches/cd34.patch')
})
