// What a review of the client looked for and found: states in which a phone must not end.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'
import { directory, World } from './world.js'

const quiet = { onLaunch: '' }
const boom = { load: 'throw new Error("at load")' }
const record = (world) => JSON.parse(world.phone.storage.get('wgtup.boot') ?? 'null')
const saved = (world) => JSON.parse(world.phone.storage.get('wgtup.state'))

/** A phone on which 1.1.0 was confirmed. */
async function updated(t, options) {
  const world = await World.make(t, options)
  world.publish('1.1.0')
  await world.start()
  assert.equal(await world.update(), '1.1.0')
  return world
}

/** A new installation package over what runs. */
function cover(t, world, version, code) {
  const files = world.app(version)
  const dir = directory(files)
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }))
  world.publisher.base(files, world.publisher.natives(version, code))
  world.phone.coverInstall(dir, { name: version, code: String(code) })
}

test('the way back on a new native is what that native ships, not what ran on the old one', async (t) => {
  const world = await updated(t)
  cover(t, world, '2.0.0', 200)
  await world.start()
  world.publish('2.1.0', boom, { natives: world.publisher.natives('2.0.0', 200) })
  world.faulty.add('2.1.0')
  await world.update()
  await world.phone.run(30_000)
  assert.deepEqual(world.installs.map((it) => it.version), ['1.1.0', '2.1.0', '2.0.0'])
  await world.whole('2.0.0')
})

test('a phone that does not say what runs: the trial of a release goes on', async (t) => {
  const world = await World.make(t)
  world.publish('1.1.0')
  await world.start()
  const { phone } = world
  phone.on('boot', ({ version, number }) => (phone.without = version === '1.1.0' && number === 3 ? ['runtime.getProperty'] : []))
  await world.again()
  assert.equal(phone.boot.version, '1.1.0')
  assert.equal(record(world)?.phase, 'trial')
  assert.equal(saved(world).trial.name, '1.1.0')
  assert.equal((await world.call('check()')).problem, 'unsupported')
  await world.again()
  assert.equal(world.state().confirmed, true)
  await world.whole('1.1.0')
})

test('the guard of what runs leaves the record of what is being installed alone', async (t) => {
  const world = await World.make(t)
  world.publish('1.1.0')
  await world.start()
  await world.again()
  const { phone } = world
  assert.equal(record(world).phase, 'confirmed')
  world.publish('1.2.0', {}, { mode: 'force' })
  // An install that takes a minute, as on a slow phone with a big package.
  phone.boot.context.run('{ const install = plus.runtime.install; plus.runtime.install = (...all) => setTimeout(() => install(...all), 60000) }', 'slow')
  phone.boot.evaluate('updater.sync(), 0')
  await phone.run(3000)
  assert.deepEqual([record(world).to.name, record(world).phase], ['1.2.0', 'trial'])
  phone.background()
  phone.foreground()
  await phone.run(40_000)
  assert.equal(phone.boot.version, '1.1.0')
  assert.equal(phone.launching ?? null, null)
  assert.deepEqual([record(world).starts, record(world).short, record(world).why], [0, 0, undefined])
  await phone.run(30_000)
  await world.whole('1.2.0')
})

test('readyTimeout: what no timer keeps is a wrong option', async (t) => {
  const world = await World.make(t, { app: quiet })
  await world.start()
  for (const wait of ['Infinity', 'NaN', '-1', '5', '1e12', '"20s"', 'null']) {
    const updater = `wgtup.createUpdater({ url: 'https://a.example', publicKeys: ${JSON.stringify(world.publisher.pins)}, readyTimeout: ${wait} })`
    assert.equal((await world.phone.boot.resolve(`${updater}.check()`)).problem, 'config', wait)
  }
})

