// The engine that runs an app's scripts has the language and nothing else.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'
import vm from 'node:vm'
import { build, transform } from 'esbuild'

const dist = new URL('../dist/core/', import.meta.url)
const files = fs.readdirSync(dist).filter((name) => name.endsWith('.js'))
const lacking =
  /\b(BigInt|TextEncoder|TextDecoder|crypto|URL|atob|btoa|fetch|XMLHttpRequest|require|process|Buffer|globalThis|global|window|self|document\.(body|cookie)|navigator|console|setTimeout|performance|plus|uni|wx|eval|Function|Intl|WebAssembly|SharedArrayBuffer|Atomics|Date|Math\.random)\b(?!')/

test('nothing names a global that is not there, a clock or chance', async () => {
  for (const name of files) {
    const { code } = await transform(fs.readFileSync(new URL(name, dist), 'utf8'), { minifyWhitespace: true, legalComments: 'none' })
    const found = lacking.exec(code.replace(/"[^"]*"/g, '""'))
    assert.equal(found && code.slice(found.index - 30, found.index + 30), null, name)
  }
  assert.ok(files.length > 15)
})

test('nothing needs a newer language than ES2015', async () => {
  for (const name of files) {
    const text = fs.readFileSync(new URL(name, dist), 'utf8')
    const [old, now] = await Promise.all(['es2015', 'esnext'].map((target) => transform(text, { target })))
    assert.equal(old.code, now.code, name)
  }
})

test('nothing is imported from elsewhere', () => {
  for (const name of files) {
    for (const [, from] of fs.readFileSync(new URL(name, dist), 'utf8').matchAll(/\bfrom ['"]([^'"]+)['"]/g)) assert.match(from, /^\.\/\w+\.js$/, name)
  }
})

test('it runs where there is nothing but the language', async () => {
  const { outputFiles } = await build({ entryPoints: [new URL('index.js', dist).pathname], bundle: true, write: false, format: 'iife', globalName: 'core' })
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } })
  vm.runInContext(`delete globalThis.BigInt; delete globalThis.WebAssembly; delete globalThis.Intl; delete globalThis.console\n${outputFiles[0].text}`, context)
  const key = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
  const signature = 'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'
  context.key = Buffer.from(key, 'hex').toString('base64')
  context.signature = Buffer.from(signature, 'hex').toString('base64')
  assert.equal(vm.runInContext('core.verifyEd25519(core.decodeBase64(key), new Uint8Array(0), core.decodeBase64(signature))', context), true)
})
