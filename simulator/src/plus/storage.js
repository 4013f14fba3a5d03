class PlusStorage {
  static app = ['getItem', 'setItem', 'removeItem', 'getLength', 'key', 'clear', 'getItemAsync', 'setItemAsync', 'removeItemAsync', 'clearAsync', 'getAllKeys']

  constructor(boot) {
    this.boot = boot
    this.store = boot.phone.storage
  }

  #change(work) {
    this.boot.at('storage.write')
    work()
    this.boot.at('storage.written')
  }

  getItem(key) {
    return this.store.get(String(key))
  }

  setItem(key, text) {
    this.#change(() => this.store.set(String(key), String(text)))
  }

  removeItem(key) {
    if (this.store.get(String(key)) !== null) this.#change(() => this.store.delete(String(key)))
  }

  clear() {
    this.#change(() => this.store.clear())
  }

  getLength() {
    return this.store.keys().length
  }

  key(index) {
    return this.store.keys()[index] ?? null
  }

  getAllKeys() {
    return this.store.keys()
  }

  #later(work, ok, fail) {
    this.boot.native(async () => {
      await this.boot.sleep()
      let result
      try {
        result = work()
      } catch (error) {
        if (error.point) throw error
        return fail?.({ code: -1, message: error.message })
      }
      ok?.(result ?? {})
    })
  }

  getItemAsync(key, ok, fail) {
    const data = this.getItem(key)
    if (data === null) return this.boot.native(async () => fail?.({ code: -15, message: 'key not found' }))
    this.#later(() => ({ data }), ok, fail)
  }

  setItemAsync(key, text, ok, fail) {
    this.#later(() => this.setItem(key, text), ok, fail)
  }

  removeItemAsync(key, ok, fail) {
    this.#later(() => this.removeItem(key), ok, fail)
  }

  clearAsync(ok, fail) {
    this.#later(() => this.clear(), ok, fail)
  }
}

export function storage(boot) {
  return new PlusStorage(boot)
}
