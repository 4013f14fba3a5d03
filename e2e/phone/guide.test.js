// Every fault of a phone stands in the guide, has a test of its name, in the files that the guide names.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'

const here = new URL('.', import.meta.url)
const files = fs.readdirSync(here).filter((name) => name.endsWith('.test.js') && name !== 'guide.test.js')

/** C01–C05, C07 are six. */
function numbers(text) {
  const list = []
  for (const [, from, to = from] of text.matchAll(/\bC(\d\d)\b(?:–C(\d\d)\b)?/g)) for (let n = Number(from); n <= Number(to); n++) list.push(n)
  return list
}

test('C01 to C45', () => {
  const rows = fs.readFileSync(new URL('../../docs/guide/faults.md', import.meta.url), 'utf8').split('\n').filter((line) => /^\| C\d\d/.test(line))
  const listed = rows.flatMap((row) => numbers(row.split('|')[1]))
  assert.deepEqual(listed, Array.from({ length: 45 }, (_, n) => n + 1))
  for (const row of rows) {
    const named = [...row.split('|').at(-2).matchAll(/`([\w-]+)`/g)].map(([, name]) => name + '.test.js')
    for (const name of named) assert.ok(files.includes(name), `the guide names ${name}`)
    const tests = named.flatMap((name) => numbers(fs.readFileSync(new URL(name, here), 'utf8')))
    for (const n of numbers(row.split('|')[1])) assert.ok(tests.includes(n), `C${n} is not in ${named}`)
  }
})

test('what reached users of other updaters: each case of a client', () => {
  const publishers = [19, 20, 21, 28, 31]
  const patches = [15, 16] // issue 8
  const cases = new Set([...fs.readFileSync(new URL('field.test.js', here), 'utf8').matchAll(/test\(`(\d+) /g)].map(([, n]) => Number(n)))
  const wanted = Array.from({ length: 31 }, (_, n) => n + 1).filter((n) => !publishers.includes(n) && !patches.includes(n))
  assert.deepEqual([...cases].sort((a, b) => a - b), wanted)
})
