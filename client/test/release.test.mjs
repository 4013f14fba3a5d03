import assert from 'node:assert/strict'
import test from 'node:test'
import { cohort, decide, higher, parseDocument, parseTime, reasons, Refused, share, testerHash } from '../dist/core/index.js'
import { full, latest } from './latest.mjs'
import { canonical, checkCases, payloadOf, plain, readVectors } from './vectors.mjs'

test('vectors of decide', () => {
  const { cases, documents } = readVectors('release/decide.json', ['name', 'device', 'document', 'clock', 'want'], ['documents'])
  const parsed = {}
  for (const name of Object.keys(documents)) parsed[name] = parseDocument(payloadOf(documents[name]))
  for (const c of cases) {
    const { rules, patch, ...got } = decide(c.device, parsed[c.document], { now: parseTime(c.clock.now), network: c.clock.network || false })
    if (patch !== undefined) got.patchFrom = patch.from
    assert.deepEqual(plain(got), c.want, c.name)
    assert.ok(rules.length > 0, c.name)
  }
  assert.equal(cases.length, 314)
  assert.deepEqual(reasons.filter((r) => !cases.some((c) => c.want.reason === r)), [])
})

test('vectors of documents', () => {
  const { cases } = readVectors('release/document.json', ['name', 'payload', 'base64', 'parse', 'strict'])
  for (const c of cases) {
    const payload = new Uint8Array(c.base64 ? Buffer.from(c.base64, 'base64') : Buffer.from(c.payload))
    if (c.parse) parseDocument(payload)
    else assert.throws(() => parseDocument(payload), (e) => e instanceof Refused && (e.code === 'document' || e.code === 'newer'), c.name)
    // nothing is lost of what a writer accepts, which is all that this version knows
    if (c.strict) assert.equal(canonical(parseDocument(payload)), c.payload, c.name)
  }
  assert.equal(cases.length, 212)
})

test('notes in a language named __proto__ are notes', () => {
  const { cases } = readVectors('release/document.json', ['name', 'payload', 'base64', 'parse', 'strict'])
  const text = cases.find((c) => c.strict && c.payload.includes('"notes":{')).payload
  const d = parseDocument(new Uint8Array(Buffer.from(text.replace('"notes":{', '"notes":{"__proto__":"x",'))))
  const notes = d.releases.map((r) => r.notes).find((n) => n !== undefined)
  assert.deepEqual(Object.keys(notes)[0], '__proto__')
  assert.equal(notes['__proto__'], 'x')
})

test('vectors of the version order', () => {
  const { cases } = readVectors('release/version-order.json', ['name', 'next', 'current', 'higher'])
  for (const c of cases) assert.equal(higher(c.next, c.current), c.higher, c.name)
  assert.equal(cases.length, 140)
})

test('vectors of rollouts', () => {
  const { cases } = readVectors('release/rollout.json', ['name', 'rollout', 'now', 'share', 'full'])
  for (const c of cases) {
    assert.equal(share(c.rollout, parseTime(c.now)), c.share, c.name)
    assert.equal(full(c.rollout, parseTime(c.now)), c.full, c.name)
  }
  assert.equal(cases.length, 40)
})

test('vectors of cohorts and testers', () => {
  const { cases, testers } = readVectors('release/cohort.json', ['name', 'install', 'salt', 'cohort'], ['testers'])
  checkCases('cohort.json testers', testers, ['name', 'app', 'install', 'hash'])
  for (const c of cases) assert.equal(cohort(c.install, c.salt), c.cohort, c.name)
  for (const c of testers) assert.equal(testerHash(c.app, c.install), c.hash, c.name)
  assert.deepEqual([cases.length, testers.length], [51, 8])
})

// The client never needs this, but the parts it is made of.
test('vectors of latest.wgt', () => {
  const { cases, documents } = readVectors('release/latest.json', ['name', 'document', 'now', 'latest'], ['documents'])
  for (const c of cases) {
    const r = latest(parseDocument(payloadOf(documents[c.document])), parseTime(c.now))
    assert.equal(r === undefined ? null : r.id, c.latest, c.name)
  }
  assert.equal(cases.length, 72)
})
