// A bare JavaScript world, as empty as the one on a phone: no URL, no crypto, no eval.
import { format } from 'node:util'
import vm from 'node:vm'

const prelude = new vm.Script(`(function (host) {
  const RealDate = Date
  function FakeDate(...args) {
    if (!new.target) return new RealDate(host.now()).toString()
    return Reflect.construct(RealDate, args.length ? args : [host.now()], new.target)
  }
  FakeDate.prototype = RealDate.prototype
  RealDate.prototype.constructor = FakeDate
  FakeDate.now = () => host.now()
  FakeDate.parse = RealDate.parse
  FakeDate.UTC = RealDate.UTC
  globalThis.Date = FakeDate
  Math.random = () => host.random()

  const timer = (start) => function (fn, ms, ...args) { return start(() => fn(...args), Number(ms) || 0) }
  globalThis.setTimeout = timer(host.setTimeout)
  globalThis.setInterval = timer(host.setInterval)
  globalThis.clearTimeout = globalThis.clearInterval = (id) => { host.clear(id) }
  globalThis.console = {}
  for (const level of ['log', 'info', 'warn', 'error', 'debug'])
    globalThis.console[level] = (...args) => { host.print(level, args) }

  return {
    Promise,
    object: () => ({}),
    array: () => [],
    date: (ms) => new RealDate(ms),
    error: (message, type) => new (type === 'TypeError' ? TypeError : Error)(message),
    method: (call) => function (...args) { return call(this, args) },
    class: (call) => function (...args) { return call(args) },
    data: (object, name, get, set) => Object.defineProperty(object, name, { get, set, enumerable: true, configurable: true }),
  }
})`, { filename: 'context.js' })

/**
 * @param {{ now(): number, random(): number, setTimeout(fn, ms): number, setInterval(fn, ms): number, clear(id): void, print(level, text): void }} host
 */
export function createContext(host) {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } })
  const print = (level, args) => host.print(level, text(args))
  const make = prelude.runInContext(context)({ ...host, print })
  const run = (code, filename, timeout) => vm.runInContext(code, context, { filename, timeout, displayErrors: false })
  return { make, run, runScript: (script) => script.runInContext(context, { displayErrors: false }), global: run('globalThis', 'context.js') }
}

function text(args) {
  try {
    return format(...args)
  } catch (error) {
    return `[unprintable: ${error?.message}]`
  }
}
