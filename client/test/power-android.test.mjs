import assert from 'node:assert/strict'
import test from 'node:test'
import { campaign } from './power.mjs'

const cuts = Number(process.env.WGTUP_CUTS || 1000)
const seed = Number(process.env.WGTUP_SEED || 20261122)

test(`${cuts} power cuts over whole updates on Android, seed ${seed}`, async (t) => {
  const places = await campaign(t, { platform: 'android', cuts, seed })
  t.diagnostic(JSON.stringify(places))
  assert.ok(Object.keys(places).length >= 18, JSON.stringify(places))
})
