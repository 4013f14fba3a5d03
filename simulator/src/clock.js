// The phone's time. Nothing waits for real: `run` jumps from timer to timer, and stands still
// while a real request is on its way, so the same test takes the same steps on any machine.

export class Clock {
  /** @param {number} start the first moment, in milliseconds since 1970 */
  constructor(start = Date.UTC(2026, 0, 15, 8, 0, 0)) {
    this.elapsed = 0 // milliseconds since the phone was made; never goes back
    this.wall = start // what the phone's owner sees; may be set to anything
    this.patience = 15_000 // real milliseconds a request may take before time moves on without it
    this.timers = new Map()
    this.next = 1
    this.outside = new Set() // real work under way
  }

  now() {
    return this.wall + this.elapsed
  }

  /** The owner sets the date. Timers do not care. */
  set(date) {
    this.wall = Number(date) - this.elapsed
  }

  setTimeout(fn, ms = 0, id = this.next++) {
    const wait = ms > 0 && ms < 2 ** 31 ? ms : 0
    this.timers.set(id, { id, at: this.elapsed + wait, fn })
    return id
  }

  clearTimeout(id) {
    this.timers.delete(id)
  }

  /** Time stands still until the promise is settled. */
  outsideWork(promise) {
    this.outside.add(promise)
    const done = () => this.outside.delete(promise)
    promise.then(done, done)
    return promise
  }

  /** Lets `ms` pass, or less if `until` says so. Answers whether it did. */
  async run(ms, until = () => false) {
    const end = this.elapsed + ms
    for (;;) {
      await this.#settle()
      if (until()) return true
      const timer = this.#earliest()
      if (!timer || timer.at > end) break
      this.elapsed = Math.max(this.elapsed, timer.at)
      this.timers.delete(timer.id)
      timer.fn()
    }
    this.elapsed = end
    return false
  }

  async #settle() {
    for (;;) {
      await new Promise(setImmediate) // promises of the app
      if (this.outside.size === 0) return
      let alarm
      const tired = new Promise((resolve) => (alarm = setTimeout(resolve, this.patience, 'tired')))
      const all = [...this.outside]
      const first = await Promise.race([tired, ...all.map((p) => p.then(() => {}, () => {}))])
      clearTimeout(alarm)
      if (first === 'tired') for (const p of all) this.outside.delete(p)
    }
  }

  #earliest() {
    let best
    for (const timer of this.timers.values()) {
      if (!best || timer.at < best.at || (timer.at === best.at && timer.id < best.id)) best = timer
    }
    return best
  }
}
