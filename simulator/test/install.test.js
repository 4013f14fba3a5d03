import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { isHigher } from '../src/manifest.js'
import { appid, directory, files, install, phone, put, wgt } from './mini.js'

// A running phone with a package of the given files in _doc/new.wgt.
async function running(t, texts, options) {
  const p = phone(t, '1.0.0', options)
  const boot = await p.start()
  put(p, '_doc/new.wgt', Buffer.isBuffer(texts) ? texts : wgt(texts))
  return { p, boot }
}

function tree(dir, prefix = '') {
  return Object.fromEntries(fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const name = prefix + entry.name
    return entry.isDirectory() ? Object.entries(tree(path.join(dir, entry.name), name + '/')) : [[name, fs.readFileSync(path.join(dir, entry.name), 'utf8')]]
  }))
}

test('a package is installed, and runs after the restart', async (t) => {
  const { p, boot } = await running(t, files('1.1.0'))
  const { ok } = await install(boot, '_doc/new.wgt')
  assert.deepEqual(ok, { appid, version: '1.1.0', versionCode: '110', name: 'mini', license: '', licensehref: '', features: ['UniNView'] })
  boot.evaluate('plus.runtime.restart()')
  await p.run(2000)
  assert.equal(boot.dead, true)
  assert.equal(p.boot.page.text, 'index 1.1.0')
  assert.deepEqual(tree(p.dirs.www), files('1.1.0'))
})

test('-1201: the name decides, not the content', async (t) => {
  const { p, boot } = await running(t, files('1.1.0'))
  for (const name of ['_doc/new.bin', '_doc/new.zip', '_doc/new', '_doc/new.wgt.tmp']) {
    put(p, name, wgt(files('1.1.0')))
    assert.equal((await install(boot, name)).code, -1201)
  }
  p.disk.mkdir(p.resolve('_doc/dir.wgt'))
  assert.equal((await install(boot, '_doc/dir.wgt')).code, -1201)
  put(p, '_doc/NEW.WGT', wgt(files('1.1.0')))
  assert.ok((await install(boot, '_doc/NEW.WGT')).ok)
})

test('-4: no such file', async (t) => {
  const { boot } = await running(t, files('1.1.0'))
  assert.equal((await install(boot, '_doc/none.wgt')).code, -4)
})

test('-1202: a wrapping folder, a web page or an upload form instead of the package', async (t) => {
  const wrapped = Object.fromEntries(Object.entries(files('1.1.0')).map(([name, text]) => ['app/' + name, text]))
  const { p, boot } = await running(t, wrapped)
  assert.equal((await install(boot, '_doc/new.wgt')).code, -1202)
  for (const text of ['<html>please log in</html>', '------boundary\r\nContent-Disposition: form-data', '', 'PK']) {
    put(p, '_doc/page.wgt', Buffer.from(text))
    assert.equal((await install(boot, '_doc/page.wgt')).code, -1202)
  }
  assert.equal(p.installed().version.name, '1.0.0')
})

test('10: what is not a zip, on Android 15', async (t) => {
  const { boot } = await running(t, Buffer.from('------boundary'), { osVersion: '15' })
  assert.deepEqual(await install(boot, '_doc/new.wgt'), { code: 10, message: 'Entry at offset zero has invalid LFH signature 2d2d2d2d' })
})

test('10: half a download, a damaged entry, a path that climbs out', async (t) => {
  const whole = wgt(files('1.1.0'))
  const { p, boot } = await running(t, whole.subarray(0, whole.length >> 1))
  assert.equal((await install(boot, '_doc/new.wgt')).code, 10)
  const damaged = Buffer.from(whole)
  damaged.fill(0xff, 60, 90)
  put(p, '_doc/damaged.wgt', damaged)
  assert.equal((await install(boot, '_doc/damaged.wgt')).code, 10)
  put(p, '_doc/climbs.wgt', wgt({ '../x.txt': 'x', ...files('1.1.0') }))
  assert.equal((await install(boot, '_doc/climbs.wgt')).code, 10)
  assert.equal(p.installed().version.name, '1.0.0')
})

test('10: the disk is full while unpacking; everything is as before', async (t) => {
  const { p, boot } = await running(t, files('1.1.0', { extra: { 'static/big.bin': 'x'.repeat(100_000) } }))
  const before = tree(p.dirs.www)
  p.disk.free = 50_000
  const { code, message } = await install(boot, '_doc/new.wgt')
  assert.equal(code, 10)
  assert.match(message, /ENOSPC/)
  assert.deepEqual(tree(p.dirs.www), before)
})

test('-1203: a manifest with comments', async (t) => {
  const { boot } = await running(t, { ...files('1.1.0'), 'manifest.json': '{ /* name */ "id": "x" }' })
  assert.equal((await install(boot, '_doc/new.wgt')).code, -1203)
})

test('-1204: another app, even by force', async (t) => {
  const { boot } = await running(t, files('1.1.0', { id: '__UNI__OTHER' }))
  assert.equal((await install(boot, '_doc/new.wgt')).code, -1204)
  assert.equal((await install(boot, '_doc/new.wgt', { force: true })).code, -1204)
})

