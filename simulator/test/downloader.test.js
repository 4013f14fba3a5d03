import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { phone } from './mini.js'
import { file, serve } from './server.js'

const data = randomBytes(300_000)

// A download from the app's side: { status, filename, size, total, states }.
function download(boot, url, options = {}, more = '') {
  return boot.resolve(`new Promise((done) => {
    const states = []
    const task = plus.downloader.createDownload(${JSON.stringify(url)}, ${JSON.stringify({ retry: 0, ...options })}, (task, status) =>
      done({ status, filename: task.filename, size: task.downloadedSize, total: task.totalSize, states }))
    task.addEventListener('statechanged', (task) => { if (states.at(-1) !== task.state) states.push(task.state) })
    globalThis.task = task
    ${more}
    task.start()
  })`)
}

async function setup(t, options, routes = {}) {
  const server = await serve(t, { '/a.wgt': data, ...routes })
  const p = phone(t, '1.0.0', options)
  return { server, p, boot: await p.start(), read: (name) => p.disk.read(p.resolve(name)) }
}

test('a download: states, sizes, name, headers without regard to case', async (t) => {
  const { server, boot, read } = await setup(t)
  const got = await download(boot, server.url + '/a.wgt', { filename: '_doc/x/new.wgt' }, `task.setRequestHeader('X-Test', 'yes')`)
  assert.deepEqual(got, { status: 200, filename: '_doc/x/new.wgt', size: 300_000, total: 300_000, states: [1, 2, 3, 4] })
  assert.deepEqual(read('_doc/x/new.wgt'), data)
  assert.equal(server.requests[0].headers['x-test'], 'yes')
  assert.deepEqual(boot.evaluate('[task.getResponseHeader("etag"), task.getResponseHeader("ETAG"), task.getResponseHeader("none")]'), ['"1"', '"1"', ''])
})

test('a target that exists: "(1)" before the suffix, and the app must look at task.filename', async (t) => {
  const { server, boot } = await setup(t)
  const names = []
  for (let i = 0; i < 3; i++) names.push((await download(boot, server.url + '/a.wgt', { filename: '_doc/new.wgt' })).filename)
  assert.deepEqual(names, ['_doc/new.wgt', '_doc/new(1).wgt', '_doc/new(2).wgt'])
})

test('a directory as the target: the name comes from the url or from content-disposition', async (t) => {
  const { server, boot } = await setup(t, {}, { '/get': (req, res) => res.writeHead(200, { 'Content-Disposition': 'attachment; filename="b.wgt"' }).end('x') })
  assert.equal((await download(boot, server.url + '/a.wgt?sign=1', { filename: '_doc/d/' })).filename, '_doc/d/a.wgt')
  assert.equal((await download(boot, server.url + '/get', { filename: '_doc/d/' })).filename, '_doc/d/b.wgt')
  assert.equal((await download(boot, server.url + '/a.wgt', { filename: 'elsewhere/a.wgt' })).filename, '_downloads/a.wgt')
})

test('Android: 404, 403 and a dead connection are all status 400, after the retries', async (t) => {
  const { server, p, boot } = await setup(t, {}, { '/403': (req, res) => res.writeHead(403).end('<Error/>') })
  assert.equal((await download(boot, server.url + '/none.wgt', { filename: '_doc/n.wgt' })).status, 400)
  assert.equal((await download(boot, server.url + '/403', { filename: '_doc/n.wgt' })).status, 400)
  assert.equal(p.disk.exists(p.resolve('_doc/n.wgt')), false)
  const before = p.clock.elapsed
  assert.equal((await download(boot, 'http://127.0.0.1:1/a.wgt', { filename: '_doc/n.wgt', retry: 2, retryInterval: 30 })).status, 400)
  assert.equal(boot.requests.filter((r) => r.url.includes(':1/')).length, 3)
  assert.ok(p.clock.elapsed - before >= 90_000, 'waits 30 s and 60 s')
})

test('iOS: the real status; the error document is saved as if it were the file', async (t) => {
  const { server, boot, read } = await setup(t, { platform: 'ios' })
  const got = await download(boot, server.url + '/none.wgt', { filename: '_doc/n.wgt' })
  assert.equal(got.status, 404)
  assert.match(read('_doc/n.wgt').toString(), /NoSuchKey/)
  assert.equal((await download(boot, 'http://127.0.0.1:1/a.wgt')).status, 0)
})

