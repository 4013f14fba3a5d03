#!/usr/bin/env node
// Writes the figures of the built versions into the table of the readme: files, bytes, zip, changed.
// After build.mjs, with `zip` at hand. The client is in every version, so they change with it.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const readme = path.join(here, '../README.md')
const out = path.resolve(here, '../../../.cache/shop/out')

function read(version) {
  const dir = path.join(out, version)
  const names = fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((it) => it.isFile())
  return new Map(names.map((it) => path.relative(dir, path.join(it.parentPath ?? it.path, it.name))).sort().map((name) => [name, fs.readFileSync(path.join(dir, name))]))
}

function zip(version, names) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shop-table-'))
  const file = path.join(folder, 'a.zip')
  execFileSync('zip', ['-q', '-9', '-X', '-D', file, '-@'], { cwd: path.join(out, version), input: names.join('\n') })
  const { size } = fs.statSync(file)
  fs.rmSync(folder, { recursive: true })
  return size
}

const number = (n) => n.toLocaleString('en')
let before
const lines = fs.readFileSync(readme, 'utf8').split('\n').map((line) => {
  const row = line.match(/^\| (\d+\.\d+\.\d+) \| (\d+) \| (.*?) \|/)
  if (!row) return line
  const [, version, code, what] = row
  const files = read(version)
  const bytes = [...files.values()].reduce((sum, data) => sum + data.length, 0)
  const changed = before && [...files.keys()].filter((name) => !before.get(name)?.equals(files.get(name)))
  before = files
  const cell = changed ? `${changed.length} / ${number(zip(version, changed))}` : ''
  return `| ${[version, code, what, files.size, number(bytes), number(zip(version, [...files.keys()])), cell].join(' | ')} |`.replace('|  |', '| |')
})
fs.writeFileSync(readme, lines.join('\n'))
