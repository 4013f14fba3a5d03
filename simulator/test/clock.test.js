import assert from 'node:assert/strict'
import test from 'node:test'
import { Clock } from '../src/index.js'

test('timers fire in their order, and time stops where it was told to', async () => {
  const clock = new Clock(0)
  const seen = []
  for (const ms of [30, 10, 20, 10]) clock.setTimeout(() => seen.push([ms, clock.now()]), ms)
  assert.equal(await clock.run(20), false)
  assert.deepEqual(seen, [[10, 10], [10, 10], [20, 20]])
  assert.equal(clock.now(), 20)
})

test('several may wait at once: each goes on at its own moment', async () => {
  const clock = new Clock(0)
  const seen = []
  clock.setTimeout(() => seen.push('timer'), 150)
  await Promise.all([
    clock.run(1000).then(() => seen.push(`long ${clock.now()}`)),
    clock.run(100).then(() => {
      seen.push(`short ${clock.now()}`)
      clock.setTimeout(() => seen.push('new'), 10)
    }),
    clock.run(5000, () => seen.includes('timer')).then((came) => seen.push(`until ${came} ${clock.now()}`)),
  ])
  assert.deepEqual(seen, ['short 100', 'new', 'timer', 'until true 150', 'long 1000'])
})

test('time stands still while real work is under way, but not for ever', async () => {
  const clock = new Clock(0)
  let settle
  const work = clock.outsideWork(new Promise((resolve) => (settle = resolve)))
  const order = []
  clock.setTimeout(() => order.push('timer'), 10)
  work.then(() => order.push('work'))
  setImmediate(() => setImmediate(settle))
  await clock.run(100)
  assert.deepEqual(order, ['work', 'timer'])
  clock.patience = 20
  clock.outsideWork(new Promise(() => {}))
  assert.equal(await clock.run(100), false)
})

test('a timer that throws is the error of everybody who waits', async () => {
  const clock = new Clock(0)
  clock.setTimeout(() => { throw new Error('bug') }, 10)
  await assert.rejects(clock.run(100), /bug/)
})
