// C12–C26 on the signed document: what does not verify is refused, the phone goes on with what it
// knew. Flips of every bit of an envelope, 100,000 generated documents and Go's verdicts on them
// are tests of the core (client/test/entry.test.mjs, client/agreement).
import assert from 'node:assert/strict'
import test from 'node:test'
import { canonical } from '../../client/test/vectors.mjs'
import { random } from '../../simulator/src/random.js'
import { key } from './publisher.js'
import { platforms, World } from './world.js'

async function ready(t, platform, options) {
  const world = await World.make(t, { platform, app: { onLaunch: '' }, ...options })
  await world.start()
  await world.call('check()')
  return world
}

/** The answer to a check after something was put into the bucket as the next entry. */
async function meets(world, text, position = world.publisher.next()) {
  world.publisher.place(text, position)
  return world.call('check()')
}

async function refuses(world, text, position) {
  const before = world.position
  const check = await meets(world, text, position)
  assert.deepEqual([check.ok, check.problem, check.action], [false, 'refused', 'none'], JSON.stringify(check))
  assert.ok(check.detail.length > 0)
  assert.deepEqual(world.position, before)
}

/** The next entry that is as it should be is taken, whatever came before. */
async function goesOn(world, version = '1.1.0') {
  world.publish(version)
  assert.equal(await world.update(), version)
  await world.whole(version)
}

