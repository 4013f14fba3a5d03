// Updates by patches: what runs is the base, the package of the next release is made on the phone.
import assert from 'node:assert/strict'
import test from 'node:test'
import { platforms, World } from './world.js'

const sync = { onLaunch: 'updater.sync()' }
const code = (n) => `globalThis.answer = ${n}; // ${'of a release that says a little more than the one before it. '.repeat(n % 7)}`

/** A phone that took 1.1.0 whole. */
async function at11(t, platform, more = {}) {
  const world = await World.make(t, { platform, ...more })
  const files = { '1.1.0': world.app('1.1.0', { ...sync, load: code(11) }) }
  world.publisher.publish(files['1.1.0'])
  await world.start()
  await world.again()
  assert.equal(world.phone.boot.version, '1.1.0')
  world.asked()
  /** Publishes a version with patches from others; "" is from nothing. */
  world.patched = (version, from, release = {}) => {
    files[version] = world.app(version, { ...sync, load: code(Number(version.replace(/\./g, ''))) })
    return world.publisher.publishPatched(files[version], from.map((name) => files[name]), release)
  }
  return world
}

/** What the app heard that went wrong; a sync right before a restart is answered busy. */
const problems = (world) => world.said('problem').map((it) => it.problem).filter((problem) => problem !== 'busy')
const fetched = (world) => world.asked().filter((line) => /packages|patches/.test(line))
const byPatch = ['GET patches/*.patch']
const both = ['GET patches/*.patch', 'GET packages/*.wgt']
const whole = ['GET packages/*.wgt']

for (const platform of platforms) {
  test(`${platform}: 1.1.0 → 1.2.0 → 1.3.0 → 1.4.0 by patches alone`, async (t) => {
    const world = await at11(t, platform)
    let before = '1.1.0'
    for (const version of ['1.2.0', '1.3.0', '1.4.0']) {
      world.patched(version, [before])
      const size = world.publisher.newest.releases.at(-1).patches[0].size
      assert.equal(await world.update(), version)
      assert.deepEqual(fetched(world), byPatch)
      assert.equal(world.said('downloaded').at(-1).size, size)
      before = version
    }
    assert.deepEqual(problems(world), [])
    await world.whole('1.4.0')
  })

  test(`${platform}: the first update from nothing, the next from that`, async (t) => {
    const world = await World.make(t, { platform, app: { options: { patchTime: 60000 } } })
    const [b, c] = ['1.1.0', '1.2.0'].map((version) => world.app(version, { ...sync, load: code(version.length) }))
    world.publisher.publishPatched(b, [undefined])
    await world.start()
    assert.equal((await world.again()).version, '1.1.0')
    assert.deepEqual(fetched(world), byPatch)
    world.publisher.publishPatched(c, [b])
    assert.equal(await world.update(), '1.2.0')
    assert.deepEqual(fetched(world), byPatch)
    await world.whole('1.2.0')
  })

  test(`${platform}: a patched release that does not start: the way back is the patched one before it`, async (t) => {
    const world = await at11(t, platform)
    world.patched('1.2.0', ['1.1.0'])
    assert.equal(await world.update(), '1.2.0')
    fetched(world)
    world.faulty.add('1.3.0')
    world.publisher.publish(world.app('1.3.0', { ...sync, load: 'throw new Error("broken")' }))
    await world.call('sync()')
    await world.again()
    await world.settle()
    assert.equal(world.phone.boot.version, '1.2.0')
    assert.deepEqual(fetched(world), whole, 'of 1.3.0; 1.2.0 was there')
    await world.whole('1.2.0')
  })
}