test('-1205: not higher; the version code is not compared', async (t) => {
  const { p, boot } = await running(t, files('1.0.0', { manifest: { version: { name: '1.0.0', code: '999' } } }))
  assert.equal((await install(boot, '_doc/new.wgt')).code, -1205)
  put(p, '_doc/low.wgt', wgt(files('1.1.0', { manifest: { version: { name: '1.1.0', code: '1' } } })))
  assert.equal((await install(boot, '_doc/low.wgt')).ok.versionCode, '1')
})

test('-1205: the same package a second time in the same process', async (t) => {
  const { boot } = await running(t, files('1.1.0'))
  assert.ok((await install(boot, '_doc/new.wgt')).ok)
  assert.equal((await install(boot, '_doc/new.wgt')).code, -1205)
  assert.ok((await install(boot, '_doc/new.wgt', { force: true })).ok)
})

test('-1205: install called twice at once installs once', async (t) => {
  const { p, boot } = await running(t, files('1.1.0'))
  const answers = await boot.resolve(`Promise.all([1, 2].map(() => new Promise((done) => plus.runtime.install('_doc/new.wgt', {}, () => done('ok'), (e) => done(e.code)))))`)
  assert.deepEqual(answers, ['ok', -1205])
  assert.deepEqual(tree(p.dirs.www), files('1.1.0'))
})

test('-1229: a module that the installation package lacks, unless forced', async (t) => {
  const { p, boot } = await running(t, files('1.1.0', { permissions: ['UniNView', 'Barcode', 'Maps'] }))
  const { code, message } = await install(boot, '_doc/new.wgt')
  assert.equal(code, -1229)
  assert.match(message, /:barcode,maps$/)
  assert.ok((await install(boot, '_doc/new.wgt', { force: true })).ok)
  const other = phone(t, '1.0.0', { native: { modules: ['Barcode', 'MAPS'] } })
  put(other, '_doc/new.wgt', fs.readFileSync(p.resolve('_doc/new.wgt')))
  assert.ok((await install(await other.start(), '_doc/new.wgt')).ok)
})

test('1250: a package in the old component mode', async (t) => {
  const { boot } = await running(t, files('1.1.0', { manifest: { plus: { 'uni-app': { control: 'webview' } } } }))
  assert.equal((await install(boot, '_doc/new.wgt')).code, 1250)
})

test('the order of the checks: version, then appid, then modules', async (t) => {
  const { p, boot } = await running(t, files('0.9.0', { id: '__UNI__OTHER', permissions: ['Maps'] }))
  assert.equal((await install(boot, '_doc/new.wgt')).code, -1205)
  put(p, '_doc/b.wgt', wgt(files('1.1.0', { id: '__UNI__OTHER', permissions: ['Maps'] })))
  assert.equal((await install(boot, '_doc/b.wgt')).code, -1204)
})

test('what the runtime takes for a higher version', () => {
  const table = [
    ['1.0.10', '1.0.9', true], ['1.0.0', '1.0.0', false], ['1.0', '1.0.0', false], ['1.0.0', '1.0', true],
    ['1.0.1-beta', '1.0.0', false], ['1.1.0-beta', '1.0.0', true], ['1.0.0', '', true], ['', '1.0.0', false], ['0.9.9', '1.0.0', false],
  ]
  for (const [next, current, higher] of table) assert.equal(isHigher(next, current), higher, `${next} after ${current}`)
})

test('a refused package leaves everything as it was', async (t) => {
  const { p, boot } = await running(t, files('1.0.0'))
  const before = tree(p.dirs.www)
  await install(boot, '_doc/new.wgt')
  assert.deepEqual(tree(p.dirs.www), before)
  assert.equal(p.disk.exists(p.dirs.backup), false)
})

test('old files do not survive an install; _doc and storage do', async (t) => {
  const { p, boot } = await running(t, { ...files('1.1.0'), 'static/a.txt': 'new' }, { app: { extra: { 'static/old.txt': 'old' } } })
  put(p, '_doc/kept.txt', 'kept')
  boot.evaluate('uni.setStorageSync("key", { a: 1 })')
  await install(boot, '_doc/new.wgt')
  p.kill()
  const next = await p.start()
  assert.equal(p.disk.exists(p.www('static/old.txt')), false)
  assert.equal(p.disk.read(p.resolve('_doc/kept.txt')).toString(), 'kept')
  assert.deepEqual(next.evaluate('uni.getStorageSync("key")'), { a: 1 })
})

