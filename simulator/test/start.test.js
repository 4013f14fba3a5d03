import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import test from 'node:test'
import v8 from 'node:v8'
import vm from 'node:vm'
import { Clock, Network } from '../src/index.js'
import { directory, files, install, phone, put, wgt } from './mini.js'
import { build, phone as shopPhone } from './shop.js'

// A build of the shop with a change in its compiled code.
function broken(t, change) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'wgtup-sim-broken-'))
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }))
  fs.cpSync(build('1.0.0'), dir, { recursive: true })
  const file = path.join(dir, 'app-service.js')
  const before = fs.readFileSync(file, 'utf8')
  const after = change(before)
  assert.notEqual(after, before)
  fs.writeFileSync(file, after)
  return dir
}

test('white screen: app-service.js does not parse', async (t) => {
  const boot = await shopPhone(t, { builtIn: broken(t, (text) => text + '}') }).start()
  assert.equal(boot.whiteScreen, true)
  assert.equal(boot.errors[0].where, 'app-service.js')
  assert.match(boot.errors[0].message, /Unexpected token/)
})

test('white screen: a page module throws at load, before main.js', async (t) => {
  const boot = await shopPhone(t, { builtIn: broken(t, (text) => text.replace('__definePage("pages/about/index"', '(()=>{throw new Error("at load")})(),$&')) }).start()
  assert.equal(boot.whiteScreen, true)
  assert.deepEqual(boot.errors.map(({ where, message }) => ({ where, message })), [{ where: 'app-service.js', message: 'at load' }])
  assert.match(boot.errors[0].stack, /app-service\.js/)
  assert.deepEqual(boot.pages, [])
})

test('an endless loop at load: its user kills the app', async (t) => {
  const p = phone(t, '1.0.0', { app: { load: 'for (;;);' }, watchdog: 500 })
  const boot = await p.start()
  assert.deepEqual([p.running, boot.reason, boot.diedWhite], [false, 'hang', true])
})

test('white screen: the first page throws while it is drawn', async (t) => {
  const boot = await phone(t, '1.0.0', { app: { render: 'throw new Error("in render")' } }).start()
  assert.equal(boot.whiteScreen, true)
  assert.match(boot.console[0].text, /in render/)
  assert.deepEqual(boot.errors, [], 'Vue catches it: only the log knows')
})

test('no white screen: onLaunch throws, Vue logs it, and the first page comes', async (t) => {
  const boot = await phone(t, '1.0.0', { app: { onLaunch: 'throw new Error("in onLaunch")' } }).start()
  assert.equal(boot.page.text, 'index 1.0.0')
  assert.match(boot.console[0].text, /in onLaunch/)
  assert.deepEqual(boot.errors, [])
})

test('no white screen: a page that is not the first one throws when it opens', async (t) => {
  const p = phone(t)
  const boot = await p.start()
  boot.evaluate('__definePage("pages/second/second", { setup() { throw new Error("second") } }), uni.navigateTo({ url: "/pages/second/second" }), 0')
  await p.run(1000)
  assert.equal(boot.whiteScreen, false)
  assert.match(JSON.stringify([boot.errors, boot.console]), /second/)
})

test('errors in timers, callbacks and promises are on record, and the app goes on', async (t) => {
  const p = phone(t)
  const boot = await p.start()
  boot.context.run(`
    setTimeout(() => { throw new Error('in a timer') }, 10)
    plus.runtime.getProperty('x', () => { throw new TypeError('in a callback') })
    Promise.reject(new Error('in a promise'))
  `, 'app')
  await p.run(100)
  assert.deepEqual(boot.errors.map(({ where, message }) => [where, message]), [['callback', 'in a callback'], ['timer', 'in a timer']])
  assert.match(boot.console.at(-1).text, /Unhandled promise rejection: Error: in a promise/)
  assert.equal(boot.page.text, 'index 1.0.0')
})

test('the world of the app is bare', async (t) => {
  const boot = await phone(t).start()
  for (const name of ['TextEncoder', 'TextDecoder', 'URL', 'crypto', 'fetch', 'structuredClone', 'queueMicrotask', 'atob', 'btoa', 'process', 'require', 'Buffer', 'window', 'document', 'navigator', 'location']) {
    assert.equal(boot.evaluate(`typeof ${name}`), 'undefined', name)
  }
  assert.throws(() => boot.evaluate('eval("1")'), /Code generation from strings disallowed/)
  assert.throws(() => boot.evaluate('new Function("return 1")()'), /Code generation from strings disallowed/)
  assert.equal(boot.evaluate(`plus.runtime.getProperty.constructor === Function && plus.screen.getCurrentSize().constructor === Object`), true)
  assert.equal(boot.evaluate(`try { plus.storage.setItem.call() ; 0 } catch (e) { e instanceof Error }`), 0)
})

