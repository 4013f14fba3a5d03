// C09, C10, C12–C18 on the metadata of HEAD: it is unsigned, may delay, and never decides.
import assert from 'node:assert/strict'
import test from 'node:test'
import { random } from '../../simulator/src/random.js'
import { platforms, World } from './world.js'

const head = 'HEAD channels/production/release.json'
const copy = 'GET channels/production/release.json'
const entry = (sequence) => `GET channels/production/journal/0/${String(sequence).padStart(10, '0')}.json`

/** A phone that has seen entry 2, which releases 1.1.0 to those who ask for it. */
async function ready(t, platform) {
  const world = await World.make(t, { platform, app: { onLaunch: '' } })
  await world.start()
  world.publish('1.1.0', {}, { mode: 'prompt' })
  await world.call('check()')
  world.asked()
  return world
}

/** What HEAD says from now on, as far as the answer's headers go. */
function says(world, change) {
  world.phone.network.mend()
  world.phone.network.fault(/^HEAD/, { rewrite: change })
}

/** A check decides as before. */
async function decides(world, requests) {
  const check = await world.call('check()')
  assert.deepEqual([check.ok, check.action, check.offer?.version.name], [true, 'wgt', '1.1.0'])
  assert.deepEqual(world.asked(), requests)
  assert.deepEqual(world.position['wgtup.document.production'], [0, 2])
}

const meta = (release, epoch = '0') => (answer) => {
  answer.set('x-oss-meta-release', release)
  answer.set('x-oss-meta-epoch', epoch)
}

for (const platform of platforms) {
  test(`C09 ${platform}: a stale HEAD is ignored, without another request`, async (t) => {
    const world = await ready(t, platform)
    says(world, meta('1'))
    await decides(world, [head])
    await world.whole('1.0.0')
  })

  test(`C10 ${platform}: HEAD alternates between an old and a new node a hundred times: no flapping`, async (t) => {
    const world = await ready(t, platform)
    for (let n = 0; n < 100; n++) {
      says(world, meta(n % 2 ? '1' : '2'))
      await decides(world, [head])
    }
    await world.whole('1.0.0')
  })

  const odd = {
    'C12: missing': (answer) => meta(null, null)(answer),
    'C12: one of two missing': (answer) => answer.set('x-oss-meta-epoch', null),
    'C13: twice, with two values': (answer) => answer.headers.push(['x-amz-meta-release', '3']),
    'C15: truncated to nothing': meta(''),
    'C17: sixteen digits': meta('1000000000000000'),
    'not a number': meta('abc'),
    'negative': meta('-3'),
    'zero': meta('0'),
    'in hexadecimal': meta('0x3'),
  }
  for (const [name, change] of Object.entries(odd)) {
    test(`${name} ${platform}: the signal is no signal; the document is asked for, conditionally`, async (t) => {
      const world = await ready(t, platform)
      says(world, change)
      await decides(world, [head, copy])
      assert.equal(world.bucket.requests.length, 0)
      await world.whole('1.0.0')
    })
  }

  test(`C13 ${platform}: twice, with the same value, is one signal`, async (t) => {
    const world = await ready(t, platform)
    says(world, (answer) => answer.headers.push(['x-amz-meta-release', '2'], ['x-amz-meta-epoch', '0']))
    await decides(world, [head])
  })

  for (const headerCase of ['raw', 'lower']) {
    test(`C14 ${platform}: names of headers in any case, as the phone hands them on: ${headerCase}`, async (t) => {
      const world = await ready(t, platform)
      world.phone.network.headerCase = headerCase
      says(world, (answer) => (answer.headers = answer.headers.map(([name, value]) => [name.toUpperCase(), value])))
      await decides(world, [head])
    })
  }

  test(`C14 ${platform}: metadata of any store`, async (t) => {
    const world = await ready(t, platform)
    for (const prefix of ['x-cos-meta-', 'X-Bce-Meta-', 'x-amz-meta-', 'x-obs-meta-']) {
      says(world, (answer) => (answer.headers = answer.headers.map(([name, value]) => [name.replace('x-oss-meta-', prefix), value])))
      await decides(world, [head])
    }
  })

  test(`C16, C26 ${platform}: a signal that lies costs requests, and changes nothing`, async (t) => {
    const world = await ready(t, platform)
    for (const lie of ['3', '22', '9999999999']) {
      says(world, meta(lie))
      await decides(world, [head, entry(lie), copy])
    }
    says(world, meta('1', '7'))
    await decides(world, [head, 'GET channels/production/journal/7/0000000001.json', copy])
    await world.whole('1.0.0')
  })

  test(`C16 ${platform}: any character of the values changed to any other`, async (t) => {
    const world = await ready(t, platform)
    const dice = random(16)
    for (let n = 0; n < 60; n++) {
      const character = String.fromCharCode(33 + Math.floor(dice() * 94))
      says(world, dice() < 0.5 ? meta(character) : meta('2', character))
      const check = await world.call('check()')
      assert.deepEqual([check.ok, check.offer?.version.name], [true, '1.1.0'], character)
      assert.ok(world.asked().length <= 3)
    }
    await world.whole('1.0.0')
  })

  test(`C17 ${platform}: a header of 64 KB`, async (t) => {
    const world = await ready(t, platform)
    says(world, (answer) => answer.set('x-oss-meta-release', '2'.repeat(65536)))
    await decides(world, [head, copy])
    await world.whole('1.0.0')
  })

  test(`C18 ${platform}: metadata that nobody knows`, async (t) => {
    const world = await ready(t, platform)
    says(world, (answer) => answer.headers.push(['x-oss-meta-critical', 'everything'], ['x-oss-meta-prerelease', '9'], ['x-oss-meta-version-code', '999']))
    await decides(world, [head])
  })

  // Freeze: who holds the signal can hide a release for a day, not longer.
  test(`C09 ${platform}: a HEAD that never says anything new delays for a day`, async (t) => {
    const world = await ready(t, platform)
    world.publish('1.2.0', {}, { mode: 'prompt' })
    says(world, meta('2'))
    await decides(world, [head])
    await world.phone.run(24 * 3600_000)
    const check = await world.call('check()')
    assert.equal(check.offer.version.name, '1.2.0')
    assert.deepEqual(world.asked(), [head, copy])
    await world.whole('1.0.0')
  })
}
