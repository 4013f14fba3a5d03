// The client in JavaScriptCore, the engine of iOS, with JIT and without: launch, check, download,
// install, restart.
import assert from 'node:assert/strict'
import test from 'node:test'
import { runInJsc } from '../../simulator/src/index.js'
import { modules } from '../../simulator/test/shop.js'
import { address } from './app.js'
import { shopAddress } from './shop.js'
import { platforms, ShopWorld, World } from './world.js'

/** What the bucket answers, as a table. */
function answers(world, base) {
  const table = {}
  for (const [key, { body, meta }] of world.bucket.objects) {
    const headers = { Date: new Date(world.bucket.now()).toUTCString(), ...Object.fromEntries(Object.entries(meta).map(([k, v]) => ['X-Oss-Meta-' + k, v])) }
    for (const method of ['HEAD', 'GET']) table[`${method} ${base}/${key}`] = { headers, body }
  }
  return table
}

const asked = (ran) => ran.requests.map(({ method, url }) => `${method} ${url.replace(/\?.*$/, '').replace(/[0-9a-f]{64}/, '*').replace(/^.*\/(channels|packages)/, '$1')}`)

const update = ['HEAD channels/production/release.json', 'GET channels/production/journal/0/0000000002.json', 'GET packages/*.wgt']

for (const platform of platforms) {
  for (const jit of [true, false]) {
    test(`${platform}, JIT ${jit ? 'on' : 'off'}: launch, check, download, install, restart`, async (t) => {
      const world = await World.make(t, { platform })
      world.publish('1.1.0', {}, { mode: 'force' })
      const ran = runInJsc({ app: world.builtIn, framework: modules('1.0.0'), platform, jit, answers: answers(world, address) })
      assert.deepEqual(ran.errors, [])
      assert.equal(ran.page.text, 'index 1.0.0')
      assert.deepEqual(asked(ran), update)
      const [install] = ran.installs
      assert.match(install.file, /^_doc\/wgtup\/[0-9a-f-]+\.wgt$/)
      assert.equal(install.force, false)
      assert.ok(ran.messages.some(([type]) => type === 'restart'))
    })
  }

  test(`${platform}: a document that does not verify is refused there, too`, async (t) => {
    const world = await World.make(t, { platform })
    world.publish('1.1.0', {}, { mode: 'force' })
    const table = answers(world, address)
    for (const answer of Object.values(table)) {
      const text = answer.body.toString()
      if (text.startsWith('{')) answer.body = text.replace(/"sig":"(.)/, (all, c) => `"sig":"${c === 'A' ? 'B' : 'A'}`)
    }
    const ran = runInJsc({ app: world.builtIn, framework: modules('1.0.0'), platform, answers: table })
    assert.deepEqual([ran.errors, ran.installs], [[], []])
    assert.match(ran.console.map((it) => it.text).join('\n'), /problem.*refused/)
  })
}

test('the shop, as the compiler made it, without JIT', async (t) => {
  const world = await ShopWorld.make(t, { platform: 'ios' })
  world.publish('1.1.0', {}, { mode: 'force' })
  const ran = runInJsc({ app: world.builtIn, framework: modules('1.0.0'), platform: 'ios', jit: false, answers: answers(world, shopAddress) })
  assert.deepEqual(ran.errors, [])
  assert.deepEqual(asked(ran), update)
  assert.equal(ran.installs.length, 1)
})
