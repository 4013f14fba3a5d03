// The life of a phone whose power goes at random moments of whole updates: downloads, installs,
// first starts, ways back, of releases good and bad. Told by its seed alone.
import assert from 'node:assert/strict'
import test from 'node:test'
import { random } from '../../simulator/src/random.js'
import { World } from './world.js'

/** What may be wrong with a release. */
const faults = {
  throws: { load: 'throw new Error("at load")' },
  launches: { onLaunch: 'throw new Error("in onLaunch")' },
  draws: { render: 'throw new Error("while drawing")' },
  hangs: { ready: 'manual' }, // nobody says that it is ready
}

// Lives until the power went so often.
async function life(t, platform, seed, most = 25) {
  const dice = random(2 * seed + Number(platform === 'ios'))
  const pick = (list) => list[Math.floor(dice() * list.length)]
  const world = await World.make(t, { platform, phone: { seed } })
  const { phone } = world
  const mode = pick(['silent', 'silent', 'force'])
  const story = [`seed ${seed}, ${phone.platform}, ${mode}`]
  const places = {}
  let cuts = 0
  let number = 1
  const release = (fault = pick(['', '', ...Object.keys(faults)])) => {
    const version = `1.${number++}.0`
    if (fault) world.faulty.add(version)
    world.publish(version, faults[fault], { mode })
    story.push(`published ${version} ${fault}`)
    return version
  }
  phone.on('boot', () => assert.ok(world.isWhole(), `J1: what starts is no whole version\n${story.join('\n')}`))

  try {
    release()
    while (cuts < most) {
      phone.power.cut('', 1 + Math.floor(dice() ** 2 * 60))
      await phone.start({ run: 500 })
      await phone.run(Math.floor(dice() * 40_000), () => !phone.running && !phone.launching)
      const quiet = phone.running || Boolean(phone.launching)
      const place = quiet ? 'no cut' : phone.boot.reason
      phone.kill('in between')
      phone.power.reset()
      story.push(`${phone.boot.version} ${place}`)
      assert.deepEqual(world.violations, [])
      // Two packages, and the part of a third that the next start removes.
      assert.ok(world.kept.length <= 3, `J5: ${world.kept}`)
      if (quiet) {
        release()
        continue
      }
      places[place] = (places[place] ?? 0) + 1
      cuts++
      if (dice() < 0.1) release()
    }
    // A release that died at two first starts is left alone, good or not: a new one comes, whatever happened.
    const last = release('')
    for (let starts = 0; starts < 5 && !(phone.boot.version === last && phone.running && world.state().confirmed); starts++) {
      phone.kill('in the end')
      await phone.start()
      await phone.run(60_000)
    }
    await world.whole(last)
  } catch (error) {
    error.message += '\n' + story.join('\n')
    throw error
  }
  await world.close()
  return { cuts, places }
}

/** The test of a platform; WGTUP_CUTS and WGTUP_SEED make a campaign of it. */
export function campaign(platform) {
  const wanted = Number(process.env.WGTUP_CUTS || 1000)
  const first = Number(process.env.WGTUP_SEED || 1)
  test(`${wanted} random power cuts over whole updates on ${platform}, from seed ${first}: 0 violations of J1 to J6`, async (t) => {
    const places = {}
    let cuts = 0
    let seed = first
    for (; cuts < wanted; seed++) {
      const lived = await life(t, platform, seed)
      cuts += lived.cuts
      for (const [place, times] of Object.entries(lived.places)) places[place] = (places[place] ?? 0) + times
    }
    t.diagnostic(`${cuts} cuts, seeds ${first} to ${seed - 1}: ${JSON.stringify(places)}`)
    assert.ok(wanted < 300 || Object.keys(places).length >= 18, JSON.stringify(places))
  })
}
