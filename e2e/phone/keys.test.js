// The loss of each secret, as docs/guide/keys.md has it: what a thief can do to a phone, what the
// owner does then, and that phones with the pins of years ago find their way.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { pinOf, statement } from '../../client/test/keys.mjs'
import { Clock, Phone } from '../../simulator/src/index.js'
import { modules } from '../../simulator/test/shop.js'
import { address, app, appid } from './app.js'
import { Project } from './project.js'
import { key } from './publisher.js'
import { directory, platforms, World } from './world.js'

const production = 'wgtup.document.production'
const year = 365 * 24 * 3600_000

/** A phone that runs 1.1.0 of its owner. */
async function ready(t, platform, options) {
  const world = await World.make(t, { platform, app: { onLaunch: '' }, ...options })
  await world.start()
  world.publish('1.1.0')
  assert.equal(await world.update(), '1.1.0')
  return world
}

/** What somebody else puts at the end of a journal. */
async function refuses(world, text, position) {
  const before = world.position
  world.publisher.place(text, position)
  const check = await world.call('check()')
  assert.deepEqual([check.ok, check.problem], [false, 'refused'], JSON.stringify(check))
  assert.deepEqual(world.position, before)
}

async function goesOn(world, version) {
  world.publish(version)
  assert.equal(await world.update(), version)
  await world.whole(version)
}

/** An old app over whatever is installed. */
function coverWith(t, world, files) {
  const dir = directory(files)
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }))
  const { name, code } = JSON.parse(files['manifest.json']).version
  world.phone.kill('user')
  world.phone.coverInstall(dir, { name, code: String(code) })
}

/** Key statements that a thief of a recovery key signs: signing keys of their own. */
function usurp(publisher, recovery, more = {}) {
  const set = [{ role: 'signing', key: key('thief') }, { role: 'recovery', key: key('thief, recovery') }]
  const chain = [...publisher.statements, statement(publisher.newest.app, publisher.epoch + 1, set, [recovery])]
  const document = publisher.next((d) => Object.assign(d, { epoch: publisher.epoch + 1, sequence: 1 }, more))
  const { statements } = publisher
  publisher.statements = chain
  const text = publisher.seal(document, [key('thief')])
  publisher.statements = statements
  return { text, document }
}

