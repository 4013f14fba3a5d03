/** Waits after failed automatic checks: a minute, doubled each time, at most an hour. In memory: a start asks at once. */
export class BackOff {
  private failures = 0
  private until = 0

  isOn(now: number): boolean {
    return now < this.until
  }

  note(ok: boolean, now: number): void {
    this.failures = ok ? 0 : this.failures + 1
    this.until = ok ? 0 : now + Math.min(60, Math.pow(2, this.failures - 1)) * 60000
  }
}
