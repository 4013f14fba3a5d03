// The Vite plugin on bundles as the compiler hands them over; forms/ has it in real builds.
import assert from 'node:assert/strict'
import { SourceMap } from 'node:module'
import test from 'node:test'
import { wgtup } from '../vite.cjs'
import { guard } from '../guard/wrap.mjs'

const script = 'first();\nsecond();\n'
// second() comes from line 7 of a.js
const map = { version: 3, sources: ['a.js'], names: [], mappings: ';AAMA' }
const manifest = JSON.stringify({ version: { name: '1.2.3', code: 45 } })

async function build(platform, files) {
  process.env.UNI_PLATFORM = platform
  const bundle = { 'manifest.json': { source: manifest }, ...files }
  await wgtup().generateBundle.handler({}, bundle)
  return bundle
}

function inline(json) {
  return '//# sourceMappingURL=data:application/json;charset=utf-8;base64,' + Buffer.from(JSON.stringify(json)).toString('base64') + '\n'
}

for (const platform of ['app', 'app-plus', 'app-harmony']) {
  test(`${platform}: the guard is the first statement, with the version of the package`, async () => {
    const made = await build(platform, { 'app-service.js': { code: script } })
    assert.equal(made['app-service.js'].code, guard(script, { name: '1.2.3', code: '45' }))
    assert.match(made['app-service.js'].code, /^\/\*wgtup-guard 1\*\/.*\("1\.2\.3","45"\);\nfirst/)
  })
}

for (const platform of ['h5', 'web', 'mp-weixin', undefined]) {
  test(`${platform}: nothing changes`, async () => {
    const made = await build(platform ?? '', { 'app-service.js': { code: script } })
    assert.equal(made['app-service.js'].code, script)
  })
}

test('a second time changes nothing', async () => {
  const once = await build('app', { 'app-service.js': { code: script } })
  const code = once['app-service.js'].code
  const twice = await build('app', once)
  assert.equal(twice['app-service.js'].code, code)
})

test('a bundle without the service script, or without a manifest, stays as it is', async () => {
  const pages = await build('app', { 'pages/a.js': { code: script } })
  assert.equal(pages['pages/a.js'].code, script)
  const bare = await build('app', { 'app-service.js': { code: script }, 'manifest.json': undefined })
  assert.equal(bare['app-service.js'].code, script)
})

test('source maps still find every line: of the chunk, in a file, in the code', async () => {
  const made = await build('app', {
    'app-service.js': { code: script + inline(map), map: { ...map } },
    'app-service.js.map': { source: JSON.stringify(map) },
  })
  const { code, map: ofChunk } = made['app-service.js']
  const written = JSON.parse(Buffer.from(code.match(/base64,([\w+/=]+)/)[1], 'base64').toString())
  const line = code.split('\n').indexOf('second();')
  for (const it of [ofChunk, JSON.parse(made['app-service.js.map'].source), written]) {
    const found = new SourceMap(it).findEntry(line, 0)
    assert.deepEqual([found.originalSource, found.originalLine], ['a.js', 6])
  }
})
