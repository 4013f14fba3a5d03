/** Waits after failed automatic checks: a minute, doubled each time, at most an hour. In memory: a start asks at once. */
export class BackOff {
  private failures = 0
  private since = 0

  /** A clock that was set back ends the wait. */
  isOn(now: number): boolean {
    const wait = Math.min(60, Math.pow(2, this.failures - 1)) * 60000
    return this.failures > 0 && now >= this.since && now < this.since + wait
  }

  note(ok: boolean, now: number): void {
    this.failures = ok ? 0 : this.failures + 1
    this.since = now
  }
}