test('a member that a phone does not have is not there, and calling it is a TypeError', async (t) => {
  const boot = await phone(t).start()
  assert.equal(boot.evaluate('typeof plus.bluetooth'), 'undefined')
  assert.throws(() => boot.evaluate('plus.runtime.installWgt()'), { name: 'TypeError', message: 'plus.runtime.installWgt is not a function' })
  assert.throws(() => boot.evaluate('weex.requireModule("nothing")'), /no weex module nothing/)
  assert.equal(boot.evaluate('try { weex.requireModule("nothing") } catch (e) { e instanceof Error }'), true)
})

test('a phone without plus.io and without restart', async (t) => {
  const boot = await phone(t, '1.0.0', { without: ['io', 'runtime.restart'] }).start()
  assert.deepEqual(boot.evaluate('[typeof plus.io, typeof plus.runtime.restart, typeof plus.runtime.install]'), ['undefined', 'undefined', 'function'])
  assert.equal(boot.page.text, 'index 1.0.0')
})

test('timers and callbacks of a dead process never reach the next one', async (t) => {
  const p = phone(t)
  const boot = await p.start()
  const calls = []
  p.on('console', ({ boot, text }) => calls.push([boot.number, text]))
  boot.context.run(`
    setInterval(() => console.log('interval'), 10)
    setTimeout(() => console.log('timeout'), 500)
    plus.runtime.getProperty(plus.runtime.appid, () => console.log('callback'))
    plus.io.resolveLocalFileSystemURL('_www/manifest.json', () => console.log('entry'))
    uni.request({ url: 'http://127.0.0.1:1/', complete: () => console.log('request') })
    globalThis.late = Promise.resolve().then(() => Promise.resolve()).then(() => { plus.storage.setItem('late', '1') })
  `, 'app')
  p.restart()
  const timers = p.clock.timers.size
  await p.run(10_000)
  assert.equal(p.boot.number, 2)
  assert.deepEqual(calls, [])
  assert.deepEqual(p.storage.keys(), [])
  assert.equal(timers, 1, 'only the restart itself is waiting')
  assert.throws(() => boot.evaluate('1'), /dead/)
})

test('an interval stops when it is cleared, also from inside', async (t) => {
  const p = phone(t)
  const boot = await p.start()
  boot.context.run('globalThis.n = 0; const id = setInterval(() => { if (++n === 3) clearInterval(id) }, 10)', 'app')
  await p.run(1000)
  assert.equal(boot.evaluate('n'), 3)
})

test('two phones in one process share nothing', async (t) => {
  const clock = new Clock()
  const [a, b] = [phone(t, '1.0.0', { clock }), phone(t, '1.1.0', { clock, platform: 'ios' })]
  const [x, y] = await Promise.all([a.start(), b.start()])
  x.evaluate('globalThis.mine = 1, uni.setStorageSync("k", "a"), Array.prototype.odd = 1, uni.odd = 1, 0')
  assert.deepEqual(y.evaluate('[typeof mine, uni.getStorageSync("k"), typeof [].odd, typeof uni.odd, plus.os.name]'), ['undefined', '', 'undefined', 'undefined', 'iOS'])
  assert.deepEqual([x.page.text, y.page.text], ['index 1.0.0', 'index 1.1.0'])
  a.kill()
  assert.equal(b.running, true)
})

test('the same seed, the same run', async (t) => {
  const run = async () => {
    const p = phone(t, '1.0.0', { seed: 5, app: { onLaunch: 'console.log(Math.random(), Date.now(), new Date().toISOString())' } })
    put(p, '_doc/new.wgt', wgt(files('1.1.0')))
    const boot = await p.start()
    await install(boot, '_doc/new.wgt')
    return [boot.console, p.power.steps, p.clock.elapsed]
  }
  assert.deepEqual(await run(), await run())
})

test('the date is set by hand; timers do not care', async (t) => {
  const p = phone(t)
  const boot = await p.start()
  boot.context.run('globalThis.fired = 0; setTimeout(() => { fired = Date.now() }, 1000)', 'app')
  p.clock.set(Date.UTC(2016, 0, 1))
  await p.run(999)
  assert.equal(boot.evaluate('fired'), 0)
  await p.run(1)
  assert.equal(boot.evaluate('fired'), Date.UTC(2016, 0, 1) + 1000)
  assert.equal(boot.evaluate('new Date(0).getTime() + new Date(2020, 0, 1).getFullYear()'), 2020)
})

test('quit, background and foreground', async (t) => {
  const p = phone(t)
  const boot = await p.start()
  boot.evaluate('uni.onAppShow(() => console.log("show")), uni.onAppHide(() => console.log("hide")), 0')
  p.background()
  p.foreground()
  await p.run(10)
  assert.deepEqual(boot.console.map((line) => line.text), ['hide', 'show'])
  boot.evaluate('plus.runtime.quit()')
  await p.run(100)
  assert.deepEqual([boot.dead, boot.reason, p.running], [true, 'quit', false])
})

