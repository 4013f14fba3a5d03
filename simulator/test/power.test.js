import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { random } from '../src/random.js'
import { appid, files, install, phone, put, wgt } from './mini.js'
import { build, phone as shopPhone } from './shop.js'

// Runs `act` on fresh phones, and cuts the power at each step that it takes.
async function atEveryStep(t, prepare, act, check, choose = () => true) {
  const dry = await prepare()
  const first = dry.power.steps.length
  await act(dry)
  const steps = dry.power.steps.slice(first)
  let cuts = 0
  for (const [index, name] of steps.entries()) {
    if (!choose(index, steps.length)) continue
    const p = await prepare()
    p.power.cut('', index + 1)
    await act(p)
    assert.equal(p.running, false, `alive after the cut at ${name}`)
    await check(p, `cut at step ${index + 1}, ${name}`)
    await p.close()
    cuts++
  }
  return { cuts, steps }
}

const ask = (boot, options = {}) => install(boot, '_doc/new.wgt', options).catch((error) => assert.match(error.message, /process died|dead/))

test('power cut at every step of an install: the next start runs the old, the new or the built-in app, complete', async (t) => {
  const seen = new Set()
  const prepare = async () => {
    const p = phone(t)
    put(p, '_doc/one.wgt', wgt(files('1.1.0')))
    put(p, '_doc/new.wgt', wgt(files('1.2.0')))
    await install(await p.start(), '_doc/one.wgt')
    p.kill()
    await p.start()
    return p
  }
  const { cuts } = await atEveryStep(t, prepare, (p) => ask(p.boot), async (p, where) => {
    const boot = await p.start()
    seen.add(boot.version)
    assert.deepEqual(boot.errors, [], where)
    assert.equal(boot.page.text, `index ${boot.version}`, where)
    for (const [name, text] of Object.entries(files(boot.version))) assert.equal(fs.readFileSync(p.www(name), 'utf8'), text, `${where}: ${name}`)
    assert.ok((await install(boot, '_doc/new.wgt', { force: true })).ok, `${where}: the next install`)
  })
  assert.ok(cuts > 15)
  assert.deepEqual([...seen].sort(), ['1.0.0', '1.1.0', '1.2.0'])
})

test('power cut at every step of a refused install, and of an app in run mode normal', async (t) => {
  for (const [version, runmode] of [['1.0.0', 'liberate'], ['1.1.0', 'normal']]) {
    const prepare = async () => {
      const p = phone(t, '1.0.0', { runmode })
      put(p, '_doc/new.wgt', wgt(files(version)))
      await p.start()
      return p
    }
    await atEveryStep(t, prepare, (p) => ask(p.boot), async (p, where) => {
      const boot = await p.start()
      assert.equal(boot.page.text, `index ${boot.version}`, where)
      assert.deepEqual(boot.errors, [], where)
    })
  }
})

test('a package with its manifest in front, cut while unpacking: half an app runs, and it is white', async (t) => {
  const { 'manifest.json': manifest, ...rest } = files('1.1.0')
  const p = phone(t)
  put(p, '_doc/new.wgt', wgt({ 'manifest.json': manifest, ...rest }))
  await p.start()
  p.power.cut('install.entry', 3)
  await ask(p.boot)
  const boot = await p.start()
  assert.equal(boot.version, '1.1.0')
  assert.equal(boot.whiteScreen, true)
  assert.equal(boot.errors[0].where, 'app-config-service.js')
})

test('power cut at every step of a first start', async (t) => {
  const { cuts } = await atEveryStep(t, async () => phone(t), (p) => p.start(), async (p, where) => {
    assert.equal((await p.start()).page.text, 'index 1.0.0', where)
  })
  assert.equal(cuts, 3)
})

test('power cut inside a call of the app: the code that goes on has no hands', async (t) => {
  const p = phone(t)
  const boot = await p.start()
  p.power.cut('storage.write')
  boot.context.run(`
    try { plus.storage.setItem('a', '1') } catch (e) { globalThis.caught = e instanceof Error }
    try { plus.storage.setItem('b', '2') } catch (e) {}
    try { plus.runtime.openURL('https://example.com') } catch (e) {}
    setTimeout(() => plus.storage.setItem('c', '3'), 0)
  `, 'app')
  await p.run(1000)
  assert.equal(boot.dead, true)
  assert.equal(boot.reason, 'storage.write')
  assert.deepEqual(p.storage.keys(), [])
  assert.deepEqual(boot.opened, [])
  p.power.cut('storage.written')
  const next = await p.start()
  next.context.run(`try { plus.storage.setItem('a', '1') } catch (e) {}`, 'app')
  assert.deepEqual(p.storage.keys(), ['a'])
})

