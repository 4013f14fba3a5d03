// What an operator types, with the real command, and what a phone does about it.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { Clock, Phone } from '../../simulator/src/index.js'
import { modules } from '../../simulator/test/shop.js'
import { address, app, appid } from './app.js'
import { Project } from './project.js'
import { platforms } from './world.js'

/** A project with a base 1.0.0 and a phone that runs it. */
async function begin(t, platform, options = {}) {
  const project = await Project.make(t, 'dir', appid)
  const build = (version, more) => project.build(app(version, { pins: project.pins, onLaunch: '', options, ...more }), version)
  const builtIn = build('1.0.0')
  project.ok('publish', '--base', builtIn)
  const phone = new Phone({ builtIn, framework: modules('1.0.0'), platform, clock: new Clock(Date.now()) })
  t.after(() => phone.close())
  phone.network.route(address, project.public)
  await phone.start()
  const call = (code) => phone.boot.resolve(`updater.${code}`)
  const update = async () => {
    await call('check()')
    await call('accept()')
    await phone.run(20_000)
    return phone.boot.version
  }
  return { project, build, phone, call, update }
}

for (const platform of platforms) {
  test(`${platform}: rollback --to far back reaches a phone whose release was replaced long ago`, async (t) => {
    const { project, build, phone, call, update } = await begin(t, platform)
    project.ok('publish', build('1.1.0'))
    assert.equal(await update(), '1.1.0')
    project.ok('publish', build('1.2.0'))
    project.ok('publish', build('1.3.0'))
    project.ok('rollback', '--to', '1.0.0')
    const check = await call('check()')
    assert.deepEqual([check.action, check.reason, check.offer.version.name], ['wgt', 'leave-withdrawn', '1.0.0'])
    assert.equal(await update(), '1.0.0')
    assert.equal((await call('check()')).reason, 'up-to-date')
    project.ok('rollback', '--to', '1.3.0')
    assert.equal(await update(), '1.3.0')
    assert.equal(phone.boot.evaluate('updater.state().confirmed'), true)
  })

  test(`${platform}: rollback --reissue: the old content under a higher version starts and confirms`, async (t) => {
    const { project, build, phone, call, update } = await begin(t, platform)
    project.ok('publish', build('1.1.0'))
    project.ok('publish', build('1.2.0'))
    assert.equal(await update(), '1.2.0')
    project.ok('rollback', '--reissue')
    const check = await call('check()')
    assert.deepEqual([check.reason, check.offer.version.name], ['leave-withdrawn', '1.2.1'])
    assert.equal(await update(), '1.2.1')
    assert.equal(phone.boot.evaluate('updater.state().confirmed'), true)
    assert.equal((await call('check()')).reason, 'up-to-date')
  })

  test(`${platform}: hold, unhold, a forced update below a version, a floor`, async (t) => {
    const { project, build, call, update } = await begin(t, platform)
    project.ok('publish', build('1.1.0'))
    project.ok('hold', platform, '--native', '1.0.0', '--reason', 'in review')
    assert.deepEqual([(await call('check()')).action, (await call('check()')).reason], ['none', 'held'])
    project.ok('unhold', platform, '--native', '1.0.0')
    const offer = (await call('check()')).offer
    assert.deepEqual([offer.version.name, offer.mode], ['1.1.0', 'prompt'])
    project.ok('set', 'minimum', String(offer.version.code))
    assert.equal((await call('check()')).offer.mode, 'force')
    project.ok('set', 'minimum', 'none')
    assert.equal((await call('check()')).offer.mode, 'prompt')
    assert.equal(await update(), '1.1.0')
    project.ok('set', 'floor', String(offer.version.code))
    assert.throws(() => project.ok('rollback'), /no release to go to/)
    assert.equal((await call('check()')).reason, 'up-to-date')
  })

  test(`${platform}: named testers, a channel from inside the app, and its promotion`, async (t) => {
    const { project, build, phone, call, update } = await begin(t, platform, { channels: ['beta'] })
    fs.writeFileSync(path.join(project.dir, 'testers.txt'), phone.boot.evaluate('updater.state().device.install') + ' # on the desk\n')
    project.ok('publish', build('1.1.0'), '-r', '0%')
    assert.equal((await call('check()')).reason, 'outside-rollout')
    project.ok('set', 'testers', 'testers.txt')
    assert.equal(await update(), '1.1.0')
    project.ok('rollout', 'production', 'complete')

    project.ok('publish', '--base', path.join(project.dir, 'build-1.0.0'), '-c', 'beta')
    project.ok('publish', build('1.2.0'), '-c', 'beta')
    assert.equal((await call('check()')).reason, 'up-to-date')
    assert.deepEqual(await call("setChannel('nightly')"), { ok: false, problem: 'channel', detail: 'nightly' })
    assert.equal((await call("setChannel('beta')")).ok, true)
    assert.equal(await update(), '1.2.0')
    assert.equal(phone.boot.evaluate('updater.state().channel'), 'beta')
    // The same bytes come to production: who has them only changes the name.
    project.ok('promote', 'beta', 'production')
    assert.equal((await call("setChannel('production')")).ok, true)
    assert.equal((await call('check()')).reason, 'adopted')
    assert.equal((await call('check()')).reason, 'up-to-date')
  })
}
