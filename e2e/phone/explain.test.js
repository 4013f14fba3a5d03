// What the phone says of itself is what `wgtup explain` reads: both give the same answer.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { Clock, Phone } from '../../simulator/src/index.js'
import { modules } from '../../simulator/test/shop.js'
import { address, app, appid } from './app.js'
import { Project } from './project.js'
import { platforms } from './world.js'

for (const platform of platforms) {
  test(`${platform}: wgtup explain --device says what the phone decides`, async (t) => {
    const project = await Project.make(t, 'dir', appid)
    const tree = (version, more) => project.build(app(version, { pins: project.pins, onLaunch: '', ...more }), version)
    const builtIn = tree('1.0.0')
    project.ok('publish', '--base', builtIn)
    const phone = new Phone({ builtIn, framework: modules('1.0.0'), platform, clock: new Clock(Date.now()) })
    t.after(() => phone.close())
    phone.network.route(address, project.public)
    const agree = async (reason) => {
      const check = await phone.boot.resolve('updater.check()')
      const file = path.join(project.dir, 'device.json')
      fs.writeFileSync(file, JSON.stringify(phone.boot.evaluate('updater.state().device')))
      const decision = JSON.parse(project.ok('explain', '--device', file, '--json'))
      assert.deepEqual([decision.action, decision.reason, decision.release], [check.action, check.reason, check.offer?.release ?? decision.release])
      assert.equal(check.reason, reason)
    }

    await phone.start()
    await agree('up-to-date')
    project.ok('publish', tree('1.1.0'))
    await agree('newer-release')
    await phone.boot.resolve('updater.accept()')
    await phone.run(10_000)
    assert.equal(phone.boot.version, '1.1.0')
    await agree('up-to-date')
    project.ok('publish', tree('1.2.0', { load: 'throw new Error("at load")' }))
    await phone.boot.resolve('updater.check().then(() => updater.accept())')
    await phone.run(20_000)
    assert.equal(phone.boot.version, '1.1.0')
    await agree('marked-bad')
    project.ok('rollback')
    await agree('up-to-date')
    project.ok('hold', platform)
    project.ok('publish', tree('1.3.0'))
    await agree('held')
  })
}
