import assert from 'node:assert/strict'
import test from 'node:test'
import { phone, versions } from './shop.js'

for (const platform of ['android', 'ios']) {
  for (const version of versions) {
    test(`the shop ${version} starts on ${platform}, shows its first page and opens a second one`, async (t) => {
      const p = phone(t, { version, platform })
      const boot = await p.start()
      assert.deepEqual(boot.errors, [])
      assert.equal(boot.whiteScreen, false)
      assert.deepEqual(boot.pages, ['pages/index/index'])
      assert.match(boot.page.text, /明前龙井/)
      boot.evaluate('uni.navigateTo({ url: "/pages/product/detail?id=tea-01" }), 0')
      await p.run(1000)
      assert.deepEqual(boot.pages, ['pages/index/index', 'pages/product/detail'])
      assert.match(boot.page.text, /50 克100 克250 克/)
      await p.run(15_000) // temporary files are cleaned after ten seconds
      assert.deepEqual(boot.errors, [])
      assert.deepEqual(boot.console.filter((line) => line.level === 'error'), [])
    })
  }
}
