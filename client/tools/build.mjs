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
const dist = path.join(client, 'dist')
const require = createRequire(import.meta.url)

const ours = ({ path: name, importer }) => (path.dirname(importer) === path.join(dist, 'core') ? { path: name, external: true } : undefined)

fs.rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', client], { stdio: 'inherit' })
await build({
  absWorkingDir: client,
  entryPoints: ['dist/core/ed25519.js'],
  outfile: 'dist/core/ed25519.js',
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
fs.writeFileSync(path.join(dist, 'guard.txt'), text)
