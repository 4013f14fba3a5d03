// Patches that Go made, applied by the client: vectors of testdata/vectors/patch.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import test from 'node:test'
import vm from 'node:vm'
import { build, transform } from 'esbuild'
import { crc32, Patch, PatchError } from '../dist/patch/index.js'

const vectors = JSON.parse(fs.readFileSync(new URL('../../testdata/vectors/patch/patch.json', import.meta.url), 'utf8'))
const bytes = (base64) => new Uint8Array(Buffer.from(base64, 'base64'))
const maxSize = 200 << 20

const baseOf = (files) => files.map(({ name, data }) => ({ name: bytes(Buffer.from(name).toString('base64')), size: bytes(data).length, crc: crc32(bytes(data)), data: bytes(data) }))

function apply(base, patch, limit = maxSize) {
  const job = new Patch(base, patch, limit)
  const pieces = job.make(job.uses.map((file) => file.data))
  return Buffer.concat(pieces.map((piece) => ('file' in piece ? piece.file.data : piece.bytes)))
}

test('what a patch makes is what Go makes of it', () => {
  for (const { name, base, patch, size, sha256 } of vectors.applied) {
    const made = apply(baseOf(base), bytes(patch))
    assert.equal(made.length, size, name)
    assert.equal(crypto.createHash('sha256').update(made).digest('hex'), sha256, name)
    assert.deepEqual(apply(baseOf(base).reverse(), bytes(patch)), made, name + ', in another order')
  }
  assert.ok(vectors.applied.length > 30)
})

test('what Go refuses is refused', () => {
  for (const { name, base, patch } of vectors.refused) {
    assert.throws(() => apply(baseOf(base), bytes(patch)), PatchError, name)
  }
  assert.ok(vectors.refused.length > 10)
})

// The digests of patch and package are signed: here it is enough that damage has an end, and no other error.
test('a damaged patch makes something within the limit, or is refused', () => {
  let refused = 0
  for (const { name, base, patch } of vectors.applied) {
    const whole = bytes(patch)
    for (let i = 0; i < whole.length; i += 1 + (whole.length >> 4)) {
      const bad = whole.slice()
      bad[i] ^= 1 << (i & 7)
      for (const some of [bad, whole.slice(0, i)]) {
        try {
          assert.ok(apply(baseOf(base), some, 1 << 16).length < 1 << 18)
        } catch (error) {
          if (!(error instanceof PatchError)) throw new Error(`${name}, byte ${i}`, { cause: error })
          refused++
        }
      }
    }
  }
  assert.ok(refused > 100)
})

test('hostile patches end: every step makes a byte, whatever it says', () => {
  let seed = 8
  const random = (n) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return Math.floor((seed / 2 ** 32) * n)
  }
  const limit = 1 << 16
  let made = 0
  for (let round = 0; round < 4000; round++) {
    const { name, base, patch } = vectors.applied[random(vectors.applied.length)]
    let hostile = bytes(patch).slice()
    const kind = round % 4
    if (kind === 0) for (let n = random(8); n >= 0; n--) hostile[random(hostile.length)] = random(256)
    if (kind === 1) hostile = hostile.slice(0, random(hostile.length))
    if (kind === 2) hostile = Uint8Array.from({ length: 1 + random(300) }, (_, i) => (i === 0 ? 1 : random(256)))
    if (kind === 3) hostile = Uint8Array.from({ length: 1 + random(4000) }, (_, i) => (i === 0 ? 1 : i < 8 ? random(256) : random(2) * 255))
    try {
      const files = baseOf(base)
      const job = new Patch(files, hostile, limit)
      const make = job.begin(job.uses.map(({ data }) => data))
      let calls = 1
      let pieces
      for (; (pieces = make(64)) === undefined; calls++) assert.ok(calls <= limit / 64, `${name}, round ${round}: too many steps`)
      const size = pieces.reduce((sum, piece) => sum + (piece.bytes || piece.file.data).length, 0)
      assert.ok(size <= limit + (1 << 21), `${name}, round ${round}: ${size} bytes`)
      made++
    } catch (error) {
      if (!(error instanceof PatchError)) throw new Error(`${name}, round ${round}`, { cause: error })
    }
  }
  assert.ok(made > 10 && made < 4000, `${made} made something`)
})

test('no more is made than was allowed', () => {
  const { base, patch, size } = vectors.applied.find(({ name }) => name === 'whole package')
  assert.throws(() => apply(baseOf(base), bytes(patch), 100), PatchError)
  assert.equal(apply(baseOf(base), bytes(patch), size).length, size)
})

test('a base that is not what it says is refused', () => {
  const { base, patch } = vectors.applied.find(({ name }) => name === 'names')
  const job = new Patch(baseOf(base), bytes(patch), maxSize)
  assert.throws(() => job.make(job.uses.map(({ data }) => data.subarray(1))), PatchError)
})

test('crc32', () => {
  assert.equal(crc32(bytes(Buffer.from('123456789').toString('base64'))), 0xcbf43926)
  const some = new Uint8Array(crypto.randomBytes(1000))
  for (const cut of [0, 1, 2, 3, 4, 5, 500, 1000]) assert.equal(crc32(some.subarray(cut), crc32(some.subarray(0, cut))), crc32(some))
})

test('it is plain ES2015 and needs nothing but the language', async () => {
  const dist = new URL('../dist/patch/', import.meta.url)
  for (const name of fs.readdirSync(dist).filter((name) => name.endsWith('.js'))) {
    const text = fs.readFileSync(new URL(name, dist), 'utf8')
    const [old, now] = await Promise.all(['es2015', 'esnext'].map((target) => transform(text, { target })))
    assert.equal(old.code, now.code, name)
    for (const [, from] of text.matchAll(/\bfrom ['"]([^'"]+)['"]/g)) assert.match(from, /^\.\/\w+\.js$/, name)
  }
  const { outputFiles } = await build({ entryPoints: [new URL('index.js', dist).pathname], bundle: true, write: false, format: 'iife', globalName: 'patch' })
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } })
  vm.runInContext(`delete globalThis.BigInt; delete globalThis.WebAssembly; delete globalThis.Intl; delete globalThis.console\n${outputFiles[0].text}`, context)
  const { base, patch, size } = vectors.applied.find(({ name }) => name === 'names')
  context.base = base.map(({ name, data }) => ({ name: [...Buffer.from(name)], data: [...bytes(data)] }))
  context.bytes = [...bytes(patch)]
  const made = vm.runInContext(`
    base = base.map(({ name, data }) => ({ name: new Uint8Array(name), size: data.length, data: new Uint8Array(data), crc: patch.crc32(new Uint8Array(data)) }))
    var job = new patch.Patch(base, new Uint8Array(bytes), ${maxSize})
    job.make(job.uses.map((file) => file.data)).reduce((sum, piece) => sum + (piece.bytes || piece.file.data).length, 0)`, context)
  assert.equal(made, size)
})