test('a release is not marked because the phone was full', async (t) => {
  const world = await World.make(t, { app: quiet })
  world.publish('1.1.0')
  await world.start()
  assert.equal((await world.call('download()')).ok, true)
  world.phone.storage.fails = true
  for (let n = 0; n < 5; n++) assert.equal((await world.call('install()')).problem, 'storage')
  world.phone.storage.fails = false
  assert.equal((await world.call('check()')).action, 'wgt')
  world.phone.boot.evaluate('updater.install(), 0')
  await world.phone.run(3000)
  await world.settle()
  await world.whole('1.1.0')
})

test('an install that is answered too late is still a trial', async (t) => {
  const world = await World.make(t, { app: quiet })
  world.publish('1.1.0', boom)
  world.faulty.add('1.1.0')
  await world.start()
  await world.call('download()')
  world.phone.boot.context.run('{ const install = plus.runtime.install; plus.runtime.install = (...all) => setTimeout(() => install(...all), 150000) }', 'slow')
  assert.equal((await world.call('install()')).problem, 'install')
  assert.equal((await world.call('install()')).detail, 'the one before gave no answer')
  await world.phone.run(60_000)
  assert.equal(world.installs.length, 1)
  assert.equal(world.phone.installed().version.name, '1.1.0')
  await world.again()
  await world.phone.run(30_000)
  assert.equal(world.phone.boot.version, '1.0.0')
  assert.equal(world.state().bad[0].version, '1.1.0')
})

test('a document that could not be kept is not acted on by the next check either', async (t) => {
  const world = await World.make(t, { app: quiet })
  await world.start()
  await world.call('check()')
  world.publish('1.1.0')
  world.phone.storage.fails = true
  assert.equal((await world.call('check()')).problem, 'storage')
  assert.equal((await world.call('check()')).problem, 'storage')
  world.phone.storage.fails = false
  assert.equal((await world.call('check()')).action, 'wgt')
  assert.deepEqual(world.position['wgtup.document.production'], [0, 2])
})

test('rollback() twice: never forward again to what was left', async (t) => {
  const world = await updated(t)
  world.publish('1.2.0')
  assert.equal(await world.update(), '1.2.0')
  for (const version of ['1.1.0', '1.0.0']) {
    assert.equal((await world.call('rollback()')).ok, true)
    await world.phone.run(5000)
    assert.equal(world.phone.boot.version, version)
  }
  await world.whole('1.0.0')
})

test('nothing rejects, whatever is handed in', async (t) => {
  const world = await World.make(t, { app: quiet })
  world.publish('1.1.0')
  await world.start()
  world.phone.boot.context.run('plus.networkinfo.getCurrentType = () => { throw new Error("no permission") }', 'network')
  for (const call of ['sync(null)', 'install(null)', 'sync({ mode: null })', 'download(null)', 'setChannel(null)']) {
    assert.equal(typeof (await world.call(call)).ok, 'boolean', call)
  }
})

test('a second updater in one app is the first', async (t) => {
  const world = await World.make(t, { app: { ...quiet, load: '' } })
  world.publish('1.1.0')
  await world.start()
  await world.call("sync({ mode: 'silent' })")
  const { options } = world.defaults
  const settings = JSON.stringify({ url: 'https://app.example/my-app', publicKeys: world.publisher.pins, ...options })
  assert.equal(world.phone.boot.evaluate(`wgtup.createUpdater(${settings}) === updater`), true)
  await world.phone.run(5000)
  assert.deepEqual(world.installs, [], 'what waits for the next start is not installed under live pages')
})

for (const [name, change] of [
  ['without wait', (r) => delete r.wait],
  ['with a wait that is no number', (r) => (r.wait = 'soon')],
  ['without counters', (r) => ['starts', 'short', 'tries'].forEach((it) => delete r[it])],
  ['with members of a newer client', (r) => Object.assign(r, { next: { a: [1] }, back: { ...r.back, mirror: 1 } })],
]) {
  test(`a record ${name}: a good release stays`, async (t) => {
    const world = await updated(t)
    world.publish('1.2.0')
    await world.call('sync()')
    starting(world, change)
    await world.again()
    await world.phone.run(30_000)
    assert.equal(world.phone.boots.filter((boot) => boot.version === '1.2.0').length, 1, 'no start of it failed')
    await world.whole('1.2.0')
    assert.deepEqual([world.said('recovered'), world.state().bad], [[], []])
  })
}

