// Where a phone may die. Every risky native step asks `at(name)` first; a test says at which
// one the process ends. The disk stays as it is at that moment.

export class PowerCut extends Error {
  constructor(point) {
    super(`power cut at ${point}`)
    this.point = point
  }
}

export class Power {
  constructor() {
    this.steps = [] // names of the points passed, for a campaign to count and choose from
    this.plan = null
  }

  /** The nth time the phone comes to a point of this name ('' is any), it dies. */
  cut(name, nth = 1) {
    this.plan = { name, left: nth }
  }

  /** No cut, and an empty list of steps. */
  reset() {
    this.plan = null
    this.steps.length = 0
  }

  /** Whether to die here. */
  hits(name) {
    this.steps.push(name)
    if (!this.plan || (this.plan.name && this.plan.name !== name) || --this.plan.left > 0) return false
    this.plan = null
    return true
  }
}