test('power cut at every step of writing, copying, moving and removing a file', async (t) => {
  const act = (p) => p.boot.resolve(`new Promise((done) => plus.io.requestFileSystem(plus.io.PRIVATE_DOC, ({ root }) =>
    root.getFile('a.bin', { create: true }, (file) => file.createWriter((writer) => {
      writer.onwriteend = () => file.copyTo(root, 'b.bin', (b) => b.moveTo(root, 'c.bin', (c) => file.remove(() => done(1))))
      writer.writeAsBinary('AAECAwQFBgc=')
    }))))`).catch(() => {})
  const sizes = new Set()
  const { steps } = await atEveryStep(t, async () => {
    const p = phone(t)
    await p.start()
    return p
  }, act, async (p) => {
    sizes.add(['a', 'b', 'c'].map((name) => p.disk.stat(p.resolve(`_doc/${name}.bin`))?.size ?? '-').join(' '))
  })
  assert.ok(steps.length >= 9)
  assert.deepEqual([...sizes].sort(), ['- - -', '- - 8', '0 - -', '4 - -', '8 - -', '8 - 8', '8 4 -', '8 8 -'])
})

test('the shop updates to 1.1.0 with a package of `wgtup pack`; cut at sampled steps it stays complete', async (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'wgtup-sim-pack-'))
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }))
  const file = path.join(dir, 'shop.wgt')
  execFileSync('go', ['run', './cmd/wgtup', 'pack', build('1.1.0'), '-o', file], { cwd: fileURLToPath(new URL('../..', import.meta.url)) })
  const prepare = async () => {
    const p = shopPhone(t)
    put(p, '_doc/new.wgt', fs.readFileSync(file))
    await p.start()
    return p
  }
  const done = await prepare()
  assert.equal((await ask(done.boot)).ok.version, '1.1.0')
  done.boot.evaluate('plus.runtime.restart()')
  await done.run(2000)
  assert.equal(done.boot.version, '1.1.0')
  done.boot.evaluate('uni.navigateTo({ url: "/pages/coupon/index" }), 0') // a page that 1.0.0 does not have
  await done.run(1000)
  assert.deepEqual(done.boot.pages, ['pages/index/index', 'pages/coupon/index'])
  assert.deepEqual(done.boot.errors, [])

  const dice = random(7)
  const chosen = new Set(Array.from({ length: 12 }, () => Math.floor(dice() * 220)))
  await atEveryStep(t, prepare, (p) => ask(p.boot), async (p, where) => {
    const boot = await p.start()
    assert.deepEqual(boot.errors, [], where)
    assert.match(boot.page.text, /明前龙井/, where)
    const names = (dir) => fs.readdirSync(dir, { recursive: true }).sort()
    assert.deepEqual(names(p.dirs.www), names(build(boot.version)), where)
  }, (index, all) => chosen.has(index) || index < 2 || index > all - 6)
})

test('a hundred power cuts at random moments of a restarting, installing app', async (t) => {
  const dice = random(11)
  const p = phone(t)
  const packages = [wgt(files('1.1.0')), wgt(files('1.2.0'))]
  for (let i = 0; i < 100; i++) {
    const boot = await p.start({ run: Math.floor(dice() * 200) })
    put(p, '_doc/new.wgt', packages[i % 2])
    p.power.cut('', 1 + Math.floor(dice() * 20))
    if (p.running) boot.context.run(`plus.runtime.install('_doc/new.wgt', { force: true }, () => plus.runtime.restart())`, 'app')
    await p.run(Math.floor(dice() * 1500))
    p.power.reset()
    p.kill()
    const next = await p.start()
    assert.deepEqual(next.errors, [], `round ${i}`)
    assert.equal(next.page.text, `index ${next.version}`, `round ${i}`)
    p.kill()
  }
  assert.equal(appid, p.installed().id)
})
