// The traps of the runtime that a client can meet (docs/spec/client.md, "The runtime"), one by one.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import test from 'node:test'
import { platforms, World } from './world.js'

async function offered(t, platform, options = {}, release) {
  const world = await World.make(t, { platform, app: { onLaunch: '' }, ...options })
  await world.start()
  world.publish('1.1.0', {}, release)
  await world.call('check()')
  world.size = world.publisher.newest.releases.at(-1).package.size
  world.sha256 = world.publisher.newest.releases.at(-1).package.sha256
  return world
}

async function comes(world, version = '1.1.0') {
  world.phone.network.mend()
  await world.call('sync()')
  await world.phone.run(1000)
  await world.again()
  await world.whole(version)
}

/** Every install answers so, without touching anything. */
function refuses(world, code, message = 'whatever the text is') {
  return world.phone.boot.context.run(`globalThis.asked = 0; plus.runtime.install = (file, options, ok, fail) => { asked++; setTimeout(() => fail({ code: ${code}, message: ${JSON.stringify(message)} }), 5) }`, 'refuses')
}

for (const platform of platforms) {
  const is = (name) => platform === name

  test(`${platform}: the suffix decides the type of an install: ASCII names that end in .wgt`, async (t) => {
    const world = await offered(t, platform)
    await world.call('download()')
    assert.match(world.kept.join(' '), /^[0-9a-f-]+\.wgt$/)
    await comes(world)
    assert.match(world.installs[0].url, /^_doc\/wgtup\/[0-9a-f-]+\.wgt$/)
  })

  test(`${platform}: a target that exists gets "(1)": the name that the task says counts`, async (t) => {
    const world = await offered(t, platform)
    const { phone } = world
    // Whatever name is asked for is taken.
    phone.boot.context.run(`{ const make = plus.downloader.createDownload; plus.downloader.createDownload = (url, options, done) => {
      globalThis.wanted = options.filename; return make(url, options, done) } }`, 'taken')
    const write = phone.disk.exists
    phone.disk.exists = (file) => write.call(phone.disk, file) || (/wgtup[/\\][^/\\()]+\.wgt$/.test(file) && !world.kept.includes(file.replace(/^.*[/\\]/, '')))
    assert.deepEqual(await world.call('download()'), { ok: true })
    phone.disk.exists = write
    assert.match(world.kept.join(' '), /\(1\)\.wgt$/)
    await comes(world)
  })

  test(`${platform}: the resources change under the running app: getProperty says the new version, the client goes on with what runs`, async (t) => {
    const world = await offered(t, platform, { phone: { without: ['runtime.restart'] } })
    await world.call('download()')
    await world.call('install()')
    assert.equal(world.phone.installed().version.name, '1.1.0')
    const { running, phase } = world.state()
    assert.deepEqual([running.name, phase], ['1.0.0', 'restart'])
    world.asked()
    await world.call('check()')
    assert.match(world.bucket.requests[0].query, /r=100&/)
    await world.whole('1.1.0')
  })

  test(`${platform}: version.code is never compared by the runtime, names are: 1.0.10 is above 1.0.9`, async (t) => {
    const world = await World.make(t, { platform })
    await world.start()
    world.publish('1.0.9', { code: 109 })
    assert.equal(await world.update(), '1.0.9')
    world.publish('1.0.10', { code: 110 })
    assert.equal(await world.update(), '1.0.10')
    // A name the runtime would refuse is not offered, whatever its code.
    world.publish('1.0.2', { code: 999 })
    assert.equal(await world.update(), '1.0.10')
    world.publish('1.0.11-beta', { code: 1000 })
    assert.equal(await world.update(), '1.0.10')
    assert.deepEqual(world.installs.map((it) => it.version), ['1.0.9', '1.0.10'])
    await world.whole('1.0.10')
  })

  test(`${platform}: force skips the check of modules: only where the decision asks for it`, async (t) => {
    const world = await World.make(t, { platform })
    await world.start()
    world.publish('1.1.0')
    await world.update()
    world.publish('1.2.0')
    await world.update()
    world.publisher.withdraw('r3')
    await world.update()
    assert.deepEqual(world.installs.map((it) => [it.version, it.force]), [['1.1.0', false], ['1.2.0', false], ['1.1.0', true]])
    await world.whole('1.1.0')
  })

  test(`${platform}: a module that the base lacks (-1229): marked, people are told to reinstall`, async (t) => {
    const world = await World.make(t, { platform, app: { onLaunch: '' } })
    await world.start()
    world.publish('1.1.0', { permissions: ['UniNView', 'Barcode'] })
    await world.call('check()')
    await world.call('download()')
    const results = []
    while (world.state().phase !== 'reinstall' && results.length < 9) results.push((await world.call('install()')).problem)
    // On iOS the code says nothing, so it is tried three times.
    assert.deepEqual(results, is('android') ? ['native'] : ['install', 'install', 'install'])
    assert.equal(world.installs.length, results.length)
    assert.equal((await world.call('check()')).reason, 'marked-bad')
    await world.whole('1.0.0')
    world.publish('1.2.0')
    assert.equal(await world.update(), '1.2.0')
  })

  for (const code of [-1204, -1206, -1229, 1250]) {
    test(`${platform}: install code ${code}, in any language: this app cannot run it`, async (t) => {
      const world = await offered(t, platform)
      await world.call('download()')
      refuses(world, code)
      const result = await world.call('install()')
      assert.deepEqual([result.ok, result.problem], [false, 'native'])
      assert.equal(world.state().phase, 'reinstall')
      assert.equal(world.state().bad[0].release, 'r2')
      await world.whole('1.0.0')
    })
  }

  for (const code of [-1201, -1202, -1203, 10, -4, -5]) {
    test(`${platform}: install code ${code}: the file is bad, it is removed and downloaded once more`, async (t) => {
      const world = await offered(t, platform)
      await world.call('download()')
      refuses(world, code)
      assert.equal((await world.call('install()')).problem, 'install')
      assert.deepEqual([world.kept, world.state().bad], [[], []])
      await world.again()
      await comes(world)
    })
  }

  test(`${platform}: an install that answers with a code nobody knows, again and again: three times are enough`, async (t) => {
    const world = await offered(t, platform)
    await world.call('download()')
    for (let n = 0; n < 5; n++) {
      refuses(world, -100)
      await world.call('install()')
    }
    assert.equal(world.phone.boot.evaluate('asked'), 0, 'given up')
    assert.equal(world.state().bad[0].release, 'r2')
    await world.whole('1.0.0')
    world.publish('1.2.0')
    assert.equal(await world.update(), '1.2.0')
  })

  test(`${platform}: an install that never answers`, async (t) => {
    const world = await offered(t, platform)
    await world.call('download()')
    world.phone.boot.context.run('plus.runtime.install = () => {}', 'silent')
    const from = world.clock.elapsed
    const result = await world.call('install()', 3600_000)
    assert.deepEqual([result.ok, result.problem], [false, 'install'])
    assert.ok(world.clock.elapsed - from <= 130_000)
    await world.again()
    await comes(world)
  })

  test(`${platform}: an install that throws`, async (t) => {
    const world = await offered(t, platform)
    await world.call('download()')
    world.phone.boot.context.run('plus.runtime.install = () => { throw new Error("no") }', 'throws')
    assert.equal((await world.call('install()')).problem, 'install')
    await world.again()
    await comes(world)
  })

  test(`${platform} (uni-app #5306): "----" at the start of the file: a multipart body, not a zip`, async (t) => {
    const world = await offered(t, platform)
    world.phone.network.fault('.wgt', { rewrite: (answer) => (answer.body = Buffer.concat([Buffer.from('------WebKitFormBoundary'), answer.body]).subarray(0, answer.body.length)) })
    const result = await world.call('download()')
    assert.equal(result.problem, 'size')
    assert.deepEqual([world.kept, world.installs], [[], []])
    await comes(world)
  })

  test(`${platform}: a file that was signed and is no zip is not handed to the installer`, async (t) => {
    const world = await World.make(t, { platform, app: { onLaunch: '' } })
    await world.start()
    const files = world.app('1.1.0')
    world.publisher.entry((d) => d.releases.push(world.publisher.release(files, 'r2', { package: world.publisher.upload(files, Buffer.from('<html>'.repeat(1000))) })))
    await world.call('check()')
    assert.equal((await world.call('download()')).problem, 'size')
    assert.deepEqual(world.installs, [])
    await world.whole('1.0.0')
  })

  test(`${platform}: without Content-Length a truncated body looks complete`, async (t) => {
    const world = await offered(t, platform)
    world.phone.network.fault('.wgt', { headers: { 'Content-Length': null }, cut: world.size - 1 })
    assert.equal((await world.call('download()')).problem, 'size')
    assert.deepEqual(world.kept, [])
    await comes(world)
  })

  test(`${platform}: a download goes on without If-Range: another object under the name makes a mix, and digests find it`, async (t) => {
    const world = await offered(t, platform)
    const { bucket } = world
    const key = `packages/${world.sha256}.wgt`
    const good = bucket.get(key)
    const stop = world.phone.network.fault('.wgt', { cut: world.size >> 1 }, 1)
    world.phone.on('answer', ({ error }) => error && bucket.put(key, Buffer.from(good.map((b) => b ^ 0xff))))
    assert.equal((await world.call('download()')).problem, 'digest')
    assert.deepEqual(world.kept, [])
    stop()
    world.phone.removeAllListeners('answer')
    bucket.put(key, good)
    await comes(world)
  })

  test(`${platform}: the downloader follows 301 and 302, on Android not 307: it ends, and says so`, async (t) => {
    const world = await offered(t, platform)
    const there = `${world.bucket.url}/packages/${world.sha256}.wgt`
    world.phone.network.fault('app.example/my-app/packages', { status: 307, headers: { Location: there } })
    const result = await world.call('download()')
    assert.equal(result.ok, is('ios'))
    if (!result.ok) assert.equal(result.problem, 'download')
    assert.equal(world.kept.length, is('ios') ? 1 : 0)
    await comes(world)
  })

  test(`${platform}: abort never calls back: cancel() ends a download all the same`, async (t) => {
    const world = await offered(t, platform)
    world.phone.network.fault('.wgt', { trickle: { bytes: 1000, every: 100 } })
    world.phone.boot.evaluate('globalThis.result = null, updater.download().then((it) => { globalThis.result = it }), 0')
    await world.phone.run(1000)
    world.phone.boot.evaluate('updater.cancel(), 0')
    await world.phone.run(1000)
    assert.deepEqual(world.phone.boot.evaluate('result'), { ok: false, problem: 'cancelled' })
    assert.deepEqual(world.kept, [])
    await comes(world)
  })

  test(`${platform}: digests in capitals, SHA-256 where the platform knows it, lines in base64`, async (t) => {
    const world = await offered(t, platform)
    world.phone.base64Lines = true
    assert.deepEqual(await world.call('download()'), { ok: true })
    await comes(world)
  })

  test(`${platform}: a big package on a platform without SHA-256: SHA-1 and size`, async (t) => {
    const world = await World.make(t, { platform, app: { onLaunch: '' } })
    await world.start()
    const noise = Array.from({ length: 8000 }, (_, n) => crypto.createHash('sha256').update(String(n)).digest('hex')).join('')
    world.publish('1.1.0', { extra: { 'static/noise.txt': noise } })
    await world.call('check()')
    const { sha256, size } = world.publisher.newest.releases.at(-1).package
    assert.ok(size > 256 * 1024)
    assert.deepEqual(await world.call('download()'), { ok: true })
    const [name] = world.kept
    const bytes = world.phone.disk.read(world.phone.resolve('_doc/wgtup/' + name))
    bytes[bytes.length >> 1] ^= 1
    world.phone.disk.write(world.phone.resolve('_doc/wgtup/' + name), bytes)
    assert.equal((await world.call('install()')).problem, 'digest')
    await comes(world)
    assert.equal(world.installs[0].digest, sha256)
  })

  test(`${platform}: temporary files go 10 s after a start; packages stay`, async (t) => {
    const world = await offered(t, platform)
    await world.call('download()')
    await world.call('install({ when: "next-launch" })')
    await world.phone.run(60_000)
    assert.equal(world.kept.length, 1)
    await world.again()
    await world.whole('1.1.0')
  })

  test(`${platform}: uni.setStorageSync swallows errors, a full disk too: what was written is read back`, async (t) => {
    const world = await offered(t, platform)
    await world.call('download()')
    const { storage } = world.phone
    const set = storage.set
    storage.set = () => {} // lost, without a word
    assert.equal((await world.call('install()')).problem, 'storage')
    assert.deepEqual(world.installs, [])
    storage.set = set
    await world.again()
    await comes(world)
  })

  test(`${platform}: an app that clears its storage at a logout`, async (t) => {
    const world = await World.make(t, { platform })
    await world.start()
    world.publish('1.1.0')
    assert.equal(await world.update(), '1.1.0')
    world.phone.boot.evaluate('plus.storage.clear(), 0')
    world.publish('1.2.0')
    assert.equal(await world.update(), '1.2.0')
    world.violations = world.violations.filter((it) => !it.startsWith('J3'))
    await world.whole('1.2.0')
  })

  test(`${platform}: onLaunch and onShow both call sync: one check, one download, one install`, async (t) => {
    const world = await World.make(t, { platform, app: { onLaunch: 'updater.sync(); updater.sync(); uni.onAppShow(() => updater.sync())' } })
    world.publish('1.1.0')
    await world.start()
    assert.deepEqual(world.asked().map((it) => it.replace(/\/\d{10}\.json/, '')), ['HEAD channels/production/release.json', 'GET channels/production/journal/0', 'GET packages/*.wgt'])
    await world.again()
    assert.equal(world.installs.length, 1)
    await world.whole('1.1.0')
  })

  test(`${platform}: a phone without plus.io and without restart: nothing throws, what cannot be checked is not installed`, async (t) => {
    const world = await World.make(t, { platform, phone: { without: ['io', 'runtime.restart'] } })
    world.publish('1.1.0', {}, { mode: 'force' })
    await world.start()
    await world.again()
    assert.deepEqual(world.phone.boot.errors, [])
    assert.deepEqual(world.installs, [])
    assert.equal(world.phone.boot.page.text, 'index 1.0.0')
    assert.deepEqual(world.violations, [])
  })

  test(`${platform}: killed while it unpacks: manifest.json is the last entry, so the built-in package starts, whole`, async (t) => {
    const world = await World.make(t, { platform })
    await world.start()
    world.publish('1.1.0')
    assert.equal(await world.update(), '1.1.0')
    world.publish('1.2.0')
    await world.call('sync()')
    await world.phone.run(1000)
    world.phone.kill('user')
    world.phone.power.cut('install.half', 3)
    await world.start()
    assert.equal(world.phone.running, false)
    await world.phone.start({ run: 0 })
    assert.equal(world.phone.boot.version, '1.0.0')
    assert.equal(world.isWhole(), true)
    await world.settle()
    await world.again()
    await world.whole('1.2.0')
  })

  test(`${platform}: a base whose built-in version is higher than the update undoes it at the next start: no loop`, async (t) => {
    const world = await World.make(t, { platform, app: {} })
    const { publisher } = world
    await world.start()
    world.publish('1.1.0')
    const two = world.publish('1.2.0')
    assert.equal(await world.update(), '1.2.0')
    // The operator takes back everything, and points the phone below what the base ships.
    publisher.entry((d) => {
      d.releases = d.releases.filter((r) => r.id === 'r1')
      for (const [id, name, code] of [['r2', '1.1.0', 110], [two, '1.2.0', 120]]) d.withdrawn.push({ id, version: { name, code }, platforms, natives: publisher.natives() })
      d.releases.push(publisher.release(world.app('0.9.0'), 'r4'))
      d.releases = d.releases.filter((r) => !r.landing)
    })
    for (let n = 0; n < 8; n++) await world.again()
    assert.ok(world.installs.filter((it) => it.version === '0.9.0').length <= 3, 'three times at most')
    publisher.publish(world.app('1.3.0'))
    await world.again()
    await world.again()
    await world.whole('1.3.0')
  })
}

test('the package of a manifest without comments, with a number as version.code', async (t) => {
  const world = await World.make(t)
  await world.start()
  const files = world.app('1.1.0')
  files['manifest.json'] = files['manifest.json'].replace('"code":"110"', '"code":110')
  assert.match(files['manifest.json'], /"code":110[,}]/)
  world.publisher.publish(files)
  assert.equal(await world.update(), '1.1.0')
  assert.equal(world.state().confirmed, true)
  await world.whole('1.1.0')
})
