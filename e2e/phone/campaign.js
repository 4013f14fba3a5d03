// Random power cuts over whole updates: a good release, one that throws while it is loaded, and
// good ones after it. Each round is told by its seed alone.
import assert from 'node:assert/strict'
import { random } from '../../simulator/src/random.js'
import { platforms, World } from './world.js'

/** How many starts without a cut bring a phone to where it belongs. */
const enough = 10

/** One round. @returns {Promise<{ cuts: number, places: Set<string> }>} */
export async function round(t, seed) {
  const dice = random(seed)
  const under = (n) => Math.floor(dice() * n)
  const world = await World.make(t, { platform: platforms[seed % 2], phone: { seed } })
  const { phone, publisher } = world
  const places = new Set()
  let cuts = 0
  phone.on('boot', () => wholeOnDisk(world, seed))

  const update = async (most, arrived) => {
    for (let planned = under(most + 1); planned > 0; planned--) {
      phone.power.cut('', 1 + Math.floor(dice() ** 2 * 45))
      await start(world)
      if (phone.power.plan) continue
      cuts++
      places.add(phone.boot.reason)
    }
    phone.power.reset()
    for (let n = 0; n < enough && !arrived(); n++) await start(world)
    assert.ok(arrived(), `seed ${seed}: ${phone.boot.version}, ${JSON.stringify(world.events.slice(-6))}`)
  }
  const confirmed = (version) => () => phone.running && phone.boot.version === version && world.state().confirmed
  const marked = (version) => () => phone.running && world.state().bad.some((mark) => mark.version === version)
  const either = (...tests) => () => tests.some((test) => test())

  world.publish('1.1.0')
  await update(8, either(confirmed('1.1.0'), marked('1.1.0'))) // three installs that failed are enough
  world.expectErrors = true
  world.publish('1.2.0', { load: 'throw new Error("at load")' })
  await update(8, () => marked('1.2.0')() && phone.boot.version !== '1.2.0')
  const before = world.installs.length
  await start(world)
  await start(world)
  assert.ok(phone.boot.version !== '1.2.0' && world.installs.length <= before + 1, `seed ${seed}: takes 1.2.0 again`)
  world.expectErrors = false
  publisher.publish(world.app('1.3.0'), { mode: under(2) ? 'silent' : 'force' })
  await update(8, either(confirmed('1.3.0'), marked('1.3.0')))
  world.publish('1.4.0')
  await update(0, confirmed('1.4.0'))
  await world.whole('1.4.0')
  await world.close()
  return { cuts, places }
}

async function start(world) {
  const { phone } = world
  phone.kill('in between')
  await phone.start({ run: 2500 })
  await world.settle(2500)
}

function wholeOnDisk(world, seed) {
  assert.ok(world.isWhole(), `seed ${seed}: what starts is no whole version`)
}
