// Makes texts that are almost right out of right ones.
import { canonical } from '../test/vectors.mjs'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_'
const hex = 'f52fd13001fb8ec382b50c0058a585861ffaf49f9ee1f415b5d50493b382c91f'
const oddValues = [
  null, true, false, 0, 1, 2, 100, 10000, 10001, 9999999999, 10000000000, 9007199254740991, [], {}, [null], [0], [''], ['x'], [[]], { a: 1 },
  '', 'x', 'r1', 'wgt', 'native', 'plugin', 'prompt', 'silent', 'force', 'android', 'production', 'production\n', 'Production', 'a'.repeat(64), 'a'.repeat(65),
  hex, hex.toUpperCase(), hex + '0', hex.slice(1), hex.slice(24), hex + '\n', '2026-11-22T12:00:00Z', '2026-02-30T12:00:00Z', '0001-01-01T00:00:00Z',
  '2026-11-22T12:00:00.0Z', '2026-11-22T12:00:00+00:00', '2026-11-22T24:00:00Z', '2024-02-29T00:00:00Z', '9999-12-31T23:59:59Z', '0000-01-01T00:00:00Z',
  '\ud83d\ude00', 'é', '\u0000', '\u007f', '"\\/', { min: 0 }, { min: 1, max: 0 }, { name: '1.0.0', code: 1 }, { code: 100 },
  { platform: 'android', name: '2.0.0', code: 200 }, [{ platform: 'android', name: '2.0.0', code: 200 }], { from: '', size: 1, sha256: hex },
  { size: 1, sha256: hex, sha1: hex.slice(24) }, { permyriad: 0, paused: '' }, { at: '2026-11-22T12:00:00Z', permyriad: 10001 },
]
const oddNames = ['', 'a', 'later', 'Kind', 'critical', '__proto__', 'constructor', 'toString', 'natives', 'floor', 'native', 'stored', 'max', '\ue000', '\ud800\udc00', 'zz']

/** The bytes with one to three small damages. */
export function mutateBytes(random, bytes) {
  let text = Buffer.from(bytes)
  for (let n = random.pick(1, 1, 1, 2, 3); n > 0; n--) {
    const i = random.below(text.length + 1)
    const odd = () => Buffer.from([random.chance(40) ? random.below(256) : random.chance(50) ? random.pick(...'{}[]",:\\0123456789untrfalse \n').charCodeAt(0) : letters.charCodeAt(random.below(letters.length))])
    const piece = text.subarray(i, i + 1 + random.below(30))
    const cut = random.pick(0, 1, 1, 1, piece.length)
    const put = random.pick(odd(), odd(), odd(), Buffer.alloc(0), piece, Buffer.from(random.pick('\\u0041', '\\/', '\\u001f', '\\u000A', '\ufeff', ',', ',"a":0', '00', '1.0', '1e3', '-')))
    text = Buffer.concat([text.subarray(0, i), put, text.subarray(i + cut)])
  }
  return text
}

/** A copy of a value in which one to three members are others, gone, or more. */
export function mutateTree(random, value) {
  const copy = clone(value)
  for (let n = random.pick(1, 1, 1, 2, 3); n > 0; n--) {
    const places = []
    collect(copy, places)
    const [holder, name] = random.pick(...places)
    const kind = random.below(8)
    if (Array.isArray(holder)) {
      if (kind === 0) holder.splice(name, 1)
      else if (kind === 1) holder.push(clone(holder[name]))
      else if (kind === 2) holder.reverse()
      else holder[name] = other(random, holder[name])
    } else if (kind < 2) delete holder[name]
    else if (kind === 2) put(holder, random.pick(...oddNames), clone(random.pick(...oddValues)))
    else holder[name] = other(random, holder[name])
  }
  return copy
}

/** Mostly a value of the same type, else nothing behind the type would ever be reached. */
function other(random, value) {
  if (random.chance(25)) return clone(random.pick(...oddValues))
  const same = oddValues.filter((odd) => typeof odd === typeof value && Array.isArray(odd) === Array.isArray(value))
  return clone(random.pick(...same))
}

function clone(value) {
  return JSON.parse(JSON.stringify(value))
}

function put(holder, name, value) {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true })
}

function collect(value, places) {
  if (typeof value !== 'object' || value === null) return
  for (const name of Object.keys(value)) {
    places.push([value, Array.isArray(value) ? Number(name) : name])
    collect(value[name], places)
  }
}

export function textOf(value) {
  return Buffer.from(canonical(value))
}
