#!/usr/bin/env node
// What the core costs: node bench/bench.mjs [runs]
//
// Runs the compiled core in V8 and in JavaScriptCore, each with and without its just-in-time
// compiler (an iOS app has none), first on all vectors, then for time. Cold is the first time in a
// new process, warm the median of later ones; both are medians over processes. jsc is Debian's
// libjavascriptcoregtk-4.0-bin.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { pinOf, newKey, seal } from '../test/keys.mjs'
import { canonical, payloadOf } from '../test/vectors.mjs'
import { World } from '../agreement/world.mjs'

const client = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const runs = Number(process.argv[2] || 7)
const engines = [
  ['node', 'node', []],
  ['node --jitless', 'node', ['--jitless', '--no-expose-wasm']],
  ['jsc', 'jsc', []],
  ['jsc, no JIT', 'jsc', ['--useJIT=false']],
]

async function bundle(entry, globalName = 'core') {
  const stdin = { contents: entry, resolveDir: client, loader: 'js' }
  const result = await build({ stdin, bundle: true, write: false, format: 'iife', globalName, target: 'es2015', minify: true, metafile: true, logLevel: 'warning' })
  return { text: result.outputFiles[0].text, inputs: Object.values(result.metafile.outputs)[0].inputs }
}

const { text: core, inputs } = await bundle(`export * from './dist/core/index.js'`)

/** A document of about some bytes, as a device of world would get it. */
function documentOf(bytes) {
  const world = new World(1)
  const document = { ...world.document(), epoch: 0, issued: '2026-11-22T12:00:00Z', expires: '2027-12-27T12:00:00Z', releases: [] }
  for (let n = 0; payloadOf(document).length < bytes; n++) {
    const id = 'r' + n
    document.releases.push({ ...world.release(id), id, notes: { en: 'Faster lists, fewer crashes.', 'zh-Hans': '列表更快，崩溃更少。' } })
    if (payloadOf(document).length > bytes) {
      document.releases.pop()
      document.message = ''
      const missing = bytes - payloadOf(document).length
      document.message = 'x'.repeat(Math.max(0, missing))
      break
    }
  }
  return document
}

function entryOf(bytes, signing) {
  const payload = payloadOf(documentOf(bytes))
  const text = canonical(seal('application/vnd.wgtup.release+json', payload, [], [signing]))
  return { text, bytes: payload.length }
}

function vectors() {
  const all = {}
  for (const folder of ['sign', 'release']) {
    for (const name of fs.readdirSync(path.join(client, '../testdata/vectors', folder))) {
      all[folder + '/' + name] = JSON.parse(fs.readFileSync(path.join(client, '../testdata/vectors', folder, name), 'utf8'))
    }
  }
  for (const name of ['decide', 'latest']) {
    const { documents } = all[`release/${name}.json`]
    for (const key of Object.keys(documents)) documents[key] = canonical(documents[key])
  }
  return all
}

