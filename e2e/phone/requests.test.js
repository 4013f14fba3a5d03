// How little a phone asks for.
import assert from 'node:assert/strict'
import test from 'node:test'
import { platforms, World } from './world.js'

for (const platform of platforms) {
  test(`${platform}: a check with nothing new is one HEAD without a body; an update is HEAD, document, package`, async (t) => {
    const world = await World.make(t, { platform })
    await world.start()
    assert.deepEqual(world.asked(), ['HEAD channels/production/release.json', 'GET channels/production/journal/0/0000000001.json'])
    const nothing = await world.call('check()')
    assert.equal(nothing.reason, 'up-to-date')
    const [head] = world.bucket.requests
    assert.equal(head.bytes, 0)
    assert.deepEqual(world.asked(), ['HEAD channels/production/release.json'])

    world.publish('1.1.0')
    await world.again()
    assert.deepEqual(world.asked(), ['HEAD channels/production/release.json', 'GET channels/production/journal/0/0000000002.json', 'GET packages/*.wgt'])
    await world.again()
    assert.equal(world.phone.boot.version, '1.1.0')
    assert.deepEqual(world.asked(), ['HEAD channels/production/release.json'])
    assert.deepEqual(world.said('confirmed').map((it) => it.release), ['r2'])
    await world.whole('1.1.0')
  })
}
