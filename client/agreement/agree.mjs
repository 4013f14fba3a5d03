#!/usr/bin/env node
// Asks Go and the client the same generated questions: node agreement/agree.mjs [seed]
//
// Decisions are compared whole, with the rules that led to them; texts by whether they are
// accepted, and what was read. Any difference is printed with its question and fails.
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { fileURLToPath } from 'node:url'
import { decide, makeSet, openEntry, parseDocument, parsePin, reasons, Refused, setDigest } from '../dist/core/index.js'
import { canonical } from '../test/vectors.mjs'
import { signedEntry, vectorEntry } from './entries.mjs'
import { mutateBytes, mutateTree, textOf } from './mutate.mjs'
import { World } from './world.mjs'

const client = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const seed = Number(process.argv[2] || 20261122)
const world = new World(seed)

const program = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'agreement-')), 'agreement')
const built = spawnSync('go', ['build', '-o', program, './client/agreement'], { cwd: path.dirname(client), encoding: 'utf8' })
if (built.error || built.status !== 0) {
  console.error(built.error ? `agreement: go is needed to compare with: ${built.error.message}` : built.stderr)
  process.exit(1)
}
const go = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })
const ended = new Promise((resolve) => go.on('close', resolve))

const waiting = []
const tally = {}
const count = (what) => (tally[what] = (tally[what] || 0) + 1)
let differences = 0

const lines = readline.createInterface({ input: go.stdout })
const read = new Promise((resolve) => lines.on('close', resolve))
lines.on('line', (line) => {
  const { why, ...answer } = JSON.parse(line)
  const { question, ours, detail } = waiting.shift()
  if (canonical(answer) === ours) return
  if (++differences <= 5) console.error(`DIFFERENT\nquestion ${question.slice(0, 6000)}\n go ${line}\n ts ${ours} ${detail}`)
})

/** Asks Go, and keeps what the client answers until Go has. */
async function ask(question, ours, detail = '') {
  const text = JSON.stringify(question)
  waiting.push({ question: text, ours: canonical(ours), detail })
  if (!go.stdin.write(text + '\n')) await new Promise((resolve) => go.stdin.once('drain', resolve))
}

const base64 = (bytes) => Buffer.from(bytes).toString('base64')
const zeroLess = ({ epoch, sequence, ...rest }) => ({ accepted: true, ...(epoch && { epoch }), ...(sequence && { sequence }), ...rest })

/** Reads a document on both sides; with a device decides on it. */
async function askDocument(payload, device, clock) {
  let document, ours, detail
  try {
    document = parseDocument(new Uint8Array(payload))
    ours = zeroLess({ epoch: document.epoch, sequence: document.sequence, ...(device && { decision: decide(device, document, clock) }) })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    detail = String(error)
    ours = { accepted: false }
  }
  await ask({ Document: base64(payload), ...(device && { Device: device, Now: clock.now, Network: clock.network }) }, ours, detail)
  return document
}

async function askDecisions(documents, each) {
  for (let n = 0; n < documents; n++) {
    const drawn = world.document()
    const document = await askDocument(textOf(drawn))
    if (document === undefined) throw new Error('the world draws a bad document: ' + textOf(drawn))
    for (let i = 0; i < each; i++) {
      const device = world.device(drawn)
      const clock = world.clock()
      const decision = decide(device, document, clock)
      count('pairs')
      count('action ' + decision.action)
      count('reason ' + decision.reason)
      if (decision.patch) count('with a patch')
      if (decision.force) count('with force')
      await ask({ Device: device, Now: clock.now, Network: clock.network }, zeroLess({ epoch: document.epoch, sequence: document.sequence, decision }))
    }
  }
}

async function askDocumentTexts(texts) {
  let drawn = world.document()
  for (let n = 0; n < texts; n++) {
    if (n % 10 === 0) drawn = world.document()
    const payload = world.chance(4) ? textOf(drawn) : world.chance(45) ? mutateBytes(world, textOf(drawn)) : textOf(mutateTree(world, drawn))
    const document = await askDocument(payload, world.device(drawn), world.clock())
    count('texts')
    count('documents ' + (document ? 'accepted' : 'refused'))
  }
}

async function askEntries(texts, draw) {
  for (let n = 0; n < texts; n++) {
    const question = draw(world)
    const { Entry: text, App: app, Channel: channel, Pins: pins } = question
    const opened = openEntry(new Uint8Array(text), { app, channel, trusted: makeSet(pins.map(parsePin)) })
    const refused = opened instanceof Refused
    const ours = refused
      ? { accepted: false }
      : zeroLess({ epoch: opened.document.epoch, sequence: opened.document.sequence, set: setDigest(opened.set) })
    count('texts')
    count('entries ' + (refused ? opened.code : 'accepted'))
    await ask({ ...question, Entry: base64(text) }, ours, refused ? opened.message : '')
  }
}

const bytesOf = (draw) => (w) => {
  const question = draw(w)
  return { ...question, Entry: mutateBytes(w, question.Entry) }
}
const treeOf = (draw) => (w) => {
  const question = draw(w)
  try {
    return { ...question, Entry: textOf(mutateTree(w, JSON.parse(question.Entry))) }
  } catch {
    return question // no JSON, or none that has a spelling here
  }
}

const start = Date.now()
await askDecisions(5000, 24)
await askDocumentTexts(88000)
await askEntries(1200, signedEntry)
await askEntries(2000, treeOf(signedEntry))
await askEntries(3000, bytesOf(signedEntry))
await askEntries(3000, treeOf(vectorEntry))
await askEntries(5000, bytesOf(vectorEntry))
go.stdin.end()
await Promise.all([read, ended])
fs.rmSync(path.dirname(program), { recursive: true })

const few = [...['none', 'wgt', 'native'].map((a) => 'action ' + a), ...reasons.map((r) => 'reason ' + r)].filter((what) => !(tally[what] >= 100))
const wellRepresented = ['newer-release', 'leave-withdrawn', 'leave-native', 'leave-channel', 'held', 'native-forced', 'native-update'].filter((r) => !(tally['reason ' + r] >= 1000))
for (const what of Object.keys(tally).sort()) console.log(String(tally[what]).padStart(8), what)
console.log(`agreement: ${tally.pairs} decisions and ${tally.texts} texts, ${differences} differences, seed ${seed}, ${((Date.now() - start) / 1000).toFixed(1)} s`)
const problems = [
  differences > 0 && 'Go and the client differ',
  waiting.length > 0 && `${waiting.length} questions were not answered`,
  !(tally.pairs >= 100000 && tally.texts >= 100000) && 'fewer cases than promised',
  few.length > 0 && `drawn fewer than 100 times: ${few.join(', ')}`,
  wellRepresented.length > 0 && `drawn fewer than 1000 times: ${wellRepresented.join(', ')}`,
].filter(Boolean)
for (const problem of problems) console.error('agreement: ' + problem)
process.exit(problems.length > 0 ? 1 : 0)
