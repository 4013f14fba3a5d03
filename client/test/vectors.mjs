// Reads the vector files that Go's tests read too. A member that a test does not know is an error:
// it would be a rule that only one side checks.
import assert from 'node:assert/strict'
import fs from 'node:fs'

export function readVectors(name, members, known = []) {
  const file = JSON.parse(fs.readFileSync(new URL('../../testdata/vectors/' + name, import.meta.url), 'utf8'))
  for (const member of Object.keys(file)) assert.ok(['cases', 'description', ...known].includes(member), `${name}: unknown member ${member}`)
  checkCases(name, file.cases, members)
  return file
}

export function checkCases(name, cases, allowed) {
  const names = new Set()
  for (const c of cases) {
    assert.ok(c.name !== undefined && !names.has(c.name), `${name}: name ${c.name} is missing or used twice`)
    names.add(c.name)
    for (const member of Object.keys(c)) assert.ok(allowed.includes(member), `${name}, ${c.name}: unknown member ${member}`)
  }
}

/** The canonical text of a value: what jcs.Marshal writes. */
export function canonical(value) {
  if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']'
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value).sort((a, b) => (a < b ? -1 : 1))
    return '{' + names.map((name) => JSON.stringify(name) + ':' + canonical(value[name])).join(',') + '}'
  }
  return JSON.stringify(value)
}

export function payloadOf(document) {
  return new Uint8Array(Buffer.from(canonical(document)))
}

/** How often each word comes. */
export function tally(words) {
  const counts = {}
  for (const word of words) counts[word] = (counts[word] || 0) + 1
  return counts
}

/** A value without prototypes of its own, so that deepEqual compares members only. */
export function plain(value) {
  return JSON.parse(JSON.stringify(value))
}
