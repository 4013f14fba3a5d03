// A whole update by a simple-minded client, and the power cut anywhere in it.
import assert from 'node:assert/strict'
import test from 'node:test'
import { random } from '../src/random.js'
import { files, phone, wgt } from './mini.js'
import { serve } from './server.js'

const client = (url) => `
  plus.runtime.getProperty(plus.runtime.appid, ({ version }) => uni.request({ url: '${url}/latest.json', timeout: 5000, success({ statusCode, data }) {
    if (statusCode !== 200 || data.version === version) return console.log('up to date', version)
    plus.io.resolveLocalFileSystemURL('_doc/new.wgt', (old) => old.remove(download), download)
    function download() {
      plus.downloader.createDownload('${url}/new.wgt', { filename: '_doc/new.wgt', retry: 0 }, (task, status) => {
        if (status !== 200) return console.log('download failed', status)
        plus.runtime.install(task.filename, {}, () => plus.runtime.restart(), (e) => console.log('install failed', e.code))
      }).start()
    }
  }, fail: (e) => console.log('offline', e.errMsg) }))`

async function setup(t) {
  const server = await serve(t, { '/latest.json': '{"version":"1.1.0"}' })
  const onLaunch = client(server.url)
  server.routes['/new.wgt'] = wgt(files('1.1.0', { onLaunch }))
  return { server, make: () => phone(t, '1.0.0', { app: { onLaunch } }) }
}

test('check, download, install, restart, up to date', async (t) => {
  const { server, make } = await setup(t)
  const p = make()
  await p.start()
  await p.run(5000)
  assert.deepEqual(p.boots.map((boot) => [boot.version, boot.reason]), [['1.0.0', 'restart'], ['1.1.0', undefined]])
  assert.equal(p.boot.page.text, 'index 1.1.0')
  assert.deepEqual(p.boot.console, [{ level: 'log', text: 'up to date 1.1.0' }])
  assert.deepEqual(server.requests.map(({ method, url }) => `${method} ${url}`), ['GET /latest.json', 'GET /new.wgt', 'GET /latest.json'])
})

test('200 random power cuts over whole updates: every start is complete, and the update comes in the end', async (t) => {
  const { make } = await setup(t)
  const dice = random(3)
  const places = new Set()
  for (let left = 200; left > 0; ) {
    const p = make()
    for (let cuts = 0; cuts < 4 && left > 0; cuts++, left--) {
      p.power.cut('', 1 + Math.floor(dice() * 45))
      await p.start({ run: 3000 })
      if (p.running) p.kill('in between')
      places.add(p.boot.reason)
      p.power.reset()
    }
    const boot = await p.start({ run: 5000 })
    assert.equal(boot.page.text, 'index 1.1.0')
    assert.deepEqual(boot.errors, [])
    await p.close()
  }
  assert.ok(places.size >= 16, [...places].join(' '))
})
