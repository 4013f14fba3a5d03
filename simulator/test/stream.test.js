import assert from 'node:assert/strict'
import test from 'node:test'
import { phone } from './mini.js'
import { serve } from './server.js'

function request(boot, options) {
  return boot.resolve(`new Promise((success, fail) => uni.request({ ...${JSON.stringify(options)}, success, fail })).catch((e) => e)`)
}

async function setup(t, routes = {}, options) {
  const server = await serve(t, { '/a.json': '{"a":1}', ...routes })
  const p = phone(t, '1.0.0', options)
  return { server, p, boot: await p.start() }
}

test('what uni.request hands to the native side', async (t) => {
  const { boot } = await setup(t)
  boot.context.run(`
    const real = weex.requireModule
    globalThis.seen = []
    weex.requireModule = (name) => name === 'stream' ? { fetch: (options) => { seen.push(options) } } : real(name)
    uni.request({ url: ' http://127.0.0.1/x ', method: 'HEAD', timeout: 8000, fail() {} })
    uni.request({ url: 'http://127.0.0.1/x', data: { q: 1 }, fail() {} })
  `, 'test')
  const [head, get] = boot.evaluate('seen')
  const { firstIpv4, tls, ...rest } = head
  assert.deepEqual(rest, { method: 'HEAD', url: 'http://127.0.0.1/x', headers: { 'Content-Type': 'application/json' }, type: 'text', timeout: 8000, sslVerify: true, body: '' })
  assert.equal(get.url, 'http://127.0.0.1/x?q=1')
  assert.equal(get.timeout, 600_000)
  assert.equal('body' in get, false)
})

test('HEAD: headers, no body; every status is a success', async (t) => {
  const { server, boot } = await setup(t)
  const ok = await request(boot, { url: server.url + '/a.json', method: 'HEAD', timeout: 5000 })
  assert.equal(ok.statusCode, 200)
  assert.equal(ok.header.ETag, '"1"')
  assert.equal(ok.data, '')
  assert.equal(server.requests[0].method, 'HEAD')
  assert.equal((await request(boot, { url: server.url + '/none' })).statusCode, 404)
})

for (const headerCase of ['raw', 'lower']) {
  test(`header names ${headerCase}; a name sent twice has both values`, async (t) => {
    const { server, p, boot } = await setup(t, { '/twice': (req, res) => res.writeHead(200, ['X-Oss-Meta-Seq', '1', 'X-Oss-Meta-Seq', '2', 'ETag', '"e"']).end() })
    p.network.headerCase = headerCase
    const { header } = await request(boot, { url: server.url + '/twice' })
    assert.equal(header[headerCase === 'raw' ? 'X-Oss-Meta-Seq' : 'x-oss-meta-seq'], '1, 2')
    assert.equal('etag' in header, headerCase === 'lower')
  })
}

test('array buffers cross the bridge as base64', async (t) => {
  const bytes = Buffer.from([0, 255, 10, 200])
  const { server, boot } = await setup(t, { '/bin': bytes, '/post': (req, res) => res.end('ok') })
  const got = await boot.resolve(`new Promise((done) => uni.request({ url: ${JSON.stringify(server.url)} + '/bin', responseType: 'arraybuffer', success: (r) => done(Array.from(new Uint8Array(r.data))) }))`)
  assert.deepEqual(got, [0, 255, 10, 200])
  await boot.resolve(`new Promise((done) => uni.request({ url: ${JSON.stringify(server.url)} + '/post', method: 'POST', data: new Uint8Array([1, 2]).buffer, complete: done }))`)
  assert.equal(server.requests[1].body, '\u0001\u0002')
})

test('offline, refused, unknown host: fail, with a status of -1', async (t) => {
  const { server, p, boot } = await setup(t)
  p.network.fault('/dns', { error: 'Unable to resolve host' })
  assert.equal((await request(boot, { url: server.url + '/dns' })).errMsg, 'request:fail abort statusCode:-1 Unable to resolve host')
  assert.match((await request(boot, { url: 'http://127.0.0.1:1/' })).errMsg, /^request:fail abort statusCode:-1 .*ECONNREFUSED/)
  p.network.type = 'none'
  assert.match((await request(boot, { url: server.url + '/a.json' })).errMsg, /^request:fail/)
  assert.equal((await boot.resolve('new Promise((success) => uni.getNetworkType({ success }))')).networkType, 'none')
})

test('a server that never answers: the native timeout, without waiting for it', async (t) => {
  const { server, p, boot } = await setup(t)
  p.network.fault('/a.json', { stall: true })
  const before = p.clock.elapsed
  assert.equal((await request(boot, { url: server.url + '/a.json', method: 'HEAD', timeout: 8000 })).errMsg, 'request:fail abort statusCode:-1 timeout')
  assert.ok(p.clock.elapsed - before < 8100)
})

test('a real server that never answers stops the clock for `patience` only', async (t) => {
  const { server, p, boot } = await setup(t, { '/never': () => {} })
  p.clock.patience = 50
  assert.match((await request(boot, { url: server.url + '/never', timeout: 8000 })).errMsg, /timeout/)
})

test('captive portal, status and headers changed on the way, an answer rewritten', async (t) => {
  const { server, p, boot } = await setup(t)
  const mend = p.network.fault('/a.json', { status: 200, body: '<html>login</html>', headers: { 'Content-Type': 'text/html' } })
  assert.equal((await request(boot, { url: server.url + '/a.json' })).data, '<html>login</html>')
  mend()
  p.network.fault(/^HEAD /, { headers: { ETag: null, 'X-New': 'v' } }, 1)
  const { header } = await request(boot, { url: server.url + '/a.json', method: 'HEAD' })
  assert.deepEqual([header.ETag, header['X-New']], [undefined, 'v'])
  p.network.fault('/a.json', { rewrite: (answer) => { answer.body = Buffer.from('{"b":2}') } })
  assert.deepEqual((await request(boot, { url: server.url + '/a.json' })).data, { b: 2 })
})

test('a body that is cut: an error with Content-Length, the rest of the truth without', async (t) => {
  const { server, p, boot } = await setup(t, { '/long': 'x'.repeat(1000) })
  p.network.fault('/long', { cut: 10 }, 1)
  assert.match((await request(boot, { url: server.url + '/long' })).errMsg, /unexpected end of stream/)
  p.network.fault('/long', { cut: 10, headers: { 'Content-Length': null } }, 1)
  assert.equal((await request(boot, { url: server.url + '/long' })).data, 'xxxxxxxxxx')
})

test('redirects are followed; a loop of them is an error', async (t) => {
  const { server, boot, p } = await setup(t, { '/loop': (req, res) => res.writeHead(302, { Location: '/loop' }).end() })
  p.network.fault('/moved', { redirect: server.url + '/a.json' })
  assert.deepEqual((await request(boot, { url: server.url + '/moved' })).data, { a: 1 })
  assert.match((await request(boot, { url: server.url + '/loop' })).errMsg, /too many redirects/)
})

test('what was asked is on record', async (t) => {
  const { server, boot } = await setup(t)
  await request(boot, { url: server.url + '/a.json' })
  const [{ via, method, url, status, bytes }] = boot.requests
  assert.deepEqual({ via, method, url, status, bytes }, { via: 'stream', method: 'GET', url: server.url + '/a.json', status: 200, bytes: 7 })
})