test('pause and resume: Range without If-Range, 206 is reported as 200', async (t) => {
  const { server, p, boot, read } = await setup(t)
  p.network.bandwidth = 100_000
  const done = download(boot, server.url + '/a.wgt', { filename: '_doc/a.wgt' }, `setTimeout(() => task.pause(), 1000); setTimeout(() => task.resume(), 5000)`)
  assert.deepEqual(await done, { status: 200, filename: '_doc/a.wgt', size: 300_000, total: 300_000, states: [1, 2, 3, 5, 1, 2, 3, 4] })
  const [, second] = server.requests
  assert.match(second.headers.range, /^bytes=\d+-$/)
  assert.equal(second.headers['if-range'], undefined)
  assert.deepEqual(read('_doc/a.wgt'), data)
})

test('the object behind the url changes in between: the file is a mixture, and the status is 200', async (t) => {
  const { server, p, boot, read } = await setup(t)
  p.network.bandwidth = 100_000
  const done = download(boot, server.url + '/a.wgt', { filename: '_doc/a.wgt' }, `setTimeout(() => task.pause(), 1000); setTimeout(() => task.resume(), 5000)`)
  await p.run(1500)
  server.routes['/a.wgt'] = Buffer.alloc(300_000, 'b')
  assert.equal((await done).status, 200)
  const file = read('_doc/a.wgt')
  assert.equal(file.length, 300_000)
  assert.notDeepEqual(file, data)
  assert.deepEqual(file.subarray(0, 65_536), data.subarray(0, 65_536))
  assert.equal(file.at(-1), 'b'.charCodeAt(0))
})

test('a server without ranges: the file starts again', async (t) => {
  const whole = (req, res) => res.writeHead(200, { 'Content-Length': data.length }).end(data)
  const { server, p, boot, read } = await setup(t, {}, { '/b.wgt': whole })
  p.network.bandwidth = 100_000
  await download(boot, server.url + '/b.wgt', { filename: '_doc/b.wgt' }, `setTimeout(() => task.pause(), 1000); setTimeout(() => task.resume(), 5000)`)
  assert.deepEqual(read('_doc/b.wgt'), data)
})

test('a connection that breaks: with Content-Length a failure, without it nobody notices', async (t) => {
  const { server, p, boot, read } = await setup(t)
  p.network.fault('/a.wgt', { cut: 100_000 })
  assert.equal((await download(boot, server.url + '/a.wgt', { filename: '_doc/a.wgt' })).status, 400)
  p.network.mend()
  p.network.fault('/a.wgt', { cut: 100_000, headers: { 'Content-Length': null } })
  const got = await download(boot, server.url + '/a.wgt', { filename: '_doc/b.wgt' })
  assert.deepEqual([got.status, got.size, got.total], [200, 100_000, 0])
  assert.equal(read('_doc/b.wgt').length, 100_000)
})

test('a server that promises more than it sends, or drops the connection', async (t) => {
  const { server, p, boot } = await setup(t, {}, {
    '/long': (req, res) => res.writeHead(200, { 'Content-Length': 500_000 }).write(data, () => res.destroy()),
    '/chunked': (req, res) => res.writeHead(200).write(data, () => res.destroy()),
  })
  assert.equal((await download(boot, server.url + '/long')).status, 400)
  assert.equal((await download(boot, server.url + '/chunked')).status, 400)
  p.network.fault('/a.wgt', { headers: { 'Content-Length': '300001' } })
  assert.equal((await download(boot, server.url + '/a.wgt')).status, 400)
})

test('redirects: 301 and 302 are followed, by Android 307 is not, a loop ends', async (t) => {
  const to = (status, place) => (req, res) => res.writeHead(status, { Location: place }).end('moved')
  const routes = { '/301': to(301, '/a.wgt'), '/302': to(302, '/a.wgt'), '/307': to(307, '/a.wgt'), '/loop': to(302, '/loop') }
  const { server, boot, read } = await setup(t, {}, routes)
  assert.equal((await download(boot, server.url + '/301')).size, 300_000)
  assert.equal((await download(boot, server.url + '/302')).size, 300_000)
  const got = await download(boot, server.url + '/307', { filename: '_doc/307.wgt' })
  assert.equal(got.status, 307)
  assert.equal(read('_doc/307.wgt').toString(), 'moved')
  assert.equal((await download(boot, server.url + '/loop')).status, 400)
})

