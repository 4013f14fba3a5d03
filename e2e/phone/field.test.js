// What reached users of other updaters, as cases: each is named after the thread it was told in.
// Publishers' cases (19–21, 28, 31) are in internal/publish and cmd/wgtup.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'
import { coverRules } from '../../simulator/src/index.js'
import { directory, platforms, World } from './world.js'

/** A phone on 1.1.0, confirmed, with 1.0.0 built in. */
async function updated(t, platform, options) {
  const world = await World.make(t, { platform, ...options })
  await world.start()
  world.publish('1.1.0')
  assert.equal(await world.update(), '1.1.0')
  assert.equal(world.state().confirmed, true)
  return world
}

function broken(world, version, how = { load: 'throw new Error("at load")' }, release = {}) {
  world.faulty.add(version)
  return world.publish(version, how, release)
}

const versions = (world) => world.phone.boots.map((boot) => boot.version)

for (const platform of platforms) {
  test(`1 ${platform} (hot-updater #1321): a hang before the first page is left at a cold start, without a server`, async (t) => {
    const world = await updated(t, platform, { phone: { watchdog: 3000 } })
    broken(world, '1.2.0', { load: 'for (;;);' })
    await world.update()
    world.phone.network.type = 'none'
    for (let n = 0; n < 3 && !world.phone.running; n++) await world.start()
    assert.equal(world.phone.boot.version, '1.1.0')
    await world.whole('1.1.0')
  })

  test(`2 ${platform} (capacitor-updater #907): ready() of the old page is not credited to the new release`, async (t) => {
    const eager = { onLaunch: 'updater.sync(); setInterval(() => updater.ready(), 5)' }
    const world = await updated(t, platform, { app: eager })
    broken(world, '1.2.0')
    await world.update()
    await world.settle()
    assert.equal(world.phone.boot.version, '1.1.0')
    assert.deepEqual(world.said('confirmed').map((it) => it.version.name), ['1.1.0'])
    await world.whole('1.1.0')
  })

  test(`3 ${platform} (capacitor-updater #753): a restart neither delays nor loses ready(): no false rollback`, async (t) => {
    const world = await updated(t, platform)
    const { phone } = world
    await phone.run(10 * 60_000)
    assert.deepEqual([phone.running, phone.boot.version, world.said('recovered')], [true, '1.1.0', []])
    await world.whole('1.1.0')
  })

  test(`4 ${platform} (react-native-update, boot counting): starts in the background do not count`, async (t) => {
    const world = await World.make(t, { platform })
    const { phone } = world
    await world.start()
    world.publish('1.1.0')
    await world.call('sync()')
    await phone.run(1000)
    phone.kill('user')
    await phone.start({ run: 0 })
    await phone.run(5000, () => Boolean(phone.launching)) // installed
    for (let n = 0; n < 3; n++) {
      if (phone.launching) await phone.run(1000, () => phone.running)
      else await phone.start({ run: 0 })
      assert.equal(phone.boot.version, '1.1.0')
      phone.background()
      await phone.run(10)
      phone.kill('by the system')
    }
    await world.start()
    assert.deepEqual([phone.boot.version, world.state().confirmed, world.state().bad], ['1.1.0', true, []])
    await world.whole('1.1.0')
  })

  test(`5 ${platform} (react-native-update #68, code-push #119): after any number of releases that did not start the last good one is still there`, async (t) => {
    const world = await updated(t, platform)
    for (const version of ['1.2.0', '1.3.0', '1.4.0']) {
      broken(world, version)
      await world.update()
      await world.settle()
      assert.equal(world.phone.boot.version, '1.1.0', `after ${version}`)
    }
    await world.whole('1.1.0')
  })

  test(`6 ${platform} (hot-updater #603, expo #2097): no loop of rollback and update, no loop of restarts`, async (t) => {
    const world = await updated(t, platform)
    broken(world, '1.2.0', undefined, { mode: 'force' })
    await world.again()
    await world.settle()
    const [installs, boots] = [world.installs.length, world.phone.boots.length]
    for (let n = 0; n < 20; n++) {
      await world.again()
      await world.phone.run(3600_000)
    }
    assert.equal(world.installs.length, installs)
    assert.equal(world.phone.boots.length, boots + 20)
    await world.whole('1.1.0')
  })

  test(`7 ${platform} (code-push #524, #1915): a mark can be cleared, and never stops a newer release`, async (t) => {
    const world = await updated(t, platform)
    broken(world, '1.2.0')
    await world.update()
    await world.settle()
    world.publish('1.3.0')
    assert.equal(await world.update(), '1.3.0')
    assert.equal(world.state().bad.length, 1)
    world.phone.boot.evaluate('updater.forgive(), 0')
    assert.deepEqual(world.state().bad, [])
    await world.whole('1.3.0')
  })

  for (const coverRule of coverRules) {
    test(`8 ${platform}, cover rule ${coverRule} (hot-updater #262, capacitor-updater #516, uni-app #5184): a new native drops what was made for the old one`, async (t) => {
      const world = await updated(t, platform, { phone: { coverRule } })
      const files = world.app('2.0.0')
      world.publisher.base(files, world.publisher.natives('2.0.0', 200))
      const dir = directory(files)
      t.after(() => fs.rmSync(dir, { recursive: true, force: true }))
      world.phone.coverInstall(dir, { name: '2.0.0', code: '200' })
      await world.start()
      await world.again()
      await world.again()
      assert.equal(world.phone.boot.version, '2.0.0')
      await world.whole('2.0.0')
    })
  }

  test(`9 ${platform} (uni-app #5465): a truncated package never gets to the installer`, async (t) => {
    const world = await updated(t, platform)
    world.publish('1.2.0')
    const { size } = world.publisher.newest.releases.at(-1).package
    // no Content-Length: nobody notices but us
    world.phone.network.fault('.wgt', { headers: { 'Content-Length': null }, cut: size >> 1 })
    await world.update()
    assert.deepEqual(world.installs.map((it) => it.version), ['1.1.0'])
    await world.whole('1.1.0')
  })

  test(`10 ${platform} (uni-app #2746, -1205): installing what is installed is harmless`, async (t) => {
    const world = await World.make(t, { platform, app: { onLaunch: '' }, phone: { without: ['runtime.restart'] } })
    await world.start()
    world.publish('1.1.0')
    await world.call('check()')
    await world.call('download()')
    assert.deepEqual(await world.call('install()'), { ok: true })
    assert.equal(world.state().phase, 'restart')
    assert.deepEqual(await world.call('install()'), { ok: true }) // whatever iOS answers: it is on the disk
    assert.deepEqual(world.state().bad, [])
    await world.again()
    assert.equal(world.state().confirmed, true)
    await world.whole('1.1.0')
  })

  test(`11 ${platform} (bbs.itying.com 693f949a, the official warning): a silent release is never installed under pages in use`, async (t) => {
    const world = await updated(t, platform)
    const { phone } = world
    world.publish('1.2.0')
    await world.call('sync()')
    for (let n = 0; n < 10; n++) {
      phone.background()
      await phone.run(600_000)
      phone.foreground()
      await phone.run(600_000)
    }
    assert.deepEqual(world.installs.map((it) => it.version), ['1.1.0'])
    phone.kill('user')
    // At the start: installed before anybody can use a page, and restarted at once.
    let at
    phone.on('installed', () => (at = phone.clock.elapsed))
    const from = phone.clock.elapsed
    await world.start()
    assert.ok(at - from < 500, `${at - from} ms after the start`)
    await world.whole('1.2.0')
  })

  test(`12 ${platform} (uni-app #3779, #4651): a start after which nothing is shown is left`, async (t) => {
    const world = await updated(t, platform)
    broken(world, '1.2.0', { render: 'throw new Error("white")' })
    await world.update()
    for (let n = 0; n < 3; n++) {
      await world.phone.run(21_000)
      await world.settle()
    }
    assert.equal(world.phone.boot.version, '1.1.0')
    await world.whole('1.1.0')
  })

  test(`13 ${platform} (openagents #620): a CDN keeps wrong bytes under one name; the next release has another`, async (t) => {
    const world = await updated(t, platform)
    world.publish('1.2.0')
    const { sha256 } = world.publisher.newest.releases.at(-1).package
    world.phone.network.fault(sha256, { body: 'half a package' })
    for (let n = 0; n < 3; n++) await world.update()
    assert.equal(world.phone.boot.version, '1.1.0')
    world.publish('1.2.1')
    assert.equal(await world.update(), '1.2.1')
    await world.whole('1.2.1')
  })

  test(`14 ${platform} (hot-updater #489, #232): a stale copy does not hide what HEAD announces`, async (t) => {
    const world = await updated(t, platform)
    const stale = world.bucket.get(world.publisher.copyKey)
    world.publish('1.2.0')
    world.bucket.put(world.publisher.copyKey, stale, { release: '3', epoch: '0' })
    assert.equal(await world.update(), '1.2.0')
    await world.whole('1.2.0')
  })

  test(`17 ${platform} (hot-updater #727, #497): the order of releases does not depend on anybody's clock`, async (t) => {
    const world = await updated(t, platform)
    world.publisher.entry((d) => {
      d.issued = world.publisher.time(world.publisher.now() - 26 * 3600_000)
      d.releases.push(world.publisher.release(world.app('1.2.0'), 'r3'))
    })
    world.phone.clock.set(world.phone.clock.now() - 13 * 3600_000)
    assert.equal(await world.update(), '1.2.0')
    await world.whole('1.2.0')
  })

  test(`18 ${platform} (hot-updater #445): a release that was there before the native it is for`, async (t) => {
    const world = await World.make(t, { platform })
    await world.start()
    world.publish('2.1.0', {}, { natives: { min: 200 } })
    await world.update()
    assert.deepEqual(world.installs, [])
    const files = world.app('2.0.0')
    const dir = directory(files)
    t.after(() => fs.rmSync(dir, { recursive: true, force: true }))
    world.publisher.base(files, world.publisher.natives('2.0.0', 200))
    world.phone.coverInstall(dir, { name: '2.0.0', code: '200' })
    await world.start()
    assert.equal(await world.update(), '2.1.0')
    await world.whole('2.1.0')
  })

  test(`22 ${platform} (code-push #693): a rollout below 100% reaches its share, and another share of the next release`, async (t) => {
    const world = await World.make(t, { platform, app: { onLaunch: '' } })
    await world.start()
    await world.call('check()')
    const share = { mode: 'prompt', rollout: { permyriad: 5000, paused: '' } }
    const reached = []
    for (const version of ['1.1.0', '1.2.0']) {
      world.publish(version, {}, share)
      const offers = []
      for (let id = 0; id < 40; id++) {
        const saved = JSON.parse(world.phone.storage.get('wgtup.state'))
        saved.install = id.toString(16).padStart(32, '0')
        world.phone.kill('another phone')
        world.phone.storage.set('wgtup.state', JSON.stringify(saved))
        await world.start(100)
        offers.push((await world.call('check()')).offer?.version.name === version)
      }
      reached.push(offers)
    }
    for (const offers of reached) {
      const count = offers.filter(Boolean).length
      assert.ok(count > 10 && count < 30, `${count} of 40`)
    }
    const both = reached[0].filter((it, id) => it && reached[1][id]).length
    assert.ok(both > 2 && both < 20, `${both} of 40 in both`)
  })

  test(`23 ${platform} (code-push #530): a fix for everybody during a rollout`, async (t) => {
    const world = await updated(t, platform)
    world.publish('1.2.0', {}, { rollout: { permyriad: 0, paused: '' } })
    assert.equal(await world.update(), '1.1.0')
    world.publish('1.3.0')
    assert.equal(await world.update(), '1.3.0')
    await world.whole('1.3.0')
  })

  test(`24 ${platform} (shorebird #3296): the first release of all is withdrawn: back to what the store ships`, async (t) => {
    const world = await updated(t, platform)
    world.publisher.withdraw('r2')
    assert.equal(await world.update(), '1.0.0')
    assert.deepEqual(world.installs.map((it) => [it.version, it.force]), [['1.1.0', false], ['1.0.0', true]])
    await world.whole('1.0.0')
  })

  test(`25 ${platform} (appcenter #814): a start never waits for the check; 503 is quiet`, async (t) => {
    const world = await World.make(t, { platform })
    world.phone.network.fault('', { stall: true })
    await world.phone.start({ run: 200 })
    assert.equal(world.phone.boot.page.text, 'index 1.0.0')
    world.phone.network.mend()
    world.phone.network.fault('', { status: 503 })
    await world.again()
    await world.phone.run(600_000)
    assert.deepEqual(world.phone.boot.ui, [])
    await world.whole('1.0.0')
  })

  test(`26 ${platform} (capacitor-updater #98): every byte is verified before the switch`, async (t) => {
    const world = await updated(t, platform)
    world.publish('1.2.0')
    world.phone.network.fault('.wgt', { rewrite: (answer) => (answer.body = Buffer.from(answer.body.map((b, i) => (i === answer.body.length - 30 ? b ^ 1 : b)))) })
    await world.update()
    assert.deepEqual(world.installs.map((it) => it.version), ['1.1.0'])
    await world.whole('1.1.0')
  })

  test(`27 ${platform} (expo #19046): one failed transfer does not end an update: three goes, the later ones from where it broke off`, async (t) => {
    const world = await updated(t, platform)
    world.publish('1.2.0')
    const { size } = world.publisher.newest.releases.at(-1).package
    world.phone.network.fault('.wgt', { cut: Math.floor(size / 3) }, 2)
    assert.equal(await world.update(), '1.2.0')
    assert.equal(world.bucket.requests.filter((it) => it.key.startsWith('packages/') && it.headers.range).length, 2)
    await world.whole('1.2.0')
  })

  test(`29 ${platform} (hot-updater #864): a crash right after the restart is come back from`, async (t) => {
    const world = await updated(t, platform)
    const { phone } = world
    world.publish('1.2.0')
    // The app's own code crashes; at the third start the guard does not let it run.
    phone.on('boot', (boot) => boot.version === '1.2.0' && phone.clock.setTimeout(() => boot.errors.length || phone.kill('crash'), 5))
    await world.update()
    for (let n = 0; n < 3 && !phone.running; n++) await world.start()
    assert.deepEqual(versions(world).slice(-4), ['1.2.0', '1.2.0', '1.2.0', '1.1.0'])
    await world.whole('1.1.0')
  })

  test(`30 ${platform} (shorebird #3613): a freeze is a failure, and it is told`, async (t) => {
    const world = await updated(t, platform)
    broken(world, '1.2.0', { ready: 'manual' })
    await world.update()
    for (let n = 0; n < 3; n++) {
      await world.phone.run(21_000)
      await world.settle()
    }
    assert.equal(world.phone.boot.version, '1.1.0')
    assert.match(world.bucket.requests.map((it) => it.query).join(' '), /failed-ready\.r3,recovered\.r3/)
    await world.whole('1.1.0')
  })
}