for (const platform of platforms) {
  test(`C12 ${platform}: the document is missing, or its signature`, async (t) => {
    const world = await ready(t, platform)
    const next = world.publisher.next()
    const unsigned = JSON.parse(world.publisher.seal(next))
    unsigned.signatures = []
    await refuses(world, canonical(unsigned))
    world.bucket.delete(world.publisher.copyKey)
    assert.equal((await world.call('check()')).problem, 'no-information')
    await goesOn(world)
  })

  test(`C13 ${platform}: a member twice`, async (t) => {
    const world = await ready(t, platform)
    const payload = canonical(world.publisher.next())
    await refuses(world, world.publisher.sealText(payload.replace('"epoch":0', '"epoch":0,"epoch":0')))
    const text = world.publisher.sealText(payload)
    await refuses(world, text.replace('"payloadType"', '"payload":"e30=","payloadType"'))
    await goesOn(world)
  })

  test(`C14 ${platform}: members in capitals are other members`, async (t) => {
    const world = await ready(t, platform)
    const next = world.publisher.next()
    const { sequence, ...rest } = next
    await refuses(world, world.publisher.seal({ ...rest, SEQUENCE: sequence }), next)
    await goesOn(world)
  })

  test(`C15 ${platform}: truncated anywhere`, async (t) => {
    const world = await ready(t, platform)
    const text = world.publisher.seal(world.publisher.next())
    for (let n = 1; n < 20; n++) await refuses(world, text.slice(0, Math.floor((text.length * n) / 20)))
    await goesOn(world)
  })

  test(`C16 ${platform}: one character changed, at positions all over the entry`, async (t) => {
    const world = await ready(t, platform)
    const text = world.publisher.seal(world.publisher.next())
    const dice = random(16)
    for (let n = 0; n < 40; n++) {
      const at = Math.floor(((n + dice()) * text.length) / 40)
      const other = text[at] === 'A' ? 'B' : 'A'
      await refuses(world, text.slice(0, at) + other + text.slice(at + 1))
    }
    await goesOn(world)
  })

  test(`C17 ${platform}: an entry of more than 64 KiB, and one of 8 MB`, async (t) => {
    const world = await ready(t, platform)
    const big = (size) => world.publisher.seal(world.publisher.next((d) => (d.message = 'x'.repeat(size))))
    await refuses(world, big(50_000))
    await refuses(world, big(6_000_000))
    await goesOn(world)
  })

  test(`C18 ${platform}: a critical member that this client does not know: the document is refused, or the one release skipped`, async (t) => {
    const world = await ready(t, platform)
    await refuses(world, world.publisher.seal(world.publisher.next((d) => (d.critical = ['quantum']))))
    world.publish('1.1.0', {}, { critical: ['quantum'] })
    const check = await world.call('check()')
    assert.deepEqual([check.ok, check.action], [true, 'none'])
    world.publish('1.2.0')
    assert.equal(await world.update(), '1.2.0')
    await world.whole('1.2.0')
  })

  test(`C19 ${platform}: the document of another app, under the same keys`, async (t) => {
    const world = await ready(t, platform)
    await refuses(world, world.publisher.seal(world.publisher.next((d) => (d.app = '__UNI__0000002'))))
    await goesOn(world)
  })

  test(`C20 ${platform}: the document of another channel`, async (t) => {
    const world = await ready(t, platform)
    await refuses(world, world.publisher.seal(world.publisher.next((d) => (d.channel = 'beta'))))
    await goesOn(world)
  })

  test(`C21 ${platform}: a release for the other platform`, async (t) => {
    const world = await ready(t, platform)
    world.publish('1.1.0', {}, { platforms: platforms.filter((it) => it !== platform), natives: { min: 1 } })
    assert.equal((await world.call('check()')).reason, 'up-to-date')
    await goesOn(world, '1.2.0')
  })

  // The list says "full-package path": there is one when the publisher offers a full package.
  test(`C22 ${platform}: a release for another native: nothing; with a full package beside it: the full package`, async (t) => {
    const world = await ready(t, platform)
    world.publish('1.1.0', {}, { natives: world.publisher.natives('2.0.0', 200) })
    assert.equal((await world.call('check()')).action, 'none')
    world.publisher.entry((d) => d.releases.push({
      id: 'r' + d.sequence, kind: 'native', version: { name: '2.0.0', code: 200 }, platforms: [platform],
      rollout: { permyriad: 10000, paused: '' }, mode: 'prompt', native: { store: ['market://details?id=x'] },
    }))
    const check = await world.call('check()')
    assert.deepEqual([check.action, check.reason, check.offer.version.name], ['native', 'native-update', '2.0.0'])
    assert.deepEqual(await world.call('accept()'), { ok: true })
    assert.deepEqual(world.phone.boot.opened, ['market://details?id=x'])
    assert.deepEqual(world.installs, [])
    await world.whole('1.0.0')
  })

  test(`C23 ${platform}: expired by network time: nothing is installed, what runs goes on; a newer document is taken`, async (t) => {
    const world = await ready(t, platform)
    world.publisher.entry((d) => {
      d.expires = world.publisher.time(world.publisher.now() + 3600_000)
      d.releases.push(world.publisher.release(world.app('1.1.0'), 'r2'))
    })
    await world.phone.run(3600_000)
    const check = await world.call('check()')
    assert.deepEqual([check.ok, check.action, check.reason], [true, 'none', 'expired'])
    assert.deepEqual(world.installs, [])
    world.publish('1.2.0')
    assert.equal(await world.update(), '1.2.0')
    await world.whole('1.2.0')
  })

  test(`C23 ${platform}: issued more than 48 h ahead of network time`, async (t) => {
    const world = await ready(t, platform)
    const ahead = (hours) => (d) => {
      d.issued = world.publisher.time(world.publisher.now() + hours * 3600_000)
      d.releases.push(world.publisher.release(world.app('1.1.0'), 'r2'))
    }
    world.publisher.entry(ahead(50))
    assert.equal((await world.call('check()')).reason, 'not-yet-issued')
    await world.phone.run(3 * 3600_000)
    assert.equal(await world.update(), '1.1.0')
    await world.whole('1.1.0')
  })

  test(`C24 ${platform}: an older document again: ignored`, async (t) => {
    const world = await ready(t, platform)
    const old = [world.publisher.seal(world.publisher.newest), world.publisher.newest]
    world.publish('1.1.0', {}, { mode: 'prompt' })
    await world.call('check()')
    const before = world.position
    for (const meta of [undefined, {}, { release: '9', epoch: '0' }]) {
      world.publisher.place(...old, meta)
      if (meta?.release) world.bucket.put(world.publisher.journalKey({ epoch: 0, sequence: 9 }), old[0])
      const check = await world.call('check()')
      assert.deepEqual([check.ok, check.offer?.version.name], [true, '1.1.0'])
      assert.deepEqual(world.position, before)
    }
    await world.whole('1.0.0')
  })

  test(`C25 ${platform}: another document of the same number is refused, and told`, async (t) => {
    const world = await ready(t, platform)
    world.publish('1.1.0', {}, { mode: 'prompt' })
    await world.call('check()')
    const before = world.phone.storage.get('wgtup.document.production')
    const twin = { ...world.publisher.newest, message: 'another' }
    world.publisher.place(world.publisher.seal(twin), twin, {})
    const check = await world.call('check()')
    assert.deepEqual([check.ok, check.problem], [false, 'refused'])
    assert.match(check.detail, /same number/)
    assert.equal(world.phone.storage.get('wgtup.document.production'), before)
    await goesOn(world)
  })

  // The list wants seq <= issued; this protocol bounds the number (section 3) and ends a thief's
  // entry 9999999999 with the next epoch (section 4).
  test(`C26 ${platform}: a number beyond all bounds is refused; the highest one ends with the next epoch`, async (t) => {
    const world = await ready(t, platform)
    const { publisher } = world
    const beyond = publisher.next((d) => (d.sequence = 1e15 - 1))
    publisher.bucket.put(publisher.copyKey, publisher.seal(beyond), {})
    const check = await world.call('check()')
    assert.deepEqual([check.ok, check.problem], [false, 'refused'])
    const highest = publisher.next((d) => (d.sequence = 9999999999))
    publisher.place(publisher.seal(highest), highest)
    assert.equal((await world.call('check()')).ok, true)
    assert.deepEqual(world.position['wgtup.document.production'], [0, 9999999999])
    publisher.rotate()
    world.publish('1.1.0')
    assert.equal(await world.update(), '1.1.0')
    assert.deepEqual(world.position['wgtup.document.production'], [1, 1])
    await world.whole('1.1.0')
  })

  test(`${platform}: after a rotation the old key signs nothing any more`, async (t) => {
    const world = await ready(t, platform)
    const { publisher } = world
    const old = publisher.signing
    publisher.rotate()
    publisher.entry()
    assert.equal((await world.call('check()')).ok, true)
    const next = publisher.next()
    await refuses(world, publisher.seal(next, [old]), next)
    await refuses(world, publisher.seal(next, [key('somebody else')]), next)
    await world.again()
    await refuses(world, publisher.seal(next, [old]), next)
    await goesOn(world)
  })
}
