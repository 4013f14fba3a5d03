import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'
import { Chromium } from '../src/view/chromium.js'
import { files, install, phone, put, wgt } from './mini.js'
import { build, phone as shopPhone } from './shop.js'

const chromium = await Chromium.launch()
test.after(() => chromium.close())

for (const [version, platform] of [['1.1.0', 'android'], ['2.0.0', 'ios']]) {
  test(`the shop ${version} is really drawn on ${platform}: a click opens the next page`, async (t) => {
    const p = shopPhone(t, { version, platform, view: chromium.view })
    const boot = await p.start()
    assert.deepEqual(boot.pages, ['pages/index/index'])
    const first = boot.top.drawing.page
    assert.match(await first.innerText('body'), /明前龙井/)
    assert.ok(await first.evaluate(() => document.querySelector('img').naturalWidth > 0), 'pictures are found')
    await first.getByText('明前龙井').first().click()
    await p.run(1500)
    assert.deepEqual(boot.pages, ['pages/index/index', 'pages/product/detail'])
    const second = boot.top.drawing.page
    assert.notEqual(second, first)
    await second.getByText('100 克').click()
    await p.run(500)
    assert.match(await second.innerText('body'), /库存/)
    assert.deepEqual([boot.errors, chromium.errors], [[], []])
  })
}

test('what is drawn and what the service layer says are the same text', async (t) => {
  const p = shopPhone(t, { version: '1.0.0', view: chromium.view })
  const boot = await p.start()
  const plain = (text) => text.replace(/\s+/g, '')
  const drawn = plain(await boot.top.drawing.page.innerText('body'))
  assert.ok(drawn.startsWith(plain(boot.page.text).slice(0, 200)))
})

test('an install under the running app: the next webview loads new files; the restart draws the new version', async (t) => {
  // The small app has no view layer of its own.
  const names = ['__uniappview.html', 'uni-app-view.umd.js', 'app.css', 'app-config.js'].filter((name) => fs.existsSync(`${build('1.0.0')}/${name}`))
  const extra = Object.fromEntries(names.map((name) => [name, fs.readFileSync(`${build('1.0.0')}/${name}`, 'utf8')]))
  const p = phone(t, '1.0.0', { view: chromium.view, app: { extra } })
  put(p, '_doc/new.wgt', wgt(files('1.1.0', { extra: { ...extra, 'app.css': 'body { background: rgb(1, 2, 3) }' } })))
  const boot = await p.start()
  assert.equal((await boot.top.drawing.page.innerText('body')).trim(), 'index 1.0.0')
  await install(boot, '_doc/new.wgt')
  for (let i = 0; i < 2; i++) {
    boot.evaluate('uni.navigateTo({ url: "/pages/second/second" }), 0')
    await p.run(1500)
  }
  const mixed = boot.top.drawing.page
  assert.equal((await mixed.innerText('body')).trim(), 'second 1.0.0')
  assert.equal(boot.top.resources, '1.1.0')
  boot.evaluate('plus.runtime.restart()')
  await p.run(3000)
  assert.equal((await p.boot.top.drawing.page.innerText('body')).trim(), 'index 1.1.0')
  assert.deepEqual([p.boot.errors, chromium.errors], [[], []])
  assert.equal(mixed.isClosed(), true)
})