for (const platform of platforms) {
  test(`${platform}: the storage key is stolen: nothing of a thief's is installed, and one entry of the owner's ends it`, async (t) => {
    const world = await ready(t, platform)
    const { publisher, bucket } = world
    const older = publisher.seal({ ...publisher.newest, sequence: 1 })
    await refuses(world, publisher.seal(publisher.next(), [key('thief')]), publisher.next())
    await refuses(world, publisher.seal(publisher.next(), [publisher.recovery]), publisher.next())
    const { text, document } = usurp(publisher, key('thief'))
    await refuses(world, text, document)
    bucket.put(publisher.copyKey, older, { release: '1', epoch: '0' }) // a replay
    assert.equal((await world.call('check()')).action, 'none')
    for (const name of [...bucket.objects.keys()]) bucket.delete(name)
    assert.equal((await world.call('check()')).problem, 'no-information')
    await world.whole('1.1.0')
    await goesOn(world, '1.2.0')
  })

  test(`${platform}: the signing key is lost: the recovery key names another`, async (t) => {
    const world = await ready(t, platform)
    world.publisher.rotate()
    await goesOn(world, '1.2.0')
    assert.deepEqual(world.position[production], [1, 1])
  })

  test(`${platform}: signing key and storage key are stolen: the thief's release runs until the next epoch withdraws it`, async (t) => {
    const world = await ready(t, platform)
    const { publisher } = world
    const vouched = structuredClone(publisher.newest)
    const id = publisher.publish(world.app('6.6.6'))
    const { version, platforms: on, natives } = publisher.newest.releases.at(-1)
    assert.equal(await world.update(), '6.6.6')
    const thief = publisher.signing
    const last = publisher.next((d) => (d.sequence = 9999999999))
    publisher.place(publisher.seal(last), last)
    await world.call('check()')
    assert.deepEqual(world.position[production], [0, 9999999999])

    publisher.newest = vouched // keys rotate --last: what came after it is withdrawn
    publisher.rotate()
    publisher.entry((d) => d.withdrawn.push({ id, version, platforms: on, natives }))
    assert.equal(await world.update(), '1.1.0')
    await refuses(world, publisher.seal(publisher.next(), [thief]), publisher.next())
    const { text, document } = usurp(publisher, thief)
    await refuses(world, text, document)
    await goesOn(world, '1.2.0')
  })

  test(`${platform}: the recovery key is lost: releases go on, and nobody else can replace keys`, async (t) => {
    const world = await ready(t, platform)
    const { publisher } = world
    for (const other of [publisher.signing, key('found in the street')]) {
      const { text, document } = usurp(publisher, other)
      await refuses(world, text, document)
    }
    await goesOn(world, '1.2.0')
  })

  test(`${platform}: the recovery key is stolen: what a phone sees first stays`, async (t) => {
    const world = await ready(t, platform)
    const { publisher } = world
    const stolen = publisher.recovery
    const { text, document } = usurp(publisher, stolen, { sequence: 5 })
    publisher.recovery = key('another recovery key')
    const owners = [{ role: 'signing', key: key('signing of epoch 1') }, { role: 'recovery', key: publisher.recovery }]
    publisher.statements.push(statement(appid, 1, owners, [stolen]))
    Object.assign(publisher, { epoch: 1, signing: key('signing of epoch 1'), newest: { ...publisher.newest, epoch: 1, sequence: 0 } })
    publisher.entry()
    assert.equal((await world.call('check()')).ok, true)
    await refuses(world, text, document)
    const later = usurp(publisher, stolen)
    await refuses(world, later.text, later.document)
    await goesOn(world, '1.2.0')
  })

  for (const channel of ['next', 'production']) test(`${platform}: both keys and the storage key are stolen, and the thief is first: a full package with new keys for channel ${channel} starts anew`, async (t) => {
    const world = await ready(t, platform)
    const { publisher } = world
    const { text, document } = usurp(publisher, publisher.recovery)
    publisher.place(text, document)
    assert.equal((await world.call('check()')).ok, true)
    publisher.rotate()
    const own = publisher.next((d) => (d.sequence = 7))
    await refuses(world, publisher.seal(own), own)
    world.bucket.objects.clear()

    const fresh = { signing: key('a new project'), recovery: key('a new recovery key') }
    Object.assign(publisher, fresh, { epoch: 0, statements: [], channel, payload: undefined, newest: { ...publisher.newest, channel, epoch: 0, sequence: 0, bases: [], releases: [] } })
    const files = world.app('2.0.0', { options: { channel } })
    publisher.base(files, publisher.natives('2.0.0', 200))
    coverWith(t, world, files)
    await world.start()
    assert.deepEqual((await world.call('check()')).reason, 'up-to-date')
    publisher.publish(world.app('2.1.0', { options: { channel } }), { natives: publisher.natives('2.0.0', 200) })
    assert.equal(await world.update(), '2.1.0')
    const [went, ...more] = world.violations.splice(0) // what the thief's keys led to counts for the old app only
    assert.deepEqual([went, more], [channel === 'next' ? undefined : `J3: ${production} went from 1,1 to 0,2`, []])
    await world.whole('2.1.0')
  })

  test(`${platform}: the domain is lost: its next owner can hold back, no more, and the second address goes on`, async (t) => {
    const second = 'https://second.example/my-app'
    const world = await ready(t, platform, { app: { onLaunch: '', options: { url: [address, second] } } })
    const { publisher, phone, bucket } = world
    phone.network.route(second, bucket.url)
    const strange = await World.make(t, { platform })
    const { text, document } = usurp(publisher, key('thief'))
    for (const [at, body] of [[document, text], [publisher.next(), publisher.seal(publisher.next(), [key('thief')])]]) {
      strange.bucket.put(publisher.journalKey(at), body)
      strange.bucket.put(publisher.copyKey, body, { release: String(at.sequence), epoch: String(at.epoch) })
      phone.network.route(address, strange.bucket.url)
      assert.equal((await world.call('check()')).ok, true)
    }
    await goesOn(world, '1.2.0')
  })

  test(`${platform}: apps with the pins of two years ago: three rotations later by a fresh start, and by a cover install over the newest`, async (t) => {
    const world = await World.make(t, { platform, app: { onLaunch: '' } })
    const { publisher, phone } = world
    const first = world.app('1.0.0')
    for (const epoch of [1, 2, 3]) {
      world.clock.elapsed += year * 0.7
      publisher.rotate()
      publisher.publish(world.app(`1.${epoch}.0`))
    }
    phone.clock.set(phone.clock.now() + 2 * year)
    await world.start()
    assert.equal(await world.update(), '1.3.0')
    assert.deepEqual(world.position[production], [3, 1])

    const pins = [['signing', publisher.signing], ['recovery', publisher.recovery]].map(([role, one]) => pinOf(role, 3, one))
    const files = world.app('2.0.0', { pins }) // built today
    publisher.base(files, publisher.natives('2.0.0', 200))
    coverWith(t, world, files)
    await world.start()
    assert.equal((await world.call('check()')).ok, true)
    coverWith(t, world, first) // somebody kept the old app
    await world.start()
    assert.equal(await world.update(), '1.3.0')
    assert.equal(world.position[production][0], 3)
    const { text, document } = usurp({ ...publisher, statements: [], epoch: 0, next: publisher.next.bind(publisher), seal: publisher.seal.bind(publisher) }, key('thief'))
    await refuses(world, text, { ...document, epoch: 4 })
    publisher.publish(world.app('1.4.0'))
    assert.equal(await world.update(), '1.4.0')
    await world.whole('1.4.0')
  })

  // The command itself, twice, with what it leaves in the project.
  test(`${platform}: wgtup keys rotate: a phone follows, and an old app with the first pins after it`, async (t) => {
    const project = await Project.make(t, 'dir', appid)
    const build = (version) => project.build(app(version, { pins: project.pins, onLaunch: '' }), version)
    const builtIn = build('1.0.0')
    project.ok('publish', '--base', builtIn)
    const phone = new Phone({ builtIn, framework: modules('1.0.0'), platform, clock: new Clock(Date.now()) })
    t.after(() => phone.close())
    phone.network.route(address, project.public)
    const update = async (version) => {
      project.ok('publish', build(version))
      assert.equal((await phone.boot.resolve('updater.check()')).ok, true)
      await phone.boot.resolve('updater.accept()')
      await phone.run(10_000)
      assert.equal(phone.boot.version, version)
    }
    const epoch = () => JSON.parse(JSON.parse(phone.storage.get(production)).payload).epoch
    await phone.start()
    await update('1.1.0')
    assert.deepEqual(JSON.parse(project.ok('keys', 'rotate', '--json')).channels, ['production'])
    await update('1.2.0')
    assert.equal(epoch(), 1)
    project.ok('keys', 'rotate', '--recovery')
    await update('1.3.0')
    assert.equal(epoch(), 2)
    const yaml = fs.readFileSync(path.join(project.dir, 'wgtup.yaml'), 'utf8')
    assert.ok(!yaml.includes(':0:') && yaml.includes('recovery:2:'))
    assert.match(project.ok('verify'), /everything verifies/)

    phone.kill('user')
    phone.clearData()
    phone.coverInstall(builtIn, { name: '1.0.0', code: '100' })
    await phone.start()
    await update('1.4.0')
    assert.equal(epoch(), 2)
  })
}
