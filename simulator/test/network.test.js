// Where requests go.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Network, wgtupFolder } from '../src/index.js'
import { phone } from './mini.js'
import { serve } from './server.js'

const get = (boot, url) => boot.resolve(`new Promise((done) => uni.request({ url: '${url}', timeout: 5000, success: done, fail: done }))`)

test('a route: requests to a public address reach a server on loopback; the app, its log and faults know the public one', async (t) => {
  const server = await serve(t, { '/bucket/a.json': '{"a":1}', '/bucket/old.json': (req, res) => res.writeHead(302, { Location: 'https://cdn.example/app/a.json' }).end() })
  const p = phone(t)
  p.network.route('https://cdn.example/app/', server.url + '/bucket')
  const boot = await p.start()
  assert.equal((await get(boot, 'https://cdn.example/app/a.json?x=1')).data.a, 1)
  assert.equal((await get(boot, 'https://cdn.example/app/old.json')).data.a, 1, 'a redirect to the public address')
  assert.deepEqual(server.requests.map((it) => it.url), ['/bucket/a.json?x=1', '/bucket/old.json', '/bucket/a.json'])
  assert.equal(boot.requests[0].url, 'https://cdn.example/app/a.json?x=1')
  assert.equal(p.network.log[0].url, 'https://cdn.example/app/a.json?x=1')
  p.network.fault('https://cdn.example/', { status: 503 }, 1)
  assert.equal((await get(boot, 'https://cdn.example/app/a.json')).statusCode, 503)
})

test('a route is for whole segments of a path; the last one that was made wins', () => {
  const network = new Network()
  network.route('https://a.example/app', 'http://127.0.0.1:1')
  network.route('https://a.example/app/v2', 'http://127.0.0.1:2/x/')
  for (const [url, want] of [
    ['https://a.example/app', 'http://127.0.0.1:1'],
    ['https://a.example/app/a', 'http://127.0.0.1:1/a'],
    ['https://a.example/app?a', 'http://127.0.0.1:1?a'],
    ['https://a.example/apple', 'https://a.example/apple'],
    ['https://a.example/app/v2/a', 'http://127.0.0.1:2/x/a'],
    ['https://b.example/app', 'https://b.example/app'],
  ]) assert.equal(network.routed(url), want)
})

test('the folder of an app is known by what lies in it', () => {
  const network = new Network()
  network.route(wgtupFolder, 'http://127.0.0.1:1')
  const digest = 'a'.repeat(64)
  for (const path of ['channels/production/release.json?r=1', 'channels/beta/journal/0/0000000001.json', 'channels/b/latest.wgt', `packages/${digest}.wgt`, `patches/${digest}.patch`]) {
    assert.equal(network.routed('https://a.example/x/y/' + path), 'http://127.0.0.1:1/' + path)
    assert.equal(network.routed('http://a.example/' + path), 'http://127.0.0.1:1/' + path)
  }
  for (const path of ['channels/production/other.json', 'packages/a.wgt', 'api/v1/orders', 'channels/Big/release.json']) {
    assert.equal(network.routed('https://a.example/' + path), 'https://a.example/' + path)
  }
})
