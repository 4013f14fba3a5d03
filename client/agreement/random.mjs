// Numbers that a seed repeats.

export class Random {
  constructor(seed) {
    this.state = seed >>> 0
  }

  /** 0 to n - 1. */
  below(n) {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % n
  }

  pick(...of) {
    return of[this.below(of.length)]
  }

  chance(percent) {
    return this.below(100) < percent
  }

  /** A list of some length. */
  some(max, make) {
    return Array.from({ length: this.below(max + 1) }, make)
  }
}
