// Full packages: an apk that Android's own tools made, downloaded, checked, handed to the system.
// What the runtime says is that the installer was opened, and nothing more.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import { test } from 'node:test'
import { directory, World } from './world.js'

const apk = fs.readFileSync(new URL('../../apk/testdata/shop-2.0.0.apk', import.meta.url))
const hash = (algorithm) => crypto.createHash(algorithm).update(apk).digest('hex')
const key = `packages/${hash('sha256')}.apk`

/** Offers the apk of version 2.0.0. */
function offer(world, more = {}, native = {}) {
  world.publisher.signed.add(hash('sha256'))
  world.bucket.put(key, apk)
  world.publisher.entry((d) => d.releases.push({
    id: 'r' + d.sequence, kind: 'native', version: { name: '2.0.0', code: 200 }, platforms: ['android'], rollout: { permyriad: 10000, paused: '' },
    mode: 'prompt', package: { size: apk.length, sha256: hash('sha256'), sha1: hash('sha1') }, native: { certificate: 'a'.repeat(64), ...native }, ...more,
  }))
}

const installers = (world) => world.phone.boots.flatMap((boot) => boot.opened).filter((file) => file.endsWith('.apk'))
const downloads = (world) => world.bucket.requests.filter((r) => r.method === 'GET' && r.key.endsWith('.apk')).length
const apks = (world) => world.kept.filter((name) => name.endsWith('.apk'))

test('an apk: downloaded, checked, opened; not installed is not installed; installed, it is gone', async (t) => {
  const world = await World.make(t)
  offer(world)
  await world.start()
  assert.equal(world.state().phase, 'offered')
  assert.equal(world.state().offer.size, apk.length)
  assert.deepEqual(await world.call('accept()'), { ok: true })
  assert.equal(installers(world).length, 1)
  assert.deepEqual(fs.readFileSync(installers(world)[0]), apk)
  assert.equal(world.state().phase, 'offered', 'opened is not installed')

  // The user cancels: the file stays for the next yes, also after a start.
  await world.again()
  assert.equal(world.state().offer.action, 'native')
  assert.equal(world.state().offer.downloaded, true)
  assert.deepEqual(await world.call('accept()'), { ok: true })
  assert.equal(downloads(world), 1)
  assert.equal(installers(world).length, 2)

  // The user says yes: the system ends the app and puts the new one over it.
  const next = world.app('2.0.0')
  const dir = directory(next)
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }))
  world.phone.coverInstall(dir, { name: '2.0.0', code: '200' })
  await world.start()
  assert.equal(world.state().native.name, '2.0.0')
  assert.deepEqual(apks(world), [])
  assert.equal((await world.call('check()')).action, 'none')
  await world.whole('2.0.0')
})

test('an apk with other bytes than signed never reaches the installer', async (t) => {
  const world = await World.make(t)
  offer(world)
  const other = Buffer.from(apk)
  other[5000] ^= 1
  for (const [body, problem] of [[other, 'digest'], [apk.subarray(0, 4000), 'size'], [Buffer.concat([apk, apk]), 'size']]) {
    world.bucket.put(key, body)
    if (!world.phone.running) await world.start()
    assert.equal((await world.call('accept()')).problem, problem)
    assert.deepEqual(apks(world), [])
  }
  assert.deepEqual(installers(world), [])
  world.bucket.put(key, apk)
  assert.deepEqual(await world.call('accept()'), { ok: true })
  assert.equal(installers(world).length, 1)
  await world.whole('1.0.0')
})

test('an apk that changes on the phone after it was checked is fetched once more', async (t) => {
  const world = await World.make(t)
  offer(world)
  await world.start()
  await world.call('accept()')
  fs.writeFileSync(world.phone.resolve('_doc/wgtup/' + apks(world)[0]), 'something else')
  assert.deepEqual(await world.call('accept()'), { ok: true })
  assert.equal(downloads(world), 2)
  assert.deepEqual(fs.readFileSync(installers(world)[1]), apk)
  await world.whole('1.0.0')
})

test('an app from Google Play has no installer: the page is opened instead; without one it is said', async (t) => {
  for (const url of ['https://example.com/get', undefined]) {
    const world = await World.make(t, { phone: { channel: 'google' } })
    offer(world, {}, url ? { url } : {})
    await world.start()
    const result = await world.call('accept()')
    if (url) {
      assert.deepEqual(result, { ok: true })
      assert.deepEqual(world.phone.boot.opened, [url])
    } else {
      assert.equal(result.problem, 'install')
      assert.equal(world.state().phase, 'failed')
    }
    await world.whole('1.0.0')
  }
})

test('a store comes first; where none opens, the apk', async (t) => {
  const world = await World.make(t)
  offer(world, {}, { store: ['market://details?id=com.example.shop', 'https://store.example/a'] })
  await world.start()
  world.phone.refuseURL = (url) => url.startsWith('market:')
  await world.call('accept()')
  assert.deepEqual(world.phone.boot.opened, ['market://details?id=com.example.shop', 'https://store.example/a'])
  assert.equal(downloads(world), 0)
  world.phone.refuseURL = () => true
  assert.deepEqual(await world.call('accept()'), { ok: true })
  assert.equal(installers(world).length, 1)
  await world.whole('1.0.0')
})

test('an in-house app on iOS: its manifest is opened, nothing is downloaded', async (t) => {
  const world = await World.make(t, { platform: 'ios' })
  const plist = 'https://cdn.example.com/a/packages/b.plist'
  offer(world, { platforms: ['ios'] }, { plist })
  await world.start()
  assert.deepEqual(await world.call('accept()'), { ok: true })
  assert.deepEqual(world.phone.boot.opened, ['itms-services://?action=download-manifest&url=' + encodeURIComponent(plist)])
  assert.equal(downloads(world), 0)
  await world.whole('1.0.0')
})

test('a hot update that the app cannot run (-1229) ends at the full package', async (t) => {
  const world = await World.make(t)
  world.publish('1.1.0', { manifest: { permissions: { Push: {} } } }, { mode: 'prompt' })
  offer(world)
  await world.start()
  assert.equal(world.state().offer.action, 'wgt')
  assert.equal((await world.call('accept()')).problem, 'native')
  const state = world.state()
  assert.equal(state.phase, 'reinstall')
  assert.equal(state.offer.action, 'native')
  assert.deepEqual(await world.call('accept()'), { ok: true })
  assert.equal(installers(world).length, 1)
  await world.whole('1.0.0')
})
