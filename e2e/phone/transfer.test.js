// C01–C08, C11, C39, C40, C45: what happens on the way. Codes are those of docs/spec/client.md:
// "E_SIZE" of the fault list is `size` when bytes came that cannot be right, `download` when the
// transfer itself failed.
import assert from 'node:assert/strict'
import test from 'node:test'
import { platforms, World } from './world.js'

/** A phone that knows of nothing newer than 1.0.0, and a bucket that has 1.1.0. */
async function ready(t, platform, release) {
  const world = await World.make(t, { platform, app: { onLaunch: '' } })
  await world.start()
  world.publish('1.1.0', {}, release)
  const { size, sha256 } = world.publisher.newest.releases.at(-1).package
  return Object.assign(world, { size, sha256 })
}

/** The update comes as soon as nothing is in the way. */
async function comes(world) {
  world.phone.network.mend()
  world.phone.network.type = 'wifi'
  assert.equal((await world.call('sync()')).ok, true)
  await world.phone.run(1000)
  await world.again()
  await world.whole('1.1.0')
}

for (const platform of platforms) {
  const cuts = { C01: () => 0, C02: () => 1, C03: () => 64 << 10, C04: (size) => size >> 1, C05: (size) => size - 1 }
  for (const [name, cut] of Object.entries(cuts)) {
    test(`${name} ${platform}: the body breaks off at ${String(cut).slice(String(cut).indexOf('>') + 2)}`, async (t) => {
      const world = await ready(t, platform)
      const fault = { cut: cut(world.size) }
      await world.call('check()')
      world.phone.network.fault('.wgt', fault)
      const failed = await world.call('download()')
      assert.deepEqual([failed.ok, failed.problem], [false, 'download'])
      assert.deepEqual(world.kept, [], 'no part is left')
      assert.deepEqual(world.installs, [])
      await comes(world)
    })
  }

  test(`C01–C05 ${platform}: a transfer that broke off once goes on where it was, on the immutable address`, async (t) => {
    const world = await ready(t, platform)
    await world.call('check()')
    world.phone.network.fault('.wgt', { cut: world.size >> 1 }, 1)
    const progress = await world.phone.boot.resolve(`(async () => { const p = []; const r = await updater.download((n, of) => p.push([n, of])); return { r, p } })()`)
    assert.deepEqual(progress.r, { ok: true })
    const received = progress.p.map(([n]) => n)
    assert.deepEqual(received, received.slice().sort((a, b) => a - b), 'progress never goes back')
    assert.deepEqual(progress.p.at(-1), [world.size, world.size])
    const gets = world.bucket.requests.filter((it) => it.key.startsWith('packages/'))
    assert.deepEqual(gets.map((it) => it.headers.range), [undefined, `bytes=${world.size >> 1}-`])
    await comes(world)
  })

  test(`C06 ${platform}: more bytes than signed`, async (t) => {
    const world = await ready(t, platform)
    await world.call('check()')
    const extra = (answer) => {
      answer.body = Buffer.concat([answer.body, Buffer.alloc(100_000)])
      answer.set('Content-Length', String(answer.body.length))
    }
    world.phone.network.fault('.wgt', { rewrite: extra })
    assert.equal((await world.call('download()')).problem, 'size')
    assert.deepEqual(world.kept, [])
    await comes(world)
  })

  test(`C06 ${platform}: a body without an end and without a length is broken off`, async (t) => {
    const world = await ready(t, platform)
    await world.call('check()')
    const endless = (answer) => {
      answer.body = Buffer.alloc(20_000_000)
      answer.set('Content-Length', null)
    }
    world.phone.network.fault('.wgt', { rewrite: endless })
    assert.equal((await world.call('download()')).problem, 'size')
    const most = Math.max(...world.phone.boot.requests.map((it) => it.bytes))
    assert.ok(most < world.size + 1_000_000, `${most} bytes came`)
    assert.deepEqual(world.kept, [])
    await comes(world)
  })

  test(`C07 ${platform}: captive portal, 200 with HTML to HEAD and GET`, async (t) => {
    const world = await ready(t, platform)
    const before = world.position
    const portal = { status: 200, body: '<!doctype html><title>Log in</title>', headers: { 'x-oss-meta-release': null, 'x-oss-meta-epoch': null } }
    world.phone.network.fault('', portal)
    const check = await world.call('check()')
    assert.deepEqual([check.ok, check.action], [false, 'none'])
    assert.equal(check.problem, 'no-information')
    assert.deepEqual(world.position, before)
    assert.deepEqual(world.said('offered'), [])
    world.phone.network.mend()
    await world.call('check()')
    world.phone.network.fault('.wgt', portal)
    assert.equal((await world.call('download()')).problem, 'size')
    assert.deepEqual(world.kept, [])
    await comes(world)
  })

  // The runtime follows redirects itself, and nobody can tell it not to; what is behind them has to
  // verify like anything else.
  test(`C08 ${platform}: redirects to another host, and for ever`, async (t) => {
    const world = await ready(t, platform)
    const before = world.position
    world.phone.network.fault(/^(HEAD|GET) https:\/\/app\.example/, { redirect: 'http://127.0.0.1:1/elsewhere' })
    assert.deepEqual((await world.call('check()')).problem, 'offline')
    world.phone.network.mend()
    world.phone.network.fault('', { redirect: 'https://app.example/my-app/again' })
    assert.equal((await world.call('check()')).problem, 'offline')
    assert.deepEqual(world.position, before)
    assert.ok(world.phone.network.log.length < 60, 'a loop ends')
    await comes(world)
  })

  test(`C08 ${platform}: a redirect of the package to another host gives the bytes that were signed`, async (t) => {
    const world = await ready(t, platform)
    await world.call('check()')
    world.phone.network.fault('app.example/my-app/packages', { redirect: `${world.bucket.url}/packages/${world.sha256}.wgt` })
    assert.deepEqual(await world.call('download()'), { ok: true })
    await comes(world)
  })

  test(`C11 ${platform}: the document of one release, the bytes of another`, async (t) => {
    const world = await ready(t, platform)
    const other = world.bucket.get(`packages/${world.publisher.newest.releases[0].package.sha256}.wgt`)
    const changed = Buffer.from(world.bucket.get(`packages/${world.sha256}.wgt`))
    changed[changed.length >> 1] ^= 1
    await world.call('check()')
    for (const [body, problem] of [[other.subarray(0, world.size - 1), 'size'], [changed, 'digest']]) {
      world.bucket.put(`packages/${world.sha256}.wgt`, body)
      assert.equal((await world.call('download()')).problem, problem)
      assert.deepEqual(world.kept, [])
    }
    world.asked()
    // Twice is enough for an hour: no more of it, one HEAD a check.
    await world.call('sync()')
    assert.deepEqual(world.asked(), ['HEAD channels/production/release.json'])
    await world.phone.run(3600_000)
    world.bucket.put(`packages/${world.sha256}.wgt`, Buffer.from(changed.map((b, i) => (i === changed.length >> 1 ? b ^ 1 : b))))
    await comes(world)
  })

  for (const [name, fault] of Object.entries({ 'DNS failure': { error: 'getaddrinfo ENOTFOUND app.example' }, 'TLS failure': { error: 'certificate has expired' }, reset: { error: 'socket hang up' } })) {
    test(`C39 ${platform}: ${name}: nothing is shown, and the next automatic check waits`, async (t) => {
      const world = await ready(t, platform, { mode: 'prompt' })
      world.phone.network.fault('', fault)
      assert.equal((await world.call('sync()')).problem, 'offline')
      assert.deepEqual(world.said('offered'), [])
      const before = world.phone.network.log.length
      assert.equal((await world.call('sync()')).problem, 'busy', 'back-off')
      await world.phone.run(61_000)
      await world.call('sync()')
      assert.equal(world.phone.network.log.length, before + 1)
      await world.phone.run(61_000)
      assert.equal((await world.call('sync()')).problem, 'busy', 'twice as long')
      world.phone.network.mend()
      await world.phone.run(61_000)
      await world.call('sync()')
      assert.deepEqual(world.said('offered').map((it) => it.version.name), ['1.1.0'])
      await world.whole('1.0.0')
    })
  }

  test(`C39 ${platform}: offline, and airplane mode in the middle of a download`, async (t) => {
    const world = await ready(t, platform)
    world.phone.network.type = 'none'
    assert.equal((await world.call('check()')).problem, 'offline')
    world.phone.network.type = 'wifi'
    await world.call('check()')
    world.phone.network.fault('.wgt', { trickle: { bytes: 5000, every: 1000 } }, 1)
    world.phone.boot.evaluate('globalThis.result = null, updater.download().then((it) => { globalThis.result = it }), 0')
    await world.phone.run(2500)
    world.phone.network.type = 'none'
    await world.phone.run(60_000)
    assert.equal(world.phone.boot.evaluate('result').problem, 'download')
    assert.deepEqual(world.kept, [])
    await comes(world)
  })

  test(`C40 ${platform}: slow loris: documents end in 12 s an answer, packages after 30 s of silence or 20 min`, async (t) => {
    const world = await ready(t, platform)
    const { clock } = world
    const lasts = async (call) => {
      const from = clock.elapsed
      const { problem } = await world.call(call, 3600_000)
      return [problem, Math.round((clock.elapsed - from) / 1000)]
    }
    const mend = world.phone.network.fault(/^HEAD/, { stall: true })
    assert.deepEqual(await lasts('check()'), ['offline', 12])
    mend()
    world.phone.network.fault(/journal/, { trickle: { bytes: 1, every: 1000 } })
    world.phone.network.fault(/GET .*release\.json/, { trickle: { bytes: 1, every: 1000 } })
    assert.deepEqual(await lasts('check()'), ['offline', 24])
    world.phone.network.mend()
    await world.call('check()')
    world.phone.network.fault('.wgt', { stall: 1000 })
    const [silent, seconds] = await lasts('download()')
    assert.equal(silent, 'download')
    assert.ok(seconds <= 3 * 30 + 10, `${seconds} s: three attempts of 30 s`)
    world.phone.network.mend()
    world.phone.network.fault('.wgt', { trickle: { bytes: 10, every: 1000 } })
    const [drips, total] = await lasts('download()')
    assert.equal(drips, 'download')
    assert.ok(total <= 20 * 60 + 10, `${total} s`)
    assert.deepEqual(world.kept, [])
    await comes(world)
  })

  for (const status of [403, 404, 416, 429, 500, 503]) {
    test(`C45 ${platform}: ${status} is no information, on HEAD and on GET`, async (t) => {
      const world = await ready(t, platform)
      const before = world.position
      const error = { status, body: '<Error/>', headers: { 'x-oss-meta-release': null, 'x-oss-meta-epoch': null } }
      world.phone.network.fault('', error)
      const check = await world.call('check()')
      assert.deepEqual([check.ok, check.problem, check.action, check.reason], [false, 'no-information', 'none', 'no-information'])
      world.phone.network.mend()
      world.phone.network.fault(/^GET/, error)
      assert.equal((await world.call('check()')).problem, 'no-information')
      assert.deepEqual(world.position, before)
      world.phone.network.mend()
      await world.call('check()')
      world.phone.network.fault('.wgt', error)
      assert.equal((await world.call('download()')).problem, 'download')
      assert.deepEqual([world.kept, world.state().bad], [[], []], 'never a failed attempt')
      await comes(world)
    })
  }
}
