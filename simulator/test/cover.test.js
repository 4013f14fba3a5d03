import assert from 'node:assert/strict'
import test from 'node:test'
import { directory, files, install, phone, put, wgt } from './mini.js'

// The version that runs after a wgt 1.1.0 and then an installation package over it.
async function covered(t, builtIn, options) {
  const p = phone(t, '1.0.0', options)
  put(p, '_doc/new.wgt', wgt(files('1.1.0')))
  put(p, '_doc/kept.txt', 'kept')
  const boot = await p.start()
  boot.evaluate('uni.setStorageSync("key", "value")')
  await install(boot, '_doc/new.wgt')
  p.kill()
  assert.equal((await p.start()).version, '1.1.0')
  p.coverInstall(directory(t, builtIn), { name: '9.9', code: '99' })
  const next = await p.start()
  assert.equal(next.page.text, `index ${next.version}`)
  assert.equal(p.disk.read(p.resolve('_doc/kept.txt')).toString(), 'kept')
  assert.equal(next.evaluate('uni.getStorageSync("key")'), 'value')
  assert.deepEqual(next.evaluate('[plus.runtime.version, plus.runtime.versionCode]'), ['9.9', '99'])
  const { version } = await next.resolve('new Promise((done) => plus.runtime.getProperty(plus.runtime.appid, done))')
  assert.equal(version, next.version)
  return next.version
}

test('Android: after a cover install the built-in package runs, even an older one, even the same one', async (t) => {
  assert.equal(await covered(t, '1.2.0'), '1.2.0')
  assert.equal(await covered(t, '1.0.0'), '1.0.0')
  assert.equal(await covered(t, '0.9.0'), '0.9.0')
})

test('iOS, rule "newer": the built-in package runs only if it is higher', async (t) => {
  assert.equal(await covered(t, '1.2.0', { platform: 'ios' }), '1.2.0')
  assert.equal(await covered(t, '1.0.0', { platform: 'ios' }), '1.1.0')
})

test('iOS, rule "keep": the wgt goes on on a new base', async (t) => {
  assert.equal(await covered(t, '1.2.0', { platform: 'ios', coverRule: 'keep' }), '1.1.0')
})

test('iOS, rule "drop": as on Android', async (t) => {
  assert.equal(await covered(t, '1.0.0', { platform: 'ios', coverRule: 'drop' }), '1.0.0')
})

test('without a wgt the new built-in package always runs', async (t) => {
  for (const coverRule of ['drop', 'newer', 'keep']) {
    const p = phone(t, '1.0.0', { coverRule })
    await p.start()
    p.coverInstall(directory(t, '0.9.0'))
    assert.equal((await p.start()).version, '0.9.0')
    p.kill()
    assert.equal((await p.start()).version, '0.9.0')
  }
})

test('a cover install in the middle of an install', async (t) => {
  const p = phone(t)
  put(p, '_doc/new.wgt', wgt(files('1.1.0')))
  await p.start()
  p.power.cut('install.half', 2)
  await install(p.boot, '_doc/new.wgt').catch(() => {})
  p.coverInstall(directory(t, '1.0.5'))
  assert.equal((await p.start()).page.text, 'index 1.0.5')
})

test('a new object over the same disk is the same phone', async (t) => {
  const p = phone(t)
  put(p, '_doc/new.wgt', wgt(files('1.1.0')))
  await install(await p.start(), '_doc/new.wgt')
  p.kill()
  const same = phone(t, '1.0.0', { disk: p.disk.root })
  assert.equal((await same.start()).version, '1.1.0')
})