test('resources change under the running app: old code, new pages, new version', async (t) => {
  const { p, boot } = await running(t, files('1.1.0'))
  const property = `new Promise((done) => plus.runtime.getProperty(plus.runtime.appid, done))`
  assert.equal((await boot.resolve(property)).version, '1.0.0')
  await install(boot, '_doc/new.wgt')
  assert.equal((await boot.resolve(property)).version, '1.1.0')
  boot.evaluate('uni.navigateTo({ url: "/pages/second/second" }), 0')
  await p.run(1000)
  boot.evaluate('uni.navigateTo({ url: "/pages/second/second" }), 0')
  await p.run(1000)
  assert.equal(boot.page.text, 'second 1.0.0')
  assert.deepEqual([...new Set([...boot.views.values()].map((view) => view.resources))], ['1.0.0', '1.1.0'])
  assert.equal(boot.evaluate('uni.getAppBaseInfo().appWgtVersion'), '1.0.0')
  assert.deepEqual(boot.evaluate('[plus.runtime.version, plus.runtime.versionCode]'), ['1.0.0', '100'])
})

test('a downgrade needs force', async (t) => {
  const { p, boot } = await running(t, files('1.1.0'))
  await install(boot, '_doc/new.wgt')
  put(p, '_doc/old.wgt', wgt(files('1.0.5')))
  assert.equal((await install(boot, '_doc/old.wgt')).code, -1205)
  assert.ok((await install(boot, '_doc/old.wgt', { force: true })).ok)
  p.kill()
  assert.equal((await p.start()).page.text, 'index 1.0.5')
})

test('a forced downgrade below the built-in version is undone by the next start', async (t) => {
  const { p, boot } = await running(t, files('0.9.0'))
  assert.ok((await install(boot, '_doc/new.wgt', { force: true })).ok)
  assert.equal(p.installed().version.name, '0.9.0')
  p.kill()
  assert.equal((await p.start()).version, '1.0.0')
})

test('an apk: the system installer is opened, nothing more', async (t) => {
  const { p, boot } = await running(t, files('1.1.0'))
  put(p, '_doc/app.apk', 'PK')
  assert.ok((await install(boot, '_doc/app.apk')).ok)
  assert.deepEqual(boot.opened, [p.resolve('_doc/app.apk')])
  const google = phone(t, '1.0.0', { channel: 'google' })
  put(google, '_doc/app.apk', 'PK')
  assert.equal((await install(await google.start(), '_doc/app.apk')).code, -99)
})

test('iOS: the same outcome, but none of the codes of Android', async (t) => {
  const { p, boot } = await running(t, files('0.9.0'), { platform: 'ios' })
  assert.equal((await install(boot, '_doc/new.wgt')).code, -100)
  put(p, '_doc/b.wgt', wgt(files('1.1.0')))
  assert.ok((await install(boot, '_doc/b.wgt')).ok)
  p.kill()
  assert.equal((await p.start()).page.text, 'index 1.1.0')
})

test('run mode normal: nothing is unpacked until the first install', async (t) => {
  const { p, boot } = await running(t, files('1.0.0'), { runmode: 'normal' })
  assert.equal(p.disk.exists(p.dirs.www), false)
  assert.equal((await install(boot, '_doc/new.wgt')).code, -1205)
  assert.equal(p.installed().version.name, '1.0.0')
  put(p, '_doc/b.wgt', wgt(files('1.1.0')))
  assert.ok((await install(boot, '_doc/b.wgt')).ok)
  p.kill()
  assert.equal((await p.start()).page.text, 'index 1.1.0')
})

test('a package of another compiler: the system warns at the start', async (t) => {
  const of = (plus) => ({ manifest: { plus: { 'uni-app': { control: 'uni-v3', compilerVersion: '5.24' }, ...plus } } })
  for (const [plus, warned] of [[{}, true], [{ compatible: { ignoreVersion: true } }, false], [{ compatible: { runtimeVersion: '3.91,4.87' } }, false]]) {
    const { p, boot } = await running(t, files('1.1.0', of(plus)))
    await install(boot, '_doc/new.wgt')
    p.kill()
    assert.equal((await p.start()).ui.some((shown) => shown.type === 'version-alert'), warned)
  }
})

test('clearing the data, and a new installation, start with the built-in package', async (t) => {
  const { p, boot } = await running(t, files('1.1.0'))
  await install(boot, '_doc/new.wgt')
  boot.evaluate('uni.setStorageSync("a", 1)')
  p.clearData()
  const next = await p.start()
  assert.equal(next.version, '1.0.0')
  assert.equal(next.evaluate('uni.getStorageSync("a")'), '')
  p.uninstall()
  assert.equal(p.installed(), undefined)
  await assert.rejects(p.start(), /not installed/)
  p.install(directory(t, '0.9.0'))
  assert.equal((await p.start()).version, '0.9.0')
})

test('a phone tells who installs what, and how it ended', async (t) => {
  const p = phone(t)
  const told = []
  p.on('install', ({ url, force }) => told.push({ url, force }))
  p.on('installed', ({ url, version, code }) => told.push({ url, version, code }))
  put(p, '_doc/new.wgt', wgt(files('1.1.0')))
  const boot = await p.start()
  await install(boot, '_doc/new.wgt')
  await install(boot, '_doc/new.wgt')
  assert.deepEqual(told, [
    { url: '_doc/new.wgt', force: false }, { url: '_doc/new.wgt', version: '1.1.0', code: undefined },
    { url: '_doc/new.wgt', force: false }, { url: '_doc/new.wgt', version: undefined, code: -1205 },
  ])
})
