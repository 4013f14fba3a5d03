// What the calls of the updater do, in the order in which an app meets them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { platforms, World } from './world.js'

const hour = 3600_000
const quiet = { onLaunch: '' } // the app calls nothing by itself

for (const platform of platforms) {
  test(`${platform}: silent: downloaded now, installed at the next start, confirmed by the first page`, async (t) => {
    const world = await World.make(t, { platform })
    world.publish('1.1.0')
    await world.start()
    assert.equal(world.phone.boot.version, '1.0.0')
    const state = world.state()
    assert.equal(state.phase, 'downloaded')
    assert.deepEqual(state.pending, { name: '1.1.0', code: 110, release: 'r2' })
    await world.again()
    assert.equal(world.phone.boot.version, '1.1.0')
    assert.deepEqual(world.said('confirmed'), [{ release: 'r2', version: { name: '1.1.0', code: 110 } }])
    assert.equal(world.state().running.release, 'r2')
    await world.whole('1.1.0')
  })

  test(`${platform}: prompt: nothing is downloaded before the user says yes`, async (t) => {
    const world = await World.make(t, { platform })
    world.publish('1.1.0', {}, { mode: 'prompt', notes: { en: 'New.', 'zh-Hans': '新的。' } })
    await world.start()
    const state = world.state()
    assert.equal(state.phase, 'offered')
    assert.equal(state.offer.notes, '新的。')
    assert.ok(!world.asked().some((line) => line.includes('packages')))
    await world.call('accept()')
    await world.phone.run(5000)
    assert.equal(world.phone.boot.version, '1.1.0')
    await world.whole('1.1.0')
  })

  test(`${platform}: force: downloads, installs and restarts by itself`, async (t) => {
    const world = await World.make(t, { platform })
    world.publish('1.1.0', {}, { mode: 'force' })
    await world.start()
    await world.phone.run(5000)
    assert.equal(world.phone.boot.version, '1.1.0')
    assert.deepEqual(world.said('restarting').map(({ release }) => release), ['r2'])
    await world.whole('1.1.0')
  })
}

test('prompt: put off, it is not shown again for a day; a forced one cannot be put off', async (t) => {
  const world = await World.make(t)
  world.publish('1.1.0', {}, { mode: 'prompt' })
  await world.start()
  world.phone.boot.evaluate('updater.dismiss()')
  assert.equal(world.state().phase, 'idle')
  await world.again()
  assert.equal(world.state().phase, 'idle')
  await world.call('sync({ asked: true })')
  assert.equal(world.state().phase, 'offered', 'the user asked')
  world.phone.boot.evaluate('updater.dismiss()')
  world.clock.set(world.clock.now() + 25 * hour)
  await world.again()
  assert.equal(world.state().phase, 'offered')
  world.publish('1.2.0', {}, { mode: 'force' })
  world.phone.network.fault('packages', { status: 503 })
  await world.again(60_000)
  world.phone.boot.evaluate('updater.dismiss()')
  assert.equal(world.state().phase, 'failed')
  assert.equal(world.state().offer.version.name, '1.2.0')
})

test('sync({ mode }) overrides the mode of a release, but not force', async (t) => {
  const world = await World.make(t, { app: quiet })
  world.publish('1.1.0', {}, { mode: 'prompt' })
  await world.start()
  await world.call("sync({ mode: 'silent' })")
  assert.equal(world.state().phase, 'downloaded')
  world.publish('1.2.0', {}, { mode: 'silent' })
  await world.call("sync({ mode: 'prompt' })")
  assert.equal(world.state().phase, 'offered')
})

test('headless: check, download with progress, install at the next start', async (t) => {
  const world = await World.make(t, { app: quiet })
  world.publish('1.1.0')
  await world.start()
  assert.equal((await world.call('download()')).ok, true, 'download checks by itself')
  const check = await world.call('check()')
  assert.equal(check.offer.downloaded, true)
  assert.equal((await world.call("install({ when: 'next-launch' })")).ok, true)
  assert.equal(world.phone.boot.version, '1.0.0')
  await world.again()
  assert.equal(world.phone.boot.version, '1.1.0')
})

test('progress rises to the size that was signed', async (t) => {
  const world = await World.make(t, { app: quiet })
  world.publish('1.1.0', { extra: { 'static/big.txt': 'x1y'.repeat(200_000) } })
  await world.start()
  const seen = await world.phone.boot.resolve('(async () => { const seen = []; await updater.download((n, all) => seen.push([n, all])); return seen })()')
  const total = world.publisher.newest.releases.at(-1).package.size
  assert.ok(seen.length >= 1)
  for (const [i, [received, all]] of seen.entries()) assert.ok(all === total && received <= total && (i === 0 || received > seen[i - 1][0]), JSON.stringify(seen))
})