/** When 1.2.0 starts first its record is another one. */
function starting(world, change) {
  world.phone.on('boot', ({ version }) => {
    const it = record(world)
    if (version !== '1.2.0' || it?.phase !== 'trial' || it.changed) return
    change(it)
    world.phone.storage.set('wgtup.boot', JSON.stringify({ ...it, changed: 1 }))
  })
}

for (const [name, change] of [
  ['without addresses', (r) => delete r.back.urls],
  ['without counters', (r) => ['starts', 'short', 'tries'].forEach((it) => delete r[it])],
]) {
  test(`a record ${name}: a bad release is left`, async (t) => {
    const world = await updated(t)
    world.publish('1.2.0', boom)
    world.faulty.add('1.2.0')
    await world.call('sync()')
    starting(world, change)
    await world.again()
    for (let n = 0; n < 4 && world.phone.boot.version === '1.2.0'; n++) {
      await world.phone.run(30_000)
      if (world.phone.boot.version === '1.2.0') await world.again()
    }
    assert.deepEqual(world.violations, [])
    await world.whole('1.1.0')
  })
}

test('a record without a file and without addresses: people are told, nothing throws', async (t) => {
  const world = await updated(t)
  world.publish('1.2.0', boom)
  world.faulty.add('1.2.0')
  await world.call('sync()')
  starting(world, (r) => (r.back = { file: '_doc/wgtup/none.wgt' }))
  await world.again()
  await world.phone.run(60_000)
  assert.ok(world.phone.boot.ui.some(({ message }) => /没有成功/.test(message)))
  assert.deepEqual(world.phone.boots.flatMap((boot) => boot.errors.map((it) => it.message)).filter((it) => !/at load|coming back/.test(it)), [])
})

test('a way back that is gone from the bucket: a newer release still comes', async (t) => {
  const world = await World.make(t)
  const landing = world.publisher.newest.releases[0].package.sha256
  world.publish('1.1.0', { load: 'setTimeout(() => updater.sync()); throw new Error("at load")' })
  world.faulty.add('1.1.0')
  await world.start()
  world.bucket.delete(`packages/${landing}.wgt`)
  await world.again()
  await world.phone.run(60_000)
  assert.equal(world.phone.boot.version, '1.1.0')
  world.publish('1.2.0', {}, { mode: 'force' })
  for (let n = 0; n < 5 && world.phone.boot.version === '1.1.0'; n++) await world.again(20_000)
  await world.settle()
  await world.whole('1.2.0')
})

test('a way back that does not come is asked for once a minute, not more often', async (t) => {
  const world = await World.make(t)
  world.publish('1.1.0', boom)
  await world.start()
  world.phone.kill('user')
  world.phone.network.fault('.wgt', { status: 404 })
  world.phone.network.log.length = 0
  await world.phone.start()
  await world.phone.run(60 * 60_000)
  const { length } = world.phone.network.log.filter(({ url }) => url.endsWith('.wgt'))
  assert.ok(length > 50 && length < 70, `${length} in an hour`)
})

test('a phone that cannot write, and cannot install: it does not download for ever', async (t) => {
  const world = await updated(t)
  world.publish('1.2.0', boom)
  world.faulty.add('1.2.0')
  await world.call('sync()')
  const { phone } = world
  let installs = 0
  phone.on('boot', ({ version }) => (phone.storage.fails = version === '1.2.0'))
  // There is room for a package, and not for what is in it.
  phone.on('install', () => {
    installs++
    phone.disk.free = phone.boot.version === '1.2.0' ? 10_000 : Infinity
    phone.clock.setTimeout(() => (phone.disk.free = Infinity), 1000)
  })
  await world.again()
  await phone.run(3600_000)
  assert.ok(installs > 2 && installs <= 7, `${installs} installs`)
})

