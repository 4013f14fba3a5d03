import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import test from 'node:test'
import { decodeBase64, decodeUtf8, encodeBase64, encodeHex, encodeUtf8, parseTime, Sha256, sha256, utf8Length } from '../dist/core/index.js'

const bytes = (...list) => new Uint8Array(list)

test('utf8 agrees with the platform on every code point', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for (let from = 0; from <= 0x10ffff; from += 0x400) {
    let text = ''
    for (let point = from; point < from + 0x400; point++) text += String.fromCodePoint(point)
    const expected = new TextEncoder().encode(text)
    assert.deepEqual(encodeUtf8(text), expected)
    assert.equal(utf8Length(text), expected.length)
    if (from < 0xd800 || from > 0xdfff) assert.equal(decodeUtf8(expected), text)
  }
  const lone = 'a\ud800b\udc00\ud83d'
  assert.deepEqual(encodeUtf8(lone), new TextEncoder().encode(lone))
  assert.equal(decodeUtf8(bytes(0xef, 0xbb, 0xbf)), '\ufeff')
  let seed = 1
  for (let n = 0; n < 200000; n++) {
    // bytes near the borders of the encoding
    const some = bytes(...Array.from({ length: 1 + (n % 5) }, () => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff][(seed >>> 8) % 24]
    }))
    let expected
    try {
      expected = strict.decode(some)
    } catch {}
    assert.equal(decodeUtf8(some), expected, Buffer.from(some).toString('hex'))
  }
})

test('utf8 of a long text', () => {
  for (const text of ['x'.repeat(100000), '更快'.repeat(30000), '😀'.repeat(20000), 'a😀'.repeat(9000)]) {
    const expected = new TextEncoder().encode(text)
    assert.deepEqual(encodeUtf8(text), expected)
    assert.equal(decodeUtf8(expected), text)
  }
})

test('base64 has one spelling', () => {
  for (let length = 0; length < 200; length++) {
    const some = new Uint8Array(crypto.randomBytes(length))
    const text = Buffer.from(some).toString('base64')
    assert.equal(encodeBase64(some), text)
    assert.deepEqual(decodeBase64(text), some)
  }
  assert.equal(encodeBase64(bytes(251, 255)), '+/8=')
  const refused = ['A', 'AA', 'AAA', 'A===', '====', '=', '==', '===', 'AB==', 'AAB=', 'AA=A', 'A=AA', '=AAA', 'AA==AA==', 'AAAA=', 'AAAA====', 'AA-_', 'AA A', 'AAA\n', 'AAAA\n', '\nAAAA', 'AAA\u0141', 'ＡAAA', 'AA==\0']
  for (const text of refused) assert.equal(decodeBase64(text), undefined, JSON.stringify(text))
  // of every last group of two and three letters exactly those that an encoder writes
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  let accepted = 0
  for (const a of letters) {
    for (const text of [`A${a}==`, `AA${a}=`]) {
      if (decodeBase64(text) === undefined) continue
      assert.equal(Buffer.from(text, 'base64').toString('base64'), text)
      accepted++
    }
  }
  assert.equal(accepted, 4 + 16)
})

test('sha256: the examples of FIPS 180-4, and what node says', () => {
  const hex = (text) => encodeHex(sha256(encodeUtf8(text)))
  assert.equal(hex(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  assert.equal(hex('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  assert.equal(hex('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'), '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1')
  assert.equal(hex('a'.repeat(1000000)), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0')
  const some = new Uint8Array(crypto.randomBytes(70000))
  for (const length of [...Array(300).keys(), 1023, 1024, 65535, 65536, 70000]) {
    const part = some.subarray(0, length)
    assert.equal(encodeHex(sha256(part)), crypto.createHash('sha256').update(part).digest('hex'), `${length} bytes`)
  }
})

test('sha256 in parts', () => {
  const some = new Uint8Array(crypto.randomBytes(5000))
  const expected = crypto.createHash('sha256').update(some).digest('hex')
  for (let n = 0; n < 500; n++) {
    const hash = new Sha256()
    for (let at = 0; at < some.length; ) {
      const length = crypto.randomInt(0, [3, 65, 130, 1000][n % 4])
      hash.update(some.subarray(at, at + length))
      at += length
    }
    assert.equal(encodeHex(hash.digest()), expected)
  }
})

// The length in bits needs more than 32 of them here.
test('sha256 of 600 MiB', () => {
  const block = new Uint8Array(1 << 20).fill(7)
  const ours = new Sha256()
  const theirs = crypto.createHash('sha256')
  for (let n = 0; n < 600; n++) {
    ours.update(block)
    theirs.update(block)
  }
  assert.equal(encodeHex(ours.digest()), theirs.digest('hex'))
})

test('times have one spelling', () => {
  for (const [text, ok] of Object.entries({
    '2026-11-22T15:00:00Z': true, '2028-02-29T23:59:59Z': true, '0001-01-01T00:00:00Z': true, '9999-12-31T23:59:59Z': true, '0000-01-01T00:00:00Z': true,
    '2000-02-29T00:00:00Z': true, '1900-02-29T00:00:00Z': false, '2026-11-22T15:00:00+00:00': false, '2026-11-22T15:00:00.5Z': false,
    '2026-11-22t15:00:00z': false, '2026-02-29T00:00:00Z': false, '2026-11-31T00:00:00Z': false, '2026-00-01T00:00:00Z': false, '2026-13-01T00:00:00Z': false,
    '2026-01-00T00:00:00Z': false, '2026-11-22T24:00:00Z': false, '2026-11-22T23:60:00Z': false, '2026-11-22T23:59:60Z': false, '2026-11-22T15:00:00Z\n': false,
    '': false, '2026-11-22': false, 1795359600: false, '２026-11-22T15:00:00Z': false,
  })) assert.equal(!isNaN(parseTime(text)), ok, text)
  for (let n = 0; n < 50000; n++) {
    const at = crypto.randomInt(0, 281474976) * 1000 * 900 - 62135596800000
    const text = new Date(at).toISOString().replace('.000', '')
    if (text.length === 20) assert.equal(parseTime(text), at, text)
  }
})