test('wifiOnly: a silent release waits for Wi-Fi, a forced one does not, a yes counts', async (t) => {
  const world = await World.make(t, { app: { options: { wifiOnly: true } } })
  world.publish('1.1.0')
  world.phone.network.type = '4g'
  await world.start()
  assert.equal(world.state().phase, 'wifi')
  assert.ok(!world.asked().some((line) => line.includes('packages')))
  world.phone.network.type = 'wifi'
  await world.call('sync()')
  assert.equal(world.state().phase, 'downloaded')
  world.phone.network.type = '5g'
  world.publish('1.2.0', {}, { mode: 'force' })
  await world.again()
  await world.phone.run(5000)
  assert.equal(world.phone.boot.version, '1.2.0')
})

test('waiting for Wi-Fi ends when the app is shown with Wi-Fi', async (t) => {
  const world = await World.make(t, { app: { options: { wifiOnly: true } } })
  world.publish('1.1.0')
  world.phone.network.type = '4g'
  await world.start()
  world.phone.background()
  world.phone.network.type = 'wifi'
  world.phone.foreground()
  await world.phone.run(3000)
  assert.equal(world.state().phase, 'downloaded')
})

test('cancel breaks a download off, and the next one comes whole', async (t) => {
  const world = await World.make(t, { app: quiet })
  world.publish('1.1.0', { extra: { 'static/big.txt': 'abc'.repeat(400_000) } })
  await world.start()
  world.phone.network.fault('packages', { trickle: { bytes: 500, every: 500 } }, 1)
  world.phone.boot.evaluate('updater.download().then((r) => console.log("ended " + JSON.stringify(r))), 0')
  await world.phone.run(2000)
  world.phone.boot.evaluate('updater.cancel(), 0')
  await world.phone.run(2000)
  assert.ok(world.phone.boot.console.some(({ text }) => text === 'ended {"ok":false,"problem":"cancelled"}'))
  assert.equal(world.state().phase, 'idle')
  assert.deepEqual(world.kept, [])
  assert.equal((await world.call('download()')).ok, true)
})

test('several addresses: the next one is asked when one has no answer, and is remembered', async (t) => {
  const second = 'https://mirror.example/my-app'
  const world = await World.make(t, { app: { onLaunch: '', options: { url: ['https://app.example/my-app', second] } } })
  world.phone.network.route(second, world.bucket.url)
  world.publish('1.1.0')
  world.phone.network.fault('https://app.example', { error: 'no route to host' })
  await world.start()
  assert.equal((await world.call('check()')).offer.release, 'r2')
  world.phone.network.log.length = 0
  await world.call('check()')
  assert.deepEqual(world.phone.network.log.map(({ url }) => new URL(url).host), ['mirror.example'])
  assert.equal((await world.call('download()')).ok, true, 'packages come from there too')
})

test('single flight: ten checks, ten syncs are one', async (t) => {
  const world = await World.make(t, { app: quiet })
  await world.start()
  world.asked()
  await world.phone.boot.resolve('Promise.all([1,2,3,4,5,6,7,8,9,10].map(() => updater.check()))')
  await world.phone.boot.resolve('Promise.all([1,2,3,4,5,6,7,8,9,10].map(() => updater.sync()))')
  const heads = world.asked().filter((line) => line.startsWith('HEAD'))
  assert.equal(heads.length, 2)
})

test('back-off: after failed checks sync waits a minute, two, at most an hour; check does not', async (t) => {
  const world = await World.make(t, { app: quiet })
  await world.start()
  await world.call('check()')
  world.phone.network.fault('app.example', { status: 503 })
  assert.equal((await world.call('sync()')).reason, 'no-information')
  const waits = []
  for (let n = 0; n < 9; n++) {
    const began = world.clock.now()
    let minutes = 0
    while ((await world.call('sync()')).reason === 'busy') world.clock.set(began + ++minutes * 60_000)
    waits.push(minutes)
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60])
  assert.equal((await world.call('sync({ asked: true })')).reason, 'no-information')
  assert.equal((await world.call('check()')).reason, 'no-information')
})

test('the query tells versions, the first check of a day, and each event once; stats: false tells nothing', async (t) => {
  const world = await World.make(t)
  world.publish('1.1.0')
  await world.start()
  const queries = () => world.bucket.requests.filter(({ method }) => method === 'HEAD').map(({ query }) => query)
  assert.deepEqual(queries(), ['?r=100&n=100&p=android&d=1'])
  await world.again()
  await world.again()
  await world.again()
  assert.deepEqual(queries().slice(1), ['?r=110&n=100&p=android&e=installed.r2', '?r=110&n=100&p=android&e=confirmed.r2', '?r=110&n=100&p=android'])
  world.clock.set(world.clock.now() + 24 * hour)
  await world.again()
  assert.equal(queries().at(-1), '?r=110&n=100&p=android&d=1')
  const silent = await World.make(t, { app: { options: { stats: false } } })
  await silent.start()
  assert.deepEqual(silent.bucket.requests.filter(({ method }) => method === 'HEAD').map(({ query }) => query), [''])
})

