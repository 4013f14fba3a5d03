// The key-value store behind plus.storage: outside www and _doc, so no install touches it.

export class Storage {
  /** @param {import('./disk.js').Disk} disk */
  constructor(disk, file) {
    this.disk = disk
    this.file = file
    this.fails = false // every write throws
    this.values = disk.json(file) ?? {}
  }

  get(key) {
    return Object.hasOwn(this.values, key) ? this.values[key] : null
  }

  keys() {
    return Object.keys(this.values)
  }

  set(key, text) {
    this.#save({ ...this.values, [key]: text })
  }

  delete(key) {
    const { [key]: _, ...rest } = this.values
    this.#save(rest)
  }

  clear() {
    this.#save({})
  }

  #save(values) {
    if (this.fails) throw new Error('storage: write failed')
    this.disk.replace(this.file, JSON.stringify(values))
    this.values = values
  }
}
