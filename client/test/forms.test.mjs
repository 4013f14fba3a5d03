// Both forms of the package in projects of both layouts, built by both compilers, started on a
// simulated phone; the H5 build in a browser; the types in a strict TypeScript file.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import { createRequire, SourceMap } from 'node:module'
import path from 'node:path'
import test from 'node:test'
import { build, compilers, modules, nowhere, typesProject } from '../forms/project.mjs'
import { client, files } from '../tools/files.mjs'
import { Chromium } from '../../simulator/src/view/chromium.js'
import { Phone } from '../../simulator/src/index.js'

const guarded = /^\/\*wgtup-guard 1\*\/.*\("1\.0\.0","100"\);\n[^]*\n\/\*wgtup-guard end\*\/wgtupBoot\.loaded\(\);\n$/

for (const compiler of compilers) {
  for (const form of ['npm', 'uni_modules']) {
    for (const layout of ['cli', 'hbuilderx']) {
      test(`${form} in a ${layout} project, compiler ${compiler}: it starts, guarded, and the updater answers`, async (t) => {
        const dir = await build({ form, layout, compiler })
        assert.match(fs.readFileSync(path.join(dir, 'app-service.js'), 'utf8'), guarded)
        const phone = new Phone({ builtIn: dir, framework: modules(compiler), platform: layout === 'cli' ? 'android' : 'ios' })
        t.after(() => phone.close())
        phone.network.route('https://forms.wgtup.example', nowhere)
        const boot = await phone.start()
        assert.deepEqual(boot.errors, [])
        assert.match(boot.page.text, /app is/)
        const state = JSON.parse(boot.evaluate('JSON.stringify(getApp().globalData.updater.state())'))
        assert.deepEqual([state.app, state.running, state.native], ['__UNI__0F0A0B5', { name: '1.0.0', code: 100 }, { name: '1.0.0', code: 100 }])
        assert.equal(state.problem, undefined)
        assert.match(boot.requests[0].url, /^https:\/\/forms\.wgtup\.example\/app\/channels\/production\/release\.json/)
      })
    }
  }

  test(`source maps of a guarded script, compiler ${compiler}`, async () => {
    const dir = await build({ form: 'uni_modules', layout: 'cli', compiler, sourcemap: true })
    const code = fs.readFileSync(path.join(dir, 'app-service.js'), 'utf8')
    const map = JSON.parse(Buffer.from(code.match(/base64,([\w+/=]+)/)[1], 'base64').toString())
    const lines = code.split('\n')
    const line = lines.findIndex((text) => text.includes('app is '))
    const found = new SourceMap(map).findEntry(line, lines[line].indexOf('"app is "'))
    assert.match(found.originalSource, /pages\/index\/index\.vue$/)
    const source = map.sourcesContent[map.sources.indexOf(found.originalSource)].split('\n')
    assert.match(source[found.originalLine], /'app is '/)
  })

  test(`H5, compiler ${compiler}: the page comes up, and the updater says that it does nothing here`, async (t) => {
    const dir = await build({ form: 'npm', layout: 'cli', compiler, platform: 'h5' })
    const scripts = fs.readdirSync(path.join(dir, 'assets')).filter((name) => name.endsWith('.js'))
    const ours = scripts.filter((name) => /plus\.runtime|wgtupBoot/.test(fs.readFileSync(path.join(dir, 'assets', name), 'utf8')))
    assert.deepEqual(ours, [], 'these contain what only an app needs')
    const server = http.createServer((request, response) => {
      const file = path.join(dir, request.url === '/' ? 'index.html' : request.url.split('?')[0])
      if (!fs.existsSync(file)) return response.writeHead(404).end()
      response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' }).end(fs.readFileSync(file))
    })
    await new Promise((done) => server.listen(0, '127.0.0.1', done))
    t.after(() => server.close())
    const chromium = await Chromium.launch()
    t.after(() => chromium.close())
    const page = await chromium.browser.newPage()
    const errors = []
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    await page.getByText('app is idle unsupported').waitFor()
    assert.deepEqual(errors, [])
  })

  for (const resolution of compiler === '4.87' ? ['bundler', 'node10'] : ['bundler']) {
    test(`tsc --strict with the types of compiler ${compiler}, resolved as ${resolution} does`, () => {
      const dir = typesProject(compiler, resolution)
      const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
      const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', dir], { encoding: 'utf8' })
      assert.equal(status, 0, stdout)
    })
  }
}

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

test('the files of the package are those that npm publishes', () => {
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: client, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  assert.deepEqual(files(), packed.files.map((file) => file.path).sort())
})