test('calls of the runtime that are never answered end', async (t) => {
  const world = await World.make(t, { app: quiet })
  world.publish('1.1.0')
  await world.start()
  const silent = (name) => world.phone.boot.context.run(`plus.${name} = () => {}`, 'silent')
  silent('io.getFileInfo')
  assert.equal((await world.call('download()')).ok, false)
  silent('io.resolveLocalFileSystemURL')
  assert.equal((await world.call('download()')).ok, false)
  assert.equal((await world.call('check()')).ok, true, 'it goes on')
})

test('a release on trial that clears the storage and then fails is left, and not taken again', async (t) => {
  const world = await updated(t)
  world.publish('1.2.0', { onLaunch: 'plus.storage.clear(); throw new Error("in onLaunch")' })
  world.faulty.add('1.2.0')
  await world.update()
  await world.phone.run(60_000)
  await world.settle()
  assert.equal(world.phone.boot.version, '1.1.0')
  assert.equal(world.state().bad[0]?.version, '1.2.0')
  assert.equal((await world.call('check()')).reason, 'marked-bad')
})

test('a good release that clears the storage at its first start', async (t) => {
  const world = await updated(t)
  const { install } = saved(world)
  world.publish('1.2.0', { load: 'if (!plus.storage.getItem("new")) plus.storage.clear(), plus.storage.setItem("new", "1")' })
  await world.update()
  await world.phone.run(60_000)
  assert.equal(record(world)?.phase, 'confirmed')
  assert.deepEqual([world.state().confirmed, saved(world).install], [true, install])
  world.violations = world.violations.filter((it) => !it.startsWith('J3'))
  await world.whole('1.2.0')
})

test('installed, and waiting for its user to restart: nothing is offered over it', async (t) => {
  const world = await World.make(t, { phone: { without: ['runtime.restart'] } })
  world.publish('1.1.0', {}, { mode: 'force' })
  await world.start()
  assert.equal(world.state().phase, 'restart')
  for (let n = 0; n < 4; n++) await world.call('sync()')
  assert.deepEqual([world.state().phase, world.installs.length, world.state().bad], ['restart', 1, []])
  await world.whole('1.1.0')
})

test('a clock that is set back does not stretch the wait after a failed check', async (t) => {
  const world = await World.make(t, { app: quiet })
  await world.start()
  const mend = world.phone.network.fault('app.example', { status: 503 })
  assert.equal((await world.call('sync()')).problem, 'no-information')
  mend()
  assert.equal((await world.call('sync()')).problem, 'busy')
  world.phone.clock.set(world.phone.clock.now() - 365 * 24 * 3600_000)
  assert.equal((await world.call('sync()')).ok, true)
})

test('content on trial that is listed anew is adopted once it is confirmed, and not before', async (t) => {
  const world = await World.make(t, { app: { ready: 'manual' } })
  world.publish('1.1.0')
  assert.equal((await world.start()).version, '1.0.0')
  await world.again()
  world.publisher.entry((d) => {
    const old = d.releases.find(({ id }) => id === 'r2')
    d.releases = [...d.releases.filter((r) => r !== old), { ...old, id: 'r3' }]
    d.withdrawn.push({ id: 'r2', version: old.version, platforms: old.platforms, natives: old.natives })
  })
  await world.call('check()')
  assert.equal(saved(world).confirmed, undefined)
  world.phone.boot.evaluate('updater.ready(), 0')
  await world.phone.run(100)
  assert.equal((await world.call('check()')).reason, 'adopted')
  assert.equal(saved(world).confirmed.release.id, 'r3')
  assert.equal(world.installs.length, 1)
})
