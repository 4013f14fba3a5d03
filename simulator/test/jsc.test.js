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