const [signing, recovery] = [newKey(), newKey()]
const entries = { small: entryOf(8192, signing), large: entryOf(32768, signing) }
const world = new World(2)
const data = {
  entries,
  pins: [pinOf('signing', 0, signing), pinOf('recovery', 0, recovery)],
  app: '__UNI__A1B2C3D',
  devices: Array.from({ length: 20 }, () => ({ ...world.device({ releases: [] }), app: '__UNI__A1B2C3D', channel: 'production', install: 'device-1' })),
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'))
const here = (name) => fs.readFileSync(path.join(client, 'bench', name), 'utf8')

function script(name, content, body) {
  const file = path.join(folder, name)
  const prologue = `var start = typeof preciseTime === 'function' ? preciseTime() * 1000 : performance.now();\n`
  fs.writeFileSync(file, prologue + core + `\nvar data = ${JSON.stringify(content)};\n` + here(body))
  return file
}

function run([, command, options], file) {
  const ran = spawnSync(command, [...options, file], { encoding: 'utf8' })
  if (ran.error) throw new Error(`${command} is needed: ${ran.error.message}`)
  if (ran.status !== 0) throw new Error(`${command} ${options.join(' ')}: ${ran.stdout} ${ran.stderr}`)
  return JSON.parse(ran.stdout)
}

const vectorFile = script('vectors.js', vectors(), 'vectors.js')
console.log('vectors: cases that come out as they should')
for (const engine of engines) {
  const { passed, failed } = run(engine, vectorFile)
  console.log(`  ${engine[0].padEnd(16)} ${passed} of ${passed + failed.length} ${failed.slice(0, 5).join('; ')}`)
  if (failed.length > 0) process.exitCode = 1
}

const median = (list) => list.slice().sort((a, b) => a - b)[list.length >> 1]
const costFile = script('costs.js', data, 'costs.js')
const results = engines.map((engine) => {
  const all = Array.from({ length: runs }, () => run(engine, costFile))
  return all[0].map(({ what }, i) => ({ what, ms: median(all.map((r) => r[i].ms)) }))
})
const figure = (ms) => (ms >= 100 ? ms.toFixed(0) : ms >= 1 ? ms.toFixed(1) : ms.toPrecision(2)).padStart(15)
console.log(`\nmilliseconds, median of ${runs} processes; documents of ${entries.small.bytes} and ${entries.large.bytes} bytes`)
console.log(''.padEnd(34) + engines.map(([name]) => name.padStart(15)).join(''))
results[0].forEach(({ what }, i) => console.log(what.padEnd(34) + results.map((r) => figure(r[i].ms)).join('')))

for (const [what, limit] of [['verify 8 KiB, cold', 250], ['verify 8 KiB', 250], ['verify 32 KiB, cold', 500], ['verify 32 KiB', 500]]) {
  const { ms } = results[3].find((r) => r.what === what)
  if (ms >= limit) {
    console.error(`bench: ${what} takes ${ms.toFixed(0)} ms in jsc without JIT, the limit is ${limit}`)
    process.exitCode = 1
  }
}

// A start while a release is on trial; node has no way to run what is due in between.
const guard = fs.readFileSync(path.join(client, 'dist/guard.txt'), 'utf8')
const whole = (await bundle(`export * from './dist/index.js'`, 'wgtup')).text
const release = { id: 'r3', kind: 'wgt', version: { name: '1.2.0', code: 120 }, platforms: ['android', 'ios'], rollout: { permyriad: 0, paused: '' }, mode: 'silent' }
const trial = {
  guard: guard + '("1.2.0","120");',
  client: whole,
  app: data.app,
  options: { url: 'https://cdn.example.com/app', publicKeys: data.pins },
  boot: { v: 1, native: '2.0.0/200', to: { name: '1.2.0', code: '120' }, phase: 'trial', starts: 0, short: 0, wait: 20000, say: '' },
  state: { v: 1, install: '0'.repeat(32), trial: { name: '1.2.0', code: 120, channel: 'production', release }, files: [], bad: [], tries: {}, wrong: {}, events: [] },
}
const startFile = path.join(folder, 'start.js')
fs.writeFileSync(startFile, `var data = ${JSON.stringify(trial)};\n` + here('start.js'))
const starts = engines.filter(([, command]) => command === 'jsc').map((engine) => {
  const all = Array.from({ length: runs }, () => run(engine, startFile))
  return { engine: engine[0], costs: all[0].map(({ what }, i) => ({ what, ms: median(all.map((r) => r[i].ms)) })) }
})
console.log('\na start on trial, milliseconds, each in a new process')
console.log(''.padEnd(34) + starts.map(({ engine }) => engine.padStart(15)).join(''))
starts[0].costs.forEach(({ what }, i) => console.log(what.padEnd(34) + starts.map(({ costs }) => figure(costs[i].ms)).join('')))
const least = starts.at(-1).costs.filter(({ what }) => what === 'the boot guard' || what === 'ready()').reduce((sum, { ms }) => sum + ms, 0)
if (least > 5) {
  console.error(`bench: the guard and ready() take ${least.toFixed(1)} ms in jsc without JIT, the limit is 5`)
  process.exitCode = 1
}

console.log('\nminified and gzipped, KiB')
const kib = (n) => (n / 1024).toFixed(1).padStart(6)
const row = (name, text) => {
  const packed = gzipSync(text, { level: 9 }).length
  console.log(`${kib(text.length)}  ${kib(packed)}  ${name}`)
  return packed / 1024
}
const all = row('the client and the boot guard', whole + guard)
const decoder = row('the decoder of patches', (await bundle(`export * from './dist/patch/index.js'`)).text)
if (all - decoder > 30 || decoder > 8) {
  console.error(`bench: ${(all - decoder).toFixed(1)} KiB and a decoder of ${decoder.toFixed(1)}, the limits are 30 and 8`)
  process.exitCode = 1
}
row('the boot guard', guard)
row('the core', core)
const parts = {
  'openEntry and all it needs': `export { openEntry } from './dist/core/index.js'`,
  'decide and all it needs': `export { decide } from './dist/core/index.js'`,
  'ed25519 and its SHA-512': `export { verifyEd25519 } from './dist/core/index.js'`,
}
for (const [name, entry] of Object.entries(parts)) row(name, (await bundle(entry)).text)

console.log('\nminified, KiB, by file')
for (const [file, { bytesInOutput }] of Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)) {
  if (file.startsWith('dist/core/') && bytesInOutput > 0) console.log(kib(bytesInOutput), '', file.slice(10))
}
fs.rmSync(folder, { recursive: true })
