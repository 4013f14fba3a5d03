class GlobalEvent {
  static app = ['addEventListener', 'removeEventListener']

  constructor() {
    this.listeners = new Map()
  }

  addEventListener(name, fn) {
    this.add(name, fn)
  }

  removeEventListener(name, fn) {
    this.listeners.get(name)?.delete(fn)
  }

  add(name, fn) {
    if (!this.listeners.has(name)) this.listeners.set(name, new Set())
    this.listeners.get(name).add(fn)
  }

  /** The system tells the app. */
  fire(name, event = {}) {
    for (const fn of this.listeners.get(name) ?? []) fn(event)
  }
}

export function globalEvent() {
  return new GlobalEvent()
}
