// C27–C32: the power goes at every single step of an update, in order. The list says fifty random
// cuts for each of its six phases; these are all there are, and power-android and power-ios add
// random ones, several in a row, over whole lives.
import assert from 'node:assert/strict'
import test from 'node:test'
import { platforms, World } from './world.js'

/** A phone that is about to take 1.1.0 in one go. */
async function ready(t, platform) {
  const world = await World.make(t, { platform })
  world.publish('1.1.0', {}, { mode: 'force' })
  return world
}

/** Steps by phase: what a step belongs to follows from those around it. */
function phases(steps) {
  const first = (name) => steps.indexOf(name)
  const bounds = [
    ['C27 seen', first('download.create')],
    ['C28 downloading', steps.lastIndexOf('download.written') + 1],
    ['C29 verified', first('install.begin')],
    ['C30 install called', first('install.recorded') + 1],
    ['C31 install returned', first('restart') + 1],
    ['C32 restarted, not confirmed', steps.length],
  ]
  return bounds.map(([name, end], n) => ({ name, from: n ? bounds[n - 1][1] : 0, end }))
}

for (const platform of platforms) {
  test(`${platform}: C27–C32, the power goes at every step of an update`, async (t) => {
    const dry = await ready(t, platform)
    const before = dry.phone.power.steps.length
    await dry.start()
    assert.equal(dry.phone.boot.version, '1.1.0')
    const steps = dry.phone.power.steps.slice(before)
    for (const { name, from, end } of phases(steps)) {
      assert.ok(end > from, `${name}: ${steps}`)
      await t.test(`${name}: ${steps.slice(from, end).join(' ')}`, async (t) => {
        for (let n = from; n < end; n++) {
          const world = await ready(t, platform)
          const { phone } = world
          phone.power.cut('', n + 1)
          await world.start()
          assert.equal(phone.running, false, `step ${n}`)
          assert.equal(phone.boot.reason, steps[n])
          // It resumes, or comes back and tries again: two starts later the update is there.
          await world.start()
          if (world.phone.boot.version !== '1.1.0') await world.again()
          const boot = await world.whole('1.1.0')
          assert.equal(boot.evaluate('updater.state().confirmed'), true)
          assert.ok(world.installs.length <= 2)
          await world.close()
        }
      })
    }
    await dry.whole('1.1.0')
  })
}