test('setChannel: one of the list, kept over restarts; positions of channels are their own', async (t) => {
  const world = await World.make(t, { app: { options: { channels: ['beta'] } } })
  await world.start()
  assert.deepEqual(await world.call("setChannel('alpha')"), { ok: false, problem: 'channel', detail: 'alpha' })
  assert.equal((await world.call("setChannel('beta')")).ok, true)
  assert.equal((await world.call('check()')).reason, 'no-information', 'there is no beta yet')
  const { Publisher } = await import('./publisher.js')
  const beta = new Publisher(world.bucket, { app: world.publisher.newest.app, now: () => world.clock.now(), channel: 'beta' })
  beta.base(world.app('1.0.0'))
  beta.publish(world.app('1.5.0'))
  for (const digest of beta.signed) world.publisher.signed.add(digest)
  await world.again()
  await world.again()
  assert.equal(world.phone.boot.version, '1.5.0')
  assert.equal(world.state().channel, 'beta')
  world.publish('1.2.0')
  await world.call("setChannel('production')")
  const check = await world.call('check()')
  assert.equal(check.reason, 'leave-channel')
  assert.equal(check.offer.release, 'r2')
})

test('rollback(): back to what ran before, and not forward again until something newer comes', async (t) => {
  const world = await World.make(t)
  world.publish('1.1.0')
  await world.start()
  await world.again()
  world.publish('1.2.0')
  await world.again()
  await world.again()
  assert.equal(world.phone.boot.version, '1.2.0')
  assert.equal((await world.call('rollback()')).ok, true)
  await world.phone.run(5000)
  assert.equal(world.phone.boot.version, '1.1.0')
  await world.again()
  assert.equal(world.phone.boot.version, '1.1.0')
  assert.equal(world.state().bad[0].why, 'left')
  world.publish('1.3.0')
  await world.again()
  await world.again()
  assert.equal(world.phone.boot.version, '1.3.0')
})

test('rollback() of the first release: the landing', async (t) => {
  const world = await World.make(t)
  await world.start()
  assert.equal((await world.call('rollback()')).problem, 'no-way-back')
  world.publish('1.1.0')
  await world.again()
  await world.again()
  assert.equal((await world.call('rollback()')).ok, true)
  await world.phone.run(5000)
  assert.equal(world.phone.boot.version, '1.0.0')
  await world.whole('1.0.0')
})

test('forgive: a release that was marked is offered again', async (t) => {
  const world = await World.make(t)
  world.publish('1.1.0', { load: 'if (plus.storage.getItem("broken") !== "no") throw new Error("at load")' })
  await world.start()
  await world.again(20_000)
  await world.settle(20_000)
  assert.equal(world.phone.boot.version, '1.0.0')
  assert.equal((await world.call('check()')).reason, 'marked-bad')
  world.phone.boot.evaluate('plus.storage.setItem("broken", "no"), updater.forgive(), 0')
  await world.again()
  await world.again()
  assert.equal(world.phone.boot.version, '1.1.0')
})

test('an operator\'s rollback: a withdrawn release is left for the one before, with force', async (t) => {
  const world = await World.make(t)
  world.publish('1.1.0')
  const bad = world.publish('1.2.0')
  await world.start()
  await world.again()
  assert.equal(world.phone.boot.version, '1.2.0')
  world.publisher.withdraw(bad)
  await world.again()
  await world.again()
  assert.equal(world.phone.boot.version, '1.1.0')
  assert.equal(world.installs.at(-1).force, true)
  await world.whole('1.1.0')
})

test('a pending release that is withdrawn is not installed any more', async (t) => {
  const world = await World.make(t)
  const bad = world.publish('1.1.0', {}, { mode: 'silent' })
  await world.start()
  assert.equal(world.state().pending.release, bad)
  world.publisher.withdraw(bad)
  await world.call('check()')
  await world.again()
  assert.equal(world.phone.boot.version, '1.0.0')
  assert.deepEqual(world.installs, [])
})

test('a phone whose clock is late takes a step of a ramp that the network has reached', async (t) => {
  const world = await World.make(t, { app: quiet })
  await world.start()
  const at = new Date(world.clock.now() + 2 * hour).toISOString().slice(0, 19) + 'Z'
  world.publish('1.1.0', {}, { rollout: { permyriad: 0, paused: '', ramp: [{ at, permyriad: 10000 }] } })
  assert.equal((await world.call('check()')).reason, 'outside-rollout')
  await world.phone.run(3 * hour)
  world.clock.set(world.clock.now() - 3 * hour)
  assert.equal((await world.call('check()')).reason, 'newer-release')
  assert.deepEqual(await world.call('accept()'), { ok: true })
})

