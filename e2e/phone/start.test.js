// C33–C35: releases that do not start, as the compiler made them (examples/shop/broken).
import assert from 'node:assert/strict'
import test from 'node:test'
import { platforms, ShopWorld } from './world.js'

/** The built-in 1.0.0 took a broken 1.2.0; the versions of the starts after that, as the user makes them. */
async function takes(t, platform, broken, mode = 'force') {
  const world = await ShopWorld.make(t, { platform, phone: { watchdog: 3000 } })
  world.faulty.add('1.2.0')
  await world.start()
  world.publish('broken/' + broken, {}, { mode })
  await world.again()
  return world
}

/** What the bucket's access log says. */
const told = (world) => world.bucket.requests.map((it) => it.query).join(' ')

const versions = (world) => world.phone.boots.map((boot) => boot.version)

/** A minute later, and whenever somebody opens it again: what ran before, and never the broken one. */
async function isLeft(world, why) {
  const { phone } = world
  const installs = world.installs.length
  const [mark] = JSON.parse(phone.storage.get('wgtup.state')).bad
  assert.deepEqual([mark.release, mark.version, mark.why.split(':')[0]], ['r2', '1.2.0', why])
  assert.match(told(world), new RegExp(`failed-${why}\\.r2.*recovered\\.r2`))
  for (let n = 0; n < 3; n++) {
    await phone.run(25 * 3600_000)
    await world.again()
    assert.equal(phone.boot.version, '1.0.0')
  }
  assert.equal(world.installs.length, installs, 'the digest is bad for good')
  world.publish('1.3.0')
  await world.again()
  await world.again()
  assert.equal(phone.boot.version, '1.3.0', 'the next release is taken')
  await world.whole('1.3.0')
}

for (const platform of platforms) {
  for (const [broken, why] of Object.entries({ load: 'load', main: 'load', launch: 'error', draw: 'error' })) {
    test(`C33 ${platform}, ${broken}: throws on the first start: once more, then back`, async (t) => {
      const world = await takes(t, platform, broken)
      assert.deepEqual(versions(world), ['1.0.0', '1.0.0', '1.2.0', '1.2.0', '1.0.0'])
      await isLeft(world, why)
    })
  }

  test(`C33 ${platform}, unready: nothing throws, no page comes: once more after 20 s, then back`, async (t) => {
    const world = await takes(t, platform, 'unready')
    assert.deepEqual(versions(world).slice(2), ['1.2.0'])
    await world.phone.run(21_000)
    await world.settle()
    await world.phone.run(21_000)
    await world.settle()
    assert.deepEqual(versions(world).slice(2), ['1.2.0', '1.2.0', '1.0.0'])
    await isLeft(world, 'ready')
  })

  test(`C34 ${platform}, loop: the app hangs, its user kills it: the third start comes back`, async (t) => {
    const world = await takes(t, platform, 'loop')
    assert.equal(world.phone.running, false)
    await world.start()
    assert.equal(world.phone.running, false)
    await world.start()
    assert.deepEqual(versions(world).slice(2), ['1.2.0', '1.2.0', '1.2.0', '1.0.0'])
    await isLeft(world, 'start')
  })

  test(`C35 ${platform}, late: an error five minutes after the confirmation takes nothing back`, async (t) => {
    const world = await takes(t, platform, 'late')
    await world.phone.run(400_000)
    assert.match(world.phone.boot.errors[0].message, /forEach/)
    await world.again()
    assert.equal(world.phone.boot.version, '1.2.0')
    assert.match(told(world), /confirmed\.r2/)
    assert.doesNotMatch(told(world), /failed|recovered/)
    await world.whole('1.2.0')
  })
}
