// C36–C38, C41–C44: the phone itself: full, wrong clock, damaged state, two calls at once.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'
import { directory, platforms, World } from './world.js'

/** A phone that was offered 1.1.0 and has not begun with it. */
async function offered(t, platform, options = {}) {
  const world = await World.make(t, { platform, app: { onLaunch: '' }, ...options })
  await world.start()
  world.publish('1.1.0')
  await world.call('check()')
  world.size = world.publisher.newest.releases.at(-1).package.size
  return world
}

/** With nothing in the way the update comes. */
async function comes(world, version = '1.1.0') {
  assert.equal((await world.call('sync()')).ok, true)
  await world.phone.run(1000)
  await world.again()
  await world.whole(version)
}

for (const platform of platforms) {
  test(`C36 ${platform}: the disk is full while it downloads`, async (t) => {
    const world = await offered(t, platform)
    world.phone.disk.free = world.size >> 1
    const { ok, problem } = await world.call('download()')
    assert.deepEqual([ok, ['download', 'storage'].includes(problem)], [false, true], problem)
    assert.deepEqual([world.kept, world.installs], [[], []])
    world.phone.disk.free = Infinity
    await comes(world)
  })

  test(`C36 ${platform}: the disk is full while it installs`, async (t) => {
    const world = await offered(t, platform)
    await world.call('download()')
    world.phone.disk.free = 20_000
    const { ok, problem } = await world.call('install()')
    assert.deepEqual([ok, problem], [false, 'install'])
    assert.equal(world.isWhole(), true, 'the runtime put the old one back')
    world.phone.disk.free = Infinity
    await world.again()
    assert.equal(world.phone.boot.version, '1.0.0')
    await comes(world)
  })

  test(`C36 ${platform}: the disk is full when the state is written: nothing is begun that could not be undone`, async (t) => {
    const world = await offered(t, platform)
    await world.call('download()')
    world.phone.storage.fails = true
    assert.equal((await world.call('install()')).problem, 'storage')
    assert.deepEqual(world.installs, [])
    world.publish('1.2.0')
    assert.equal((await world.call('check()')).problem, 'storage', 'what was learnt is kept before anybody acts on it')
    assert.deepEqual(world.position['wgtup.document.production'], [0, 2])
    world.phone.storage.fails = false
    await world.again()
    await world.call('check()')
    await comes(world, '1.2.0')
  })

  test(`C36 ${platform}: writes that fail from the first start on: the app runs, and is never updated into a place it could not leave`, async (t) => {
    const world = await World.make(t, { platform })
    world.publish('1.1.0', {}, { mode: 'force' })
    world.phone.storage.fails = true
    await world.start()
    await world.again()
    assert.deepEqual(world.installs, [])
    world.phone.storage.fails = false
    await world.again()
    await world.whole('1.1.0')
  })

  test(`C37 ${platform}: an older version: not offered; taken with force when what runs was withdrawn; never below the floor`, async (t) => {
    const world = await World.make(t, { platform })
    await world.start()
    world.publish('1.1.0')
    const two = world.publish('1.2.0')
    assert.equal(await world.update(), '1.2.0')
    world.publisher.entry((d) => (d.releases = d.releases.filter((r) => r.id !== two)))
    assert.equal((await world.call('check()')).reason, 'running-newer')
    world.publisher.entry((d) => d.withdrawn.push({ id: two, version: { name: '1.2.0', code: 120 }, platforms, natives: world.publisher.natives() }))
    const check = await world.call('check()')
    assert.deepEqual([check.action, check.reason, check.offer.version.name], ['wgt', 'leave-withdrawn', '1.1.0'])
    assert.equal(await world.update(), '1.1.0')
    assert.equal(world.installs.at(-1).force, true)
    // below the floor there is nothing to go to
    world.publisher.withdraw('r2')
    world.publisher.entry((d) => (d.floor = { code: 101 }))
    const floor = await world.call('check()')
    assert.deepEqual([floor.action, floor.reason], ['none', 'no-way-back'])
    await world.whole('1.1.0')
  })

  test(`C38 ${platform}: ten checks at once are one; two syncs, two downloads, two installs`, async (t) => {
    const world = await World.make(t, { platform, app: { onLaunch: '' } })
    await world.start()
    world.publish('1.1.0')
    const checks = await world.phone.boot.resolve('Promise.all(Array.from({ length: 10 }, () => updater.check()))')
    assert.equal(new Set(checks.map((it) => JSON.stringify(it))).size, 1)
    assert.deepEqual(world.asked(), ['HEAD channels/production/release.json', 'GET channels/production/journal/0/0000000002.json'])
    const downloads = await world.phone.boot.resolve('Promise.all([updater.download(), updater.download()])')
    assert.deepEqual(downloads, [{ ok: true }, { ok: false, problem: 'busy' }])
    assert.deepEqual(world.asked(), ['GET packages/*.wgt'])
    world.phone.boot.evaluate('Promise.all([updater.install(), updater.install(), updater.sync(), updater.sync()]), 0')
    await world.phone.run(3000)
    await world.settle()
    assert.equal(world.installs.length, 1)
    await world.whole('1.1.0')
    assert.equal(world.installs.length, 1)
  })

  for (const years of [-10, 10]) {
    test(`C41 ${platform}: a clock that is ${Math.abs(years)} years ${years < 0 ? 'late' : 'early'}: nothing is lost, network time counts`, async (t) => {
      const world = await offered(t, platform, { app: {} })
      world.phone.clock.set(world.phone.clock.now() + years * 365 * 24 * 3600_000)
      await world.again()
      await world.again()
      assert.equal(world.phone.boot.version, '1.1.0')
      world.publish('1.2.0')
      assert.equal(await world.update(), '1.2.0')
      // No network: whatever the clock says, what runs goes on.
      world.phone.network.type = 'none'
      await world.again()
      assert.equal(world.phone.boot.version, '1.2.0')
      world.phone.network.type = 'wifi'
      world.phone.clock.set(world.bucket.now())
      world.publish('1.3.0')
      await world.again() // a check that was put off may be for the time that was
      await world.again()
      await world.again()
      await world.whole('1.3.0')
    })
  }

  test(`C41 ${platform}: a clock that jumps while it downloads`, async (t) => {
    const world = await offered(t, platform)
    world.phone.network.fault('.wgt', { trickle: { bytes: 10_000, every: 500 } })
    world.phone.boot.evaluate('globalThis.result = null, updater.download().then((it) => { globalThis.result = it }), 0')
    await world.phone.run(1000)
    world.phone.clock.set(world.phone.clock.now() + 10 * 365 * 24 * 3600_000)
    await world.phone.run(600)
    world.phone.clock.set(world.phone.clock.now() - 20 * 365 * 24 * 3600_000)
    await world.phone.run(60_000)
    assert.deepEqual(world.phone.boot.evaluate('result'), { ok: true })
    await comes(world)
  })

  const damage = { empty: '', 'not JSON': '{"v":1,', 'another schema': '{"v":99,"install":5}', 'a list': '[]', null: 'null', 'half of it': undefined }
  for (const [name, text] of Object.entries(damage)) {
    test(`C42 ${platform}: state that is ${name}: learnt anew, nothing installed that should not be`, async (t) => {
      const world = await World.make(t, { platform })
      await world.start()
      world.publish('1.1.0')
      await world.update()
      for (const key of world.phone.storage.keys().filter((key) => key.startsWith('wgtup.'))) {
        const before = world.phone.storage.get(key)
        world.phone.kill('damage')
        world.phone.storage.set(key, text ?? before.slice(0, before.length >> 1))
        // The position is lost with the document, and only then: it is what the phone knows.
        await world.phone.start({ run: 3000 })
        await world.settle()
        assert.equal(world.phone.boot.version, '1.1.0', key)
        assert.deepEqual(world.phone.boot.errors, [], key)
        assert.deepEqual(world.position['wgtup.document.production'], [0, 2], key)
      }
      const installs = world.installs.length
      assert.equal(installs, 1)
      world.publish('1.2.0')
      assert.equal(await world.update(), '1.2.0')
      world.violations = world.violations.filter((it) => !it.startsWith('J3'))
      await world.whole('1.2.0')
    })
  }

  test(`C43 ${platform}: the file changes between the download and the install`, async (t) => {
    const world = await offered(t, platform)
    await world.call('download()')
    const file = world.phone.resolve('_doc/wgtup/' + world.kept[0])
    const bytes = fs.readFileSync(file)
    bytes[bytes.length >> 1] ^= 1
    fs.writeFileSync(file, bytes)
    assert.equal((await world.call('install()')).problem, 'digest')
    assert.deepEqual([world.installs, world.kept], [[], []])
    await comes(world)
  })

  test(`C43 ${platform}: the file changes while it waits for the next start`, async (t) => {
    const world = await offered(t, platform, { app: {} })
    await world.call('download()')
    await world.call('install({ when: "next-launch" })')
    world.phone.kill('user')
    const file = world.phone.resolve('_doc/wgtup/' + world.kept[0])
    fs.truncateSync(file, world.size - 1)
    await world.start()
    assert.deepEqual(world.installs, [])
    assert.equal(world.phone.boot.version, '1.0.0')
    await world.again()
    await world.whole('1.1.0')
  })

  test(`C44 ${platform}: uninstalled, and installed again: what the base ships, and the way up again`, async (t) => {
    const world = await World.make(t, { platform })
    await world.start()
    world.publish('1.1.0')
    assert.equal(await world.update(), '1.1.0')
    world.phone.uninstall()
    world.phone.install(world.builtIn)
    const boot = await world.start()
    assert.equal(boot.version, '1.0.0')
    await world.again()
    world.violations = world.violations.filter((it) => !it.startsWith('J3')) // another install: nothing is known
    await world.whole('1.1.0')
  })

  test(`C44 ${platform}: a new base over an updated app, with an older and with a newer built-in version`, async (t) => {
    const world = await World.make(t, { platform })
    const { publisher } = world
    await world.start()
    world.publish('1.1.0')
    assert.equal(await world.update(), '1.1.0')
    for (const [version, code] of [['1.0.5', 105], ['1.5.0', 150]]) {
      const files = world.app(version)
      publisher.base(files, publisher.natives(version, code))
      const dir = directory(files)
      t.after(() => fs.rmSync(dir, { recursive: true, force: true }))
      world.phone.coverInstall(dir, { name: version, code: String(code) })
      await world.start()
      await world.again()
      const boot = await world.again()
      // 1.1.0 was for the base 1.0.0: the phone is on what the new one ships.
      assert.equal(boot.version, version)
      assert.equal(world.state().confirmed, true)
    }
    world.publish('1.6.0', {}, { natives: publisher.natives('1.5.0', 150) })
    assert.equal(await world.update(), '1.6.0')
    await world.whole('1.6.0')
  })
}