const failures = {
  'a patch for another base': { from: (world) => world.app('1.0.5', { load: 'globalThis.other = 1;'.repeat(3000) }) },
  'a damaged patch': { spoil: (p) => Buffer.concat([p.subarray(0, p.length >> 1), Buffer.alloc(p.length - (p.length >> 1), 255)]) },
  'half a patch': { spoil: (p) => p.subarray(0, p.length >> 1) },
  'a patch of a format to come': { spoil: (p) => Buffer.concat([Buffer.from([9]), p.subarray(1)]) },
  'noise': { spoil: (p) => Buffer.from(p, 0).map((_, i) => (i === 0 ? 1 : (i * 2654435761) >>> 13)) },
  'an empty patch': { spoil: () => Buffer.from([1]) },
}
for (const [name, { spoil, from }] of Object.entries(failures)) {
  test(`${name}: the whole package instead, at once, and nobody is told but the log`, async (t) => {
    const world = await at11(t, 'android')
    if (from) {
      // It says that it leads from what runs.
      const made = world.publisher.patch.bind(world.publisher)
      world.publisher.patch = (base, next, spoil) => {
        const right = made(base, next, spoil)
        return { ...right, patch: { ...made(from(world), next, spoil).patch, from: right.patch.from } }
      }
    }
    world.patched('1.2.0', ['1.1.0'], { spoil })
    assert.equal(await world.update(), '1.2.0')
    assert.deepEqual(fetched(world), both)
    assert.deepEqual(problems(world), ['patch'])
    assert.match(world.bucket.requests.map((it) => it.query).join(' ') + world.phone.network.log.map((it) => it.url).join(' '), /failed-patch\.r3/)
    world.patched('1.3.0', ['1.2.0'], {})
    assert.equal(await world.update(), '1.3.0')
    await world.whole('1.3.0')
  })
}

test('a patch that is gone from the bucket, or is another: the whole package', async (t) => {
  for (const spoil of [(bucket, key) => bucket.objects.delete(key), (bucket, key) => bucket.put(key, Buffer.alloc(bucket.get(key).length))]) {
    const world = await at11(t, 'android')
    world.patched('1.2.0', ['1.1.0'])
    spoil(world.bucket, `patches/${world.publisher.newest.releases.at(-1).patches[0].sha256}.patch`)
    assert.equal(await world.update(), '1.2.0')
    assert.deepEqual([...new Set(fetched(world))], both) // on Android what is gone is asked three times: there it is every failure
    await world.whole('1.2.0')
    await world.close()
  }
})

test('a base whose package is gone or damaged on the phone', async (t) => {
  const fs = await import('node:fs')
  for (const spoil of [(file) => fs.rmSync(file), (file) => fs.writeFileSync(file, 'x'.repeat(fs.statSync(file).size))]) {
    const world = await at11(t, 'android')
    world.patched('1.2.0', ['1.1.0'])
    spoil(world.phone.resolve('_doc/wgtup/' + world.kept[0]))
    assert.equal(await world.update(), '1.2.0')
    assert.deepEqual(fetched(world), both)
    await world.whole('1.2.0')
    await world.close()
  }
})

test('patchTime: 0 takes no patches; what costs too much is not taken', async (t) => {
  const never = await at11(t, 'android', { app: { options: { patchTime: 0 } } })
  never.patched('1.2.0', ['1.1.0'])
  assert.equal(await never.update(), '1.2.0')
  assert.deepEqual(fetched(never), whole)
  assert.deepEqual(problems(never), [])
  await never.whole('1.2.0')
})

test('old bases: lines in base64', async (t) => {
  const world = await at11(t, 'android', { phone: { base64Lines: true } })
  world.patched('1.2.0', ['1.1.0'])
  assert.equal(await world.update(), '1.2.0')
  assert.deepEqual(fetched(world), byPatch)
  await world.whole('1.2.0')
})

for (const platform of platforms) {
  test(`${platform}: the power goes at every step of an update by a patch`, async (t) => {
    const ready = async () => {
      const world = await at11(t, platform)
      world.patched('1.2.0', ['1.1.0'], { mode: 'force' })
      world.phone.kill('user')
      return world
    }
    const dry = await ready()
    const before = dry.phone.power.steps.length
    await dry.start()
    assert.equal(dry.phone.boot.version, '1.2.0')
    const steps = dry.phone.power.steps.slice(before)
    assert.ok(steps.includes('io.write.half'), String(steps))
    await dry.whole('1.2.0')
    // What comes before and after is that of every update: power.test.js.
    for (let n = steps.indexOf('download.create'); n <= steps.indexOf('install.begin'); n++) {
      const world = await ready()
      const { phone } = world
      phone.power.cut('', n + 1)
      await world.start()
      assert.equal(phone.boot.reason, steps[n], `step ${n}`)
      await world.start()
      if (phone.boot.version !== '1.2.0') await world.again()
      await world.whole('1.2.0')
      assert.ok(world.installs.length <= 3)
      await world.close()
    }
  })
}
