#!/usr/bin/env node
// Compiles src/ to dist/, then puts the one dependency into the file that uses it, lowered to
// ES2015 like everything else: an app's own build does not lower what it imports.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const client = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
// Made beside dist and swapped in, since tests of other folders read it.
const made = path.join(client, `dist.${process.pid}`)
const require = createRequire(import.meta.url)

const ours = ({ path: name, importer }) => (path.dirname(importer) === path.join(made, 'core') ? { path: name, external: true } : undefined)

process.on('exit', () => fs.rmSync(made, { recursive: true, force: true }))
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', client, '--outDir', made], { stdio: 'inherit' })
await build({
  absWorkingDir: made, // the same bytes, whatever its name
  entryPoints: ['core/ed25519.js'],
  outfile: 'core/ed25519.js',
  allowOverwrite: true,
  bundle: true,
  format: 'esm',
  target: 'es2015',
  plugins: [{ name: 'ours stays outside', setup: (b) => b.onResolve({ filter: /^\.\/\w+\.js$/ }, ours) }],
  // the random source is for making keys, and looks for a crypto global when it is loaded
  alias: { '@stablelib/random': path.join(client, 'tools/no-random.mjs') },
  banner: { js: '// Contains @stablelib/ed25519 (MIT License), Copyright (C) 2016 Dmitry Chestnykh: see licenses.md.' },
  logLevel: 'warning',
})

// The boot guard is no module: its text goes in front of an app's code, and into the Go command.
const guard = await build({ absWorkingDir: client, entryPoints: ['guard/guard.js'], write: false, minify: true, target: 'es5', tsconfigRaw: {}, logLevel: 'warning' })
const text = '/*wgtup-guard 1*/' + guard.outputFiles[0].text.trim().replace(/;$/, '')
fs.writeFileSync(path.join(made, 'guard.txt'), text)

const dist = path.join(client, 'dist')
const old = `${made}.old`
process.on('exit', () => fs.rmSync(old, { recursive: true, force: true }))
if (fs.existsSync(dist)) fs.renameSync(dist, old)
fs.renameSync(made, dist)
