// The boot guard: what counts as a failed start, and what brings the version before it back.
import assert from 'node:assert/strict'
import test from 'node:test'
import { platforms, World } from './world.js'

/** A phone on which 1.1.0 was confirmed, and 1.2.0 waits for the next start. */
async function waiting(t, { bad = {}, ...options } = {}) {
  const world = await World.make(t, options)
  world.publish('1.1.0')
  await world.start()
  await world.again()
  assert.equal(world.phone.boot.version, '1.1.0')
  world.publish('1.2.0', bad)
  await world.again()
  assert.equal(world.state().pending.name, '1.2.0')
  world.faulty.add('1.2.0')
  return world
}

const versions = (world, from = 0) => world.phone.boots.slice(from).map(({ version }) => version)
const record = (world) => JSON.parse(world.phone.storage.get('wgtup.boot') ?? 'null')

const failures = {
  'throws while it is loaded': [{ load: 'throw new Error("at load")' }, 'load'],
  'throws in onLaunch': [{ onLaunch: 'throw new Error("in onLaunch")' }, 'error'],
  'throws while the first page is drawn': [{ render: 'throw new Error("while drawing")' }, 'error'],
  'is never ready': [{ ready: 'manual', onLaunch: '' }, 'ready'],
}

for (const platform of platforms) {
  for (const [name, [bad, why]] of Object.entries(failures)) {
    test(`${platform}: a release that ${name} is tried twice, left, and never taken again`, async (t) => {
      const world = await waiting(t, { platform, bad })
      const from = world.phone.boots.length
      await world.again()
      await world.phone.run(60_000)
      assert.deepEqual(versions(world, from), ['1.1.0', '1.2.0', '1.2.0', '1.1.0'])
      const [recovered] = world.said('recovered')
      assert.deepEqual([recovered.version.name, recovered.why], ['1.2.0', why])
      assert.equal(world.state().bad[0].version, '1.2.0')
      assert.equal((await world.call('check()')).reason, 'marked-bad')
      await world.again()
      await world.again()
      assert.equal(world.phone.boot.version, '1.1.0')
      assert.ok(world.bucket.requests.some(({ query }) => query.includes(`failed-${why}.r3,recovered.r3`)))
      world.publish('1.3.0')
      await world.again()
      await world.again()
      await world.whole('1.3.0')
    })
  }

  test(`${platform}: a release that hangs while it is loaded is left at the third start`, async (t) => {
    const world = await waiting(t, { platform, bad: { load: 'for (;;) {}' } })
    await world.again(300)
    await world.phone.run(3000, () => world.phone.boot.version === '1.2.0')
    for (let n = 0; n < 2 && world.phone.boot.version === '1.2.0'; n++) await world.again(30_000)
    await world.phone.run(30_000)
    assert.equal(world.phone.boot.version, '1.1.0')
    assert.deepEqual(world.said('recovered').map(({ why }) => why), ['start'])
  })

  test(`${platform}: the first release of all: the landing is downloaded and brought back`, async (t) => {
    const world = await World.make(t, { platform })
    world.faulty.add('1.1.0')
    world.publish('1.1.0', { load: 'throw new Error("at load")' })
    await world.start()
    await world.again()
    await world.phone.run(30_000)
    assert.equal(world.phone.boot.version, '1.0.0')
    await world.whole('1.0.0')
  })
}

test('the way back waits for the network, says so, and then works', async (t) => {
  const world = await World.make(t)
  world.publish('1.1.0', { load: 'throw new Error("at load")' })
  await world.start()
  world.phone.kill('user')
  world.phone.network.type = 'none'
  await world.phone.start()
  await world.phone.run(60_000)
  assert.equal(world.phone.boot.version, '1.1.0')
  assert.ok(world.phone.boot.ui.some(({ message }) => /没有成功/.test(message)), JSON.stringify(world.phone.boot.ui))
  world.phone.network.type = 'wifi'
  await world.phone.run(120_000)
  assert.equal(world.phone.boot.version, '1.0.0')
})

test('a damaged package on the phone is not brought back: it is downloaded', async (t) => {
  const world = await waiting(t, { bad: { load: 'throw new Error("at load")' } })
  const { back } = { back: world.kept }
  assert.equal(back.length, 2)
  const before = world.publisher.newest.releases.find(({ version }) => version.name === '1.1.0').package
  const file = world.kept.find((name) => world.phone.disk.size(world.phone.resolve('_doc/wgtup/' + name)) === before.size && name.startsWith(before.sha256.slice(0, 16)))
  world.phone.disk.write(world.phone.resolve('_doc/wgtup/' + file), 'damaged')
  world.asked()
  await world.again()
  await world.phone.run(30_000)
  assert.equal(world.phone.boot.version, '1.1.0')
  assert.equal(world.asked().filter((line) => line.startsWith('GET packages')).length, 1)
  await world.whole('1.1.0')
})

test('no way back: people are told, the app goes on, and a better release still comes', async (t) => {
  const world = await World.make(t, { based: false })
  world.publish('1.1.0', { onLaunch: 'updater.sync(); throw new Error("in onLaunch")' })
  await world.start()
  await world.again()
  await world.phone.run(30_000)
  assert.equal(world.phone.boot.version, '1.1.0')
  assert.ok(world.phone.boot.ui.some(({ message }) => /重新安装/.test(message)))
  await world.again()
  assert.equal(world.state().phase, 'reinstall')
  world.publish('1.2.0')
  await world.again(10_000)
  await world.again(10_000)
  assert.equal(world.phone.boot.version, '1.2.0')
})

