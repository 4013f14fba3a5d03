// A promise that an app rejects and nobody handles is a line in that app's log, as on a phone,
// and not the end of the test process. Promises of everybody else are left alone.

const owners = new WeakMap() // Promise.prototype of an app -> who is told
let users = 0
let original

export function watchRejections() {
  if (users++ > 0) return
  original = process.emit
  process.emit = function (event, reason, promise) {
    const tell = event === 'unhandledRejection' && owners.get(Object.getPrototypeOf(promise))
    if (!tell) return original.apply(this, arguments)
    tell(reason)
    return true
  }
}

export function ownRejections(Promise, tell) {
  owners.set(Promise.prototype, tell)
}

/** Rejections are told a moment late, so the last one waits for them. */
export async function unwatchRejections() {
  await new Promise(setImmediate)
  if (--users === 0) process.emit = original
}
