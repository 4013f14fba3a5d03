class Key {
  static app = ['addEventListener', 'removeEventListener', 'hideSoftKeybord', 'showSoftKeybord']

  constructor() {
    this.listeners = new Map()
  }

  addEventListener(name, fn) {
    if (!this.listeners.has(name)) this.listeners.set(name, new Set())
    this.listeners.get(name).add(fn)
  }

  removeEventListener(name, fn) {
    this.listeners.get(name)?.delete(fn)
  }

  hideSoftKeybord() {}

  showSoftKeybord() {}

  /** The user presses a key. */
  press(name) {
    for (const fn of this.listeners.get(name) ?? []) fn({ keyType: name })
  }
}

export function key() {
  return new Key()
}