test('errors: ignore: only what was never shown is a failed start', async (t) => {
  const world = await waiting(t, { app: { options: { errors: 'ignore' } }, bad: { onLaunch: 'throw new Error("in onLaunch")' } })
  await world.again()
  await world.phone.run(30_000)
  assert.equal(world.phone.boot.version, '1.2.0')
  assert.equal(world.state().confirmed, true)
})

test('an error after the confirmation is the app\'s own', async (t) => {
  const world = await waiting(t, { bad: { onLaunch: 'updater.sync(); setTimeout(() => { throw new Error("later") }, 8000)' } })
  await world.again()
  await world.phone.run(30_000)
  assert.equal(world.phone.boot.version, '1.2.0')
  assert.equal(record(world).phase, 'confirmed')
})

test('starts that their user ends at once are not counted, but not without end', async (t) => {
  const world = await waiting(t, { bad: { ready: 'manual' } })
  await world.again()
  for (let n = 0; n < 2; n++) {
    assert.equal(world.phone.boot.version, '1.2.0')
    await world.phone.run(500)
    world.phone.background()
    await world.phone.run(50)
    assert.equal(record(world).starts, 0, `after ${n + 1} short starts`)
    await world.again()
  }
  world.phone.boot.evaluate('updater.ready(), 0')
  await world.phone.run(100)
  assert.equal(record(world).phase, 'confirmed')

  const endless = await waiting(t, { bad: { ready: 'manual' } })
  await endless.again()
  for (let n = 0; n < 8 && endless.phone.boot.version === '1.2.0'; n++) {
    await endless.phone.run(500)
    endless.phone.background()
    await endless.phone.run(50)
    await endless.again()
  }
  await endless.phone.run(5000)
  assert.equal(endless.phone.boot.version, '1.1.0')
})

test('time in the background does not count', async (t) => {
  const world = await waiting(t, { bad: { ready: 'manual' } })
  await world.again()
  await world.phone.run(8000)
  world.phone.background()
  await world.phone.run(120_000)
  assert.equal(world.phone.boot.version, '1.2.0')
  world.phone.foreground()
  await world.phone.run(5000)
  world.phone.boot.evaluate('updater.ready(), 0')
  await world.phone.run(60_000)
  assert.equal(world.phone.boots.filter(({ version }) => version === '1.2.0').length, 1)
  assert.equal(record(world).phase, 'confirmed')
})

test('a confirmed release that cannot be loaded three times in a row is left', async (t) => {
  const world = await waiting(t, { bad: { load: 'if (plus.storage.getItem("poison")) throw new Error("poisoned")' } })
  await world.again()
  await world.phone.run(3000)
  assert.equal(record(world).phase, 'confirmed')
  world.phone.boot.evaluate('plus.storage.setItem("poison", "1"), 0')
  for (let n = 0; n < 2; n++) {
    await world.again()
    assert.equal(world.phone.boot.version, '1.2.0')
  }
  await world.again()
  await world.phone.run(5000)
  assert.equal(world.phone.boot.version, '1.1.0')
  assert.equal(world.state().running.release, 'r2')
})

test('one bad start of a confirmed release is forgotten by a good one', async (t) => {
  const world = await waiting(t, { bad: { load: 'if (plus.storage.getItem("poison")) throw new Error("poisoned")' } })
  await world.again()
  await world.phone.run(3000)
  for (let n = 0; n < 4; n++) {
    world.phone.storage.set('poison', '1')
    await world.again()
    assert.equal(record(world).starts, 1)
    world.phone.storage.delete('poison')
    await world.again()
    assert.equal(record(world).starts, 0)
  }
  assert.equal(world.phone.boot.version, '1.2.0')
})

test('ready() of the old page does not confirm what was just installed', async (t) => {
  const world = await World.make(t, { app: { ready: 'manual' } })
  world.publish('1.1.0')
  await world.start()
  world.phone.boot.evaluate('updater.on("restarting", () => updater.ready()), updater.install().then(() => updater.ready()), 0')
  await world.phone.run(200)
  assert.equal(record(world)?.phase ?? 'trial', 'trial')
  await world.phone.run(3000)
  assert.equal(world.phone.boot.version, '1.1.0')
  assert.equal(record(world).phase, 'trial')
})

test('a cover install ends a trial: the guard of the new app does nothing', async (t) => {
  const world = await waiting(t, { bad: { load: 'throw new Error("at load")' } })
  await world.again(300)
  const next = world.app('2.0.0')
  const { directory } = await import('./world.js')
  world.phone.coverInstall(directory(next), { name: '2.0.0', code: '200' })
  await world.start()
  await world.phone.run(30_000)
  assert.equal(world.phone.boot.version, '2.0.0')
  assert.equal(record(world), null)
  assert.equal(world.state().confirmed, true)
})

test('a phone that cannot write counts no starts, so a failed one is left at once', async (t) => {
  const world = await waiting(t, { bad: { load: 'throw new Error("at load")' } })
  world.phone.on('boot', (boot) => (world.phone.storage.fails = boot.version === '1.2.0'))
  await world.again()
  await world.phone.run(30_000)
  assert.equal(world.phone.boot.version, '1.1.0')
})

test('without a guard in the package errors are reported, and nothing is confirmed', async (t) => {
  const world = await waiting(t, { bad: { guarded: false, onLaunch: 'updater.sync(); throw new Error("in onLaunch")' } })
  await world.again()
  await world.phone.run(30_000)
  assert.equal(world.phone.boot.version, '1.2.0')
  assert.equal(world.state().confirmed, false)
})
