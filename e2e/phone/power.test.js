// C27–C32 and the random power cuts. WGTUP_CUTS and WGTUP_SEED make a campaign of it.
import assert from 'node:assert/strict'
import test from 'node:test'
import { round } from './campaign.js'

const wanted = Number(process.env.WGTUP_CUTS ?? 300)
const first = Number(process.env.WGTUP_SEED ?? 1)

test(`${wanted} random power cuts over whole updates, from seed ${first}: 0 violations of J1 to J6`, async (t) => {
  const places = new Set()
  let cuts = 0
  let seed = first
  for (; cuts < wanted; seed++) {
    const done = await round(t, seed)
    cuts += done.cuts
    for (const place of done.places) places.add(place)
  }
  t.diagnostic(`${cuts} cuts in ${seed - first} rounds, seeds ${first} to ${seed - 1}, at ${[...places].sort().join(' ')}`)
  assert.ok(wanted < 300 || places.size > 20, [...places].join(' '))
})