test('silence ends after the timeout, in seconds; a slow drip never does', async (t) => {
  const { server, p, boot } = await setup(t)
  p.network.fault('/a.wgt', { stall: true })
  const before = p.clock.elapsed
  assert.equal((await download(boot, server.url + '/a.wgt', { timeout: 30 })).status, 400)
  assert.equal(Math.round((p.clock.elapsed - before) / 1000), 30)
  p.network.mend()
  p.network.fault('/a.wgt', { stall: 100_000 })
  assert.equal((await download(boot, server.url + '/a.wgt', { timeout: 30 })).status, 400)
  p.network.mend()
  p.network.fault('/a.wgt', { trickle: { bytes: 1000, every: 20_000 } })
  await assert.rejects(download(boot, server.url + '/a.wgt', { timeout: 30 }), /not settled within 600000 ms/)
})

test('abort removes the partial file and says nothing', async (t) => {
  const { server, p, boot } = await setup(t)
  p.network.bandwidth = 100_000
  const done = download(boot, server.url + '/a.wgt', { filename: '_doc/a.wgt' }, `setTimeout(() => task.abort(), 1500)`)
  await assert.rejects(done, /not settled/)
  assert.equal(p.disk.exists(p.resolve('_doc/a.wgt')), false)
})

test('a power cut leaves the part that was written', async (t) => {
  const { server, p, boot } = await setup(t)
  p.power.cut('download.write.half', 2)
  await assert.rejects(download(boot, server.url + '/a.wgt', { filename: '_doc/a.wgt' }), /died/)
  assert.equal(p.disk.stat(p.resolve('_doc/a.wgt')).size, 65_536 + 32_768)
})

test('a full disk is a failure as any other', async (t) => {
  const { server, p, boot } = await setup(t)
  p.disk.free = 100_000
  assert.equal((await download(boot, server.url + '/a.wgt', { filename: '_doc/a.wgt' })).status, 400)
})

test('enumerate, clear and startAll', async (t) => {
  const { server, p, boot } = await setup(t)
  boot.evaluate(`['a', 'b'].forEach((name) => plus.downloader.createDownload(${JSON.stringify(server.url)} + '/a.wgt', { filename: '_doc/' + name + '.wgt' })), 0`)
  assert.equal(await boot.resolve('new Promise((done) => plus.downloader.enumerate((list) => done(list.length), 0))'), 2)
  boot.evaluate('plus.downloader.startAll()')
  await p.run(2000)
  assert.equal(p.disk.exists(p.resolve('_doc/b.wgt')), true)
  assert.equal(await boot.resolve('new Promise((done) => plus.downloader.enumerate((list) => done(list.length)))'), 0)
})

test('uni.downloadFile: success for every status but 0, a place that the next start clears', async (t) => {
  const { server, p, boot, read } = await setup(t, { platform: 'ios' })
  const get = (path) => boot.resolve(`new Promise((success, fail) => uni.downloadFile({ url: ${JSON.stringify(server.url)} + '${path}', success, fail })).catch((e) => e)`)
  const got = await get('/a.wgt')
  assert.equal(got.statusCode, 200)
  assert.match(got.tempFilePath, /^_doc\/uniapp_temp_\d+\/download\/a\.wgt$/)
  assert.deepEqual(read(got.tempFilePath), data)
  assert.equal((await get('/none')).statusCode, 404)
  p.network.type = 'none'
  assert.equal((await get('/a.wgt')).errMsg, 'downloadFile:fail statusCode: 0')
  p.kill()
  await p.start({ run: 5000 })
  assert.equal(p.disk.exists(p.resolve(got.tempFilePath)), true)
  await p.run(10_000)
  assert.equal(p.disk.exists(p.resolve(got.tempFilePath)), false)
})

test('the network is lost in the middle', async (t) => {
  const { server, p, boot } = await setup(t, {}, { '/slow.wgt': (req, res) => file(req, res, data) })
  p.network.bandwidth = 100_000
  const done = download(boot, server.url + '/slow.wgt', { filename: '_doc/a.wgt' })
  await p.run(1500)
  p.network.type = 'none'
  assert.equal((await done).status, 400)
})