test('dialogs wait for a choice: 1 is yes, 0 is no', async (t) => {
  const p = phone(t)
  const boot = await p.start()
  for (const [index, confirm] of [[1, true], [0, false], [-1, false]]) {
    const answer = boot.resolve('new Promise((success) => uni.showModal({ title: "T", content: "C", success }))')
    await p.run(10)
    const shown = boot.ui.at(-1)
    assert.deepEqual([shown.type, shown.title, shown.message, shown.buttons], ['confirm', 'T', 'C', ['取消', '确定']])
    shown.choose(index)
    assert.equal((await answer).confirm, confirm)
  }
  boot.evaluate('uni.showToast({ title: "hello", position: "bottom" }), uni.showLoading({ title: "wait" }), uni.hideLoading(), 0')
  await p.run(2000)
  assert.deepEqual(boot.ui.slice(-2).map(({ type, closed }) => [type, closed]).sort(), [['toast', true], ['waiting', true]].sort())
})

test('tapping: the service layer hears what the user touches', async (t) => {
  const p = shopPhone(t)
  const boot = await p.start()
  boot.page.tap('明前龙井')
  await p.run(1000)
  assert.deepEqual(boot.pages, ['pages/index/index', 'pages/product/detail'])
  boot.evaluate('uni.navigateBack(), 0')
  await p.run(1000)
  assert.deepEqual(boot.pages, ['pages/index/index'])
  assert.throws(() => boot.page.tap('no such text'), /nothing to touch/)
})

test('storage: objects, missing keys, asynchronous forms; a write that fails is swallowed by uni', async (t) => {
  const p = phone(t)
  const boot = await p.start()
  boot.evaluate('uni.setStorageSync("o", { a: [1] }), uni.setStorageSync("s", "text"), 0')
  assert.deepEqual(boot.evaluate('[uni.getStorageSync("o"), uni.getStorageSync("s"), uni.getStorageSync("none"), uni.getStorageInfoSync().keys]'), [{ a: [1] }, 'text', '', ['o', 's']])
  assert.equal(p.storage.get('o'), '{"type":"object","data":{"a":[1]}}')
  assert.equal((await boot.resolve('uni.getStorage({ key: "s" })')).data, 'text')
  await boot.resolve('uni.setStorage({ key: "n", data: 5 })')
  assert.equal(boot.evaluate('uni.getStorageSync("n")'), 5)
  p.storage.fails = true
  boot.evaluate('uni.setStorageSync("s", "lost")')
  assert.equal(boot.evaluate('uni.getStorageSync("s")'), 'text')
  await assert.rejects(boot.resolve('uni.setStorage({ key: "s", data: "lost" })'), { errMsg: /setStorage:fail/ })
})

test('a phone that is closed leaves nothing behind', async (t) => {
  const before = { emit: process.emit, names: Object.getOwnPropertyNames(globalThis), handles: process.getActiveResourcesInfo() }
  const dirs = () => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('wgtup-sim-')).length
  const count = dirs()
  const p = phone({ after() {} }, '1.0.0', { builtIn: directory(t, '1.0.0'), network: new Network() })
  const boot = await p.start()
  boot.evaluate('uni.request({ url: "http://127.0.0.1:1/", fail() {} }), 0')
  await p.run(100)
  await p.close()
  await p.close()
  assert.deepEqual(process.getActiveResourcesInfo(), before.handles)
  assert.deepEqual(Object.getOwnPropertyNames(globalThis), before.names)
  assert.equal(process.emit, before.emit)
  assert.equal(p.clock.timers.size, 0)
  assert.equal(p.disk.exists(p.disk.root), false)
  assert.ok(dirs() >= count)
})

test('no compiled app, no framework: an error that says so', async (t) => {
  assert.throws(() => phone(t, '1.0.0', { builtIn: os.tmpdir() }), /no compiled app in .*npx uni build -p app/)
  const p = phone(t, '1.0.0', { framework: os.tmpdir() })
  await assert.rejects(p.start(), /no node_modules\/@dcloudio\/uni-app-plus/)
})

test('a hundred and fifty starts do not fill the memory', async (t) => {
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc')
  const p = phone(t)
  const after = async (starts) => {
    for (let i = 0; i < starts; i++) {
      await p.start({ run: 50 })
      p.kill()
    }
    for (let i = 0; i < 3; i++) {
      await new Promise(setImmediate)
      collect()
    }
    return process.memoryUsage().heapUsed / 1e6
  }
  const early = await after(50)
  const late = await after(100)
  assert.ok(late - early < 20, `${early.toFixed()} MB, then ${late.toFixed()} MB`)
})
