import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { directory } from './mini.js'
import { serve } from './server.js'
import { build, modules, nowhere } from './shop.js'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))

function run(...args) {
  return new Promise((resolve) => execFile(process.execPath, [cli, ...args], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr })))
}

test('wgtup-sim starts the shop and tells what it shows', async () => {
  const { code, stdout, stderr } = await run(build('1.1.0'), '--framework', modules('1.1.0'), '--platform', 'ios', '--native', '2.0', '--url', nowhere, '--open', '/pages/coupon/index')
  assert.equal(stderr, '')
  assert.equal(code, 0)
  assert.match(stdout, /start +青禾小铺 1\.1\.0 \(__UNI__5A0B1C2\) on ios, base 2\.0, framework 4\.87\n/)
  assert.match(stdout, /log +shop launched, version 1\.1\.0/)
  assert.match(stdout, /pages +pages\/index\/index > pages\/coupon\/index\nshown +"领券中心/)
  assert.match(stdout, /request +HEAD https:\/\/shop\.wgtup\.example\/app\/channels\/production\/release\.json/)
  assert.match(stdout, /errors +0\nrequests +1\n$/)
})

test('wgtup-sim shows requests, dialogs and restarts, and fails on a white screen', async (t) => {
  const server = await serve(t, { '/a.json': '{}' })
  const app = directory(t, '1.0.0', { onLaunch: `uni.request({ url: '${server.url}/a.json', success: () => { uni.showModal({ title: 'Hi', content: 'there' }); plus.runtime.quit() } })` })
  const quits = await run(app, '--framework', modules('1.0.0'))
  assert.equal(quits.code, 1)
  assert.match(quits.stdout, /request +GET http:\/\/127\.0\.0\.1:\d+\/a\.json 200, 2 bytes/)
  assert.match(quits.stdout, /confirm +Hi: there/)
  assert.match(quits.stdout, /end +quit/)
  const white = await run(directory(t, '1.0.0', { load: 'throw new Error("at load")' }), '--framework', modules('1.0.0'))
  assert.equal(white.code, 1)
  assert.match(white.stdout, /ERROR +app-service\.js: Error: at load[^]*NOTHING: a white screen/)
})

test('wgtup-sim --url: updates come from elsewhere, whatever address the app has', async (t) => {
  const server = await serve(t, { '/app/channels/production/release.json': '{}', '/b.json': '{}' })
  const ask = (url) => `uni.request({ url: '${url}', success: ({ statusCode }) => console.log(statusCode) });`
  const app = directory(t, '1.0.0', { onLaunch: ask('https://a.example/x/channels/production/release.json?r=1') + ask('https://b.example/b.json') })
  const { code, stdout } = await run(app, '--framework', modules('1.0.0'), '--url', server.url + '/app/', '--url', `https://b.example=${server.url}`)
  assert.equal(code, 0)
  assert.match(stdout, /request +GET https:\/\/a\.example\/x\/channels\/production\/release\.json\?r=1 200/)
  assert.deepEqual(server.requests.map((it) => it.url), ['/app/channels/production/release.json?r=1', '/b.json'])
  assert.match((await run(app, '--url', 'bucket')).stderr, /--url is an address, or FROM=TO, not bucket/)
})

test('wgtup-sim --tap touches what shows a text, or says that nothing did', async () => {
  const shop = [build('1.1.0'), '--framework', modules('1.1.0')]
  assert.match((await run(...shop, '--tap', '分类')).stdout, /shown +"[^]*errors +0/)
  assert.match((await run(...shop, '--tap', 'Nothing')).stderr, /--tap: nothing showed Nothing/)
})

test('wgtup-sim says what is wrong with its arguments', async (t) => {
  assert.match((await run()).stdout, /^usage: wgtup-sim DIR/)
  assert.match((await run(t.name)).stderr, /no compiled app in/)
  assert.match((await run(build('1.0.0'), '--platform', 'palm')).stderr, /--platform is android or ios, not palm/)
  assert.match((await run(directory(t, '1.0.0'))).stderr, /no node_modules\/@dcloudio\/uni-app-plus/)
})
