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
    this.waiting = new Set() // who waits for time to pass
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

  /** Lets `ms` pass, or less if `until` comes true. Answers whether it did. Several may wait at once. */
  run(ms, until = () => false) {
    return new Promise((resolve, reject) => {
      this.waiting.add({ end: this.elapsed + ms, until, resolve, reject })
      if (this.waiting.size === 1) this.#pump()
    })
  }

  async #pump() {
    try {
      while (this.waiting.size > 0) {
        await this.#settle()
        this.#step()
      }
    } catch (error) {
      for (const { reject } of this.waiting) reject(error)
      this.waiting.clear()
    }
  }

  // One thing happens: somebody need not wait longer, or the next timer is due.
  #step() {
    const done = [...this.waiting].filter((run) => run.until())
    const timer = this.#earliest()
    if (!done.length) {
      const end = Math.min(...[...this.waiting].map((run) => run.end))
      if (timer && timer.at <= end) {
        this.elapsed = Math.max(this.elapsed, timer.at)
        this.timers.delete(timer.id)
        return timer.fn()
      }
      this.elapsed = Math.max(this.elapsed, end)
    }
    for (const run of done.length ? done : [...this.waiting].filter((run) => run.end <= this.elapsed)) {
      this.waiting.delete(run)
      run.resolve(done.length > 0)
    }
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
