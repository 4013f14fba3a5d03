// The border between the app and the native side. Data crosses it as JSON would carry it;
// native objects (a download task, a file entry) have a twin in the app's world that offers
// exactly the members their class lists in `static app`; callbacks come back later, through
// the gate, and never into a dead process.

export class Bridge {
  /** @param {{ make: object }} context @param {import('./boot.js').Boot} gate */
  constructor(context, gate) {
    this.make = context.make
    this.gate = gate
    this.twins = new WeakMap() // native object -> twin
    this.natives = new WeakMap() // twin -> native object
    this.callbacks = new WeakMap() // function of the app -> function for the native side
  }

  /** The value as the app sees it. */
  toApp(value) {
    if (typeof value === 'function') return value.app ? this.#class(value) : this.#method(null, value)
    if (value === null || typeof value !== 'object') return value
    if (value.constructor?.app) return this.twin(value)
    if (value instanceof Date) return this.make.date(value.getTime())
    const copy = Array.isArray(value) ? this.make.array() : this.make.object()
    for (const key of Object.keys(value)) {
      if (value[key] !== undefined) copy[key] = this.toApp(value[key])
    }
    return copy
  }

  /** The value as the native side sees it. */
  fromApp(value, depth = 0) {
    if (typeof value === 'function') return this.#callback(value)
    if (typeof value === 'symbol' || typeof value === 'bigint') return undefined
    if (value === null || typeof value !== 'object') return value
    const native = this.natives.get(value)
    if (native) return native
    if (depth > 30) throw new TypeError('Converting circular structure to JSON')
    if (Array.isArray(value)) return Array.from(value, (item) => this.fromApp(item, depth + 1))
    const copy = {}
    for (const key of Object.keys(value)) copy[key] = this.fromApp(value[key], depth + 1)
    return copy
  }

  /** The one object in the app's world that stands for a native object. */
  twin(native) {
    if (this.twins.has(native)) return this.twins.get(native)
    const twin = this.make.object()
    this.twins.set(native, twin)
    this.natives.set(twin, native)
    for (const name of native.constructor.app) {
      const value = native[name]
      if (typeof value === 'function' && !value.app) twin[name] = this.#method(native, value)
      else if (value?.constructor?.app || value?.app) twin[name] = this.toApp(value)
      else this.make.data(twin, name, () => this.toApp(native[name]), (next) => (native[name] = this.fromApp(next)))
    }
    return twin
  }

  /** Calls `on…` handlers that the app put on a twin. */
  emit(native, name, event) {
    const handler = this.twins.get(native)?.[name]
    if (typeof handler === 'function') this.#callback(handler)(event)
  }

  #callback(fn) {
    if (!this.callbacks.has(fn)) {
      this.callbacks.set(fn, (...args) => this.gate.later(() => fn(...args.map((arg) => this.toApp(arg)))))
    }
    return this.callbacks.get(fn)
  }

  #method(native, fn) {
    return this.make.method((self, args) => this.#call(() => {
      return this.toApp(fn.apply(native, args.map((arg) => this.fromApp(arg))))
    }))
  }

  #class(Class) {
    return this.make.class((args) => this.#call(() => {
      return this.twin(new Class(this.gate, ...args.map((arg) => this.fromApp(arg))))
    }))
  }

  // An error of the native side is an error of the app's own world.
  #call(work) {
    try {
      if (this.gate.dead) throw new Error('this process is dead')
      return work()
    } catch (error) {
      throw this.make.error(error.message, error.name)
    }
  }
}
