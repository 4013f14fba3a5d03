import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { guard, guardText } from '../guard/wrap.mjs'
import { readVectors } from './vectors.mjs'

test('the guard of the Go command is the guard of the client', () => {
  const committed = fs.readFileSync(new URL('../../wgt/guard.txt', import.meta.url), 'utf8')
  assert.equal(committed, guardText(), 'the guard changed: before its first release copy client/dist/guard.txt to wgt/guard.txt, afterwards give it a new number')
  assert.match(committed, /^\/\*wgtup-guard 1\*\/var wgtupBoot=function\(/)
  assert.ok(!/[\r\n]/.test(committed), 'it is one line: the lines of the script move down by one')
})

test('a script is guarded as Go does it', () => {
  const { cases } = readVectors('guard/insert.json', ['name', 'version', 'script', 'guarded'])
  assert.ok(cases.length >= 8)
  const fill = (text) => text.replaceAll('{guard}', guardText)
  for (const { name, version, script, guarded } of cases) {
    assert.equal(guard(fill(script), version), fill(guarded), name)
    assert.equal(guard(fill(script), { name: version.name, code: String(version.code) }), fill(guarded), name)
  }
})

// Package wgt goes by these to find a guard, also one whose comments are gone.
test('no code of the client can be taken for a guard', () => {
  const dist = fileURLToPath(new URL('../dist', import.meta.url))
  const scripts = fs.readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.js'))
  assert.ok(scripts.length > 5)
  for (const name of scripts) {
    assert.doesNotMatch(fs.readFileSync(path.join(dist, name), 'utf8'), /\/\*wgtup-guard |wgtupBoot\s*=\s*function/, name)
  }
})