test('content that runs already is adopted, not installed', async (t) => {
  const world = await World.make(t)
  const files = world.app('1.1.0')
  world.publisher.publish(files)
  await world.start()
  await world.again()
  world.publisher.entry((d) => {
    const old = d.releases.find(({ id }) => id === 'r2')
    d.releases = d.releases.filter((r) => r !== old)
    d.withdrawn.push({ id: 'r2', version: old.version, platforms: old.platforms, natives: old.natives })
    d.releases.push({ ...old, id: 'r3' })
  })
  await world.again()
  assert.equal((await world.call('check()')).reason, 'up-to-date')
  assert.equal(world.state().running.release, 'r3')
  assert.equal(world.installs.length, 1)
})

test('a full package: offered, and its store is opened', async (t) => {
  const world = await World.make(t)
  world.publisher.entry((d) => d.releases.push({
    id: 'r2', kind: 'native', version: { name: '2.0.0', code: 200 }, platforms: ['android', 'ios'], rollout: { permyriad: 10000, paused: '' },
    mode: 'prompt', native: { store: ['market://details?id=a', 'https://store.example/a'] },
  }))
  await world.start()
  assert.equal(world.state().phase, 'offered')
  assert.equal(world.state().offer.action, 'native')
  world.phone.refuseURL = (url) => url.startsWith('market:')
  assert.equal((await world.call('accept()')).ok, true)
  assert.deepEqual(world.phone.boot.opened, ['market://details?id=a', 'https://store.example/a'])
})

test('wrong options never stop the app: they are said, and every call answers config', async (t) => {
  for (const options of [{ url: 'ftp://x' }, { publicKeys: ['signing:0:AAAA'] }, { publicKeys: [] }, { channel: 'Ünsinn' }]) {
    const world = await World.make(t, { app: { options } })
    await world.start()
    assert.equal(world.phone.boot.page.text, 'index 1.0.0')
    assert.equal((await world.call('check()')).problem, 'config')
    assert.ok(world.phone.boot.console.some(({ level, text }) => level === 'error' && text.startsWith('wgtup: createUpdater: ')))
    assert.deepEqual(world.asked(), [])
  }
})

test('the HBuilder base: nothing to update, nothing asked', async (t) => {
  const world = await World.make(t, { app: quiet })
  await world.start()
  const options = JSON.stringify({ url: 'https://app.example/my-app', publicKeys: world.publisher.pins })
  const check = await world.phone.boot.resolve(`(plus.runtime.appid = "HBuilder", wgtup.createUpdater(${options}).check())`)
  assert.equal(check.problem, 'unsupported')
  assert.deepEqual(world.asked(), [])
})

test('without restart (HarmonyOS): asked first, installed, and the user reopens the app', async (t) => {
  const world = await World.make(t, { phone: { without: ['runtime.restart'] } })
  world.publish('1.1.0')
  await world.start()
  assert.equal(world.state().phase, 'offered')
  await world.call('accept()')
  assert.equal(world.state().phase, 'restart')
  await world.call('accept()')
  await world.phone.run(1000)
  assert.equal(world.phone.boot.reason, 'quit')
  await world.start()
  assert.equal(world.phone.boot.version, '1.1.0')
  await world.whole('1.1.0')
})

test('without plus.io (HarmonyOS): downloaded by uni.downloadFile, checked, installed, and the user reopens the app', async (t) => {
  const world = await World.make(t, {
    app: { load: 'uni.getFileInfo = (asked) => (console.log("asked " + asked.filePath + " " + asked.digestAlgorithm), asked.success(facts[asked.digestAlgorithm] || {})); globalThis.facts = {}' },
    phone: { without: ['io', 'runtime.restart'] },
  })
  world.publish('1.1.0', { load: '' })
  const { size, sha1 } = world.publisher.newest.releases.at(-1).package
  await world.start()
  assert.equal(world.state().phase, 'offered')
  const facts = (digest) => world.phone.boot.evaluate(`facts.sha1 = { size: ${size}, digest: "${digest}" }, 0`)

  facts('0'.repeat(40))
  assert.equal((await world.call('accept()')).problem, 'digest')
  assert.deepEqual(world.installs, [])

  facts(sha1.toUpperCase())
  assert.deepEqual(await world.call('accept()'), { ok: true })
  assert.ok(world.phone.boot.console.some(({ text }) => /^asked _doc\/uniapp_temp.*\.wgt sha1$/.test(text)))
  assert.equal(world.state().phase, 'restart')
  await world.again()
  assert.equal(world.phone.boot.version, '1.1.0')
  assert.equal(world.state().confirmed, true)
})
