import assert from 'node:assert/strict'
import test from 'node:test'
import { runInJsc } from '../src/index.js'
import { directory } from './mini.js'
import { build, modules } from './shop.js'

for (const version of ['1.0.0', '2.0.0']) {
  for (const jit of [true, false]) {
    test(`the shop ${version} starts and draws in JavaScriptCore, JIT ${jit ? 'on' : 'off'}`, () => {
      const ran = runInJsc({ app: build(version), framework: modules(version), jit })
      assert.deepEqual(ran.errors, [])
      assert.match(ran.console[0].text, new RegExp(`shop launched, version ${version}`))
      assert.match(ran.page.text, /明前龙井/)
    })
  }
}

test('an app that throws at load in JavaScriptCore; timers, promises and native calls in order', (t) => {
  const app = directory(t, '1.0.0', { load: 'throw new Error("at load")' })
  const ran = runInJsc({
    app,
    framework: modules('1.0.0'),
    script: `
      let n = 0
      const id = setInterval(() => { if (++n === 2) { clearInterval(id); console.log('interval') } }, 100)
      setTimeout(() => console.log('timer'), 50)
      Promise.resolve().then(() => console.log('promise'))
      plus.runtime.getProperty(plus.runtime.appid, (it) => console.log(it.version))
      plus.runtime.restart()`,
  })
  assert.deepEqual(ran.errors.map(({ where, message }) => [where, message]), [['app-service.js', 'at load']])
  assert.deepEqual(ran.console.map((line) => line.text), ['promise', '1.0.0', 'timer', 'interval'])
  assert.equal(ran.page.drawn, false)
  assert.ok(ran.messages.some(([type]) => type === 'restart'))
})

test('requests, downloads, digests and installs in JavaScriptCore, from a table of answers', (t) => {
  const ask = (platform) => runInJsc({
    app: directory(t, '1.0.0'),
    framework: modules('1.0.0'),
    platform,
    answers: { 'GET https://a.example/a.json': { headers: { 'X-A': '1' }, body: '{"a":1}' }, 'GET https://a.example/a.wgt': { body: 'PK\x03\x04 and more' } },
    script: `
      const say = (what) => (it) => console.log(what + ' ' + JSON.stringify(it))
      uni.request({ url: 'https://a.example/a.json?b=2', success: ({ statusCode, data, header }) => say('got')([statusCode, data, header]) })
      uni.request({ url: 'https://a.example/none', fail: ({ errMsg }) => say('failed')(errMsg) })
      plus.downloader.createDownload('https://a.example/a.wgt', { filename: '_doc/a.wgt' }, (task, status) => {
        say('file')([task.filename, status])
        plus.io.getFileInfo({ filePath: plus.io.convertLocalFileSystemURL('_doc/a.wgt'), digestAlgorithm: 'sha1', success: say('info') })
        plus.io.resolveLocalFileSystemURL('_doc/a.wgt', (entry) => entry.file((file) => {
          const reader = new plus.io.FileReader()
          reader.onloadend = () => say('head')(reader.result)
          reader.readAsDataURL(file.slice(0, 3))
        }))
        plus.runtime.install('_doc/a.wgt', { force: true }, () => say('installed')(1))
      }).start()`,
  })
  for (const platform of ['android', 'ios']) {
    const ran = ask(platform)
    const said = Object.fromEntries(ran.console.map(({ text }) => [text.split(' ')[0], JSON.parse(text.slice(text.indexOf(' ') + 1))]))
    assert.deepEqual(said.got, [200, { a: 1 }, { 'X-A': '1' }])
    assert.match(said.failed, /no answer in jsc/)
    assert.deepEqual(said.file, ['_doc/a.wgt', 200])
    assert.equal(said.info.size, 13)
    assert.match(said.info.digest, platform === 'ios' ? /^[0-9a-f]{40}$/ : /^[0-9A-F]{40}$/)
    assert.match(said.head, /^data:application\/octet-stream;base64,UEsD/)
    assert.deepEqual(ran.installs, [{ file: '_doc/a.wgt', force: true }])
    assert.deepEqual(ran.requests.map((it) => it.url), ['https://a.example/a.json?b=2', 'https://a.example/none', 'https://a.example/a.wgt'])
  }
})
