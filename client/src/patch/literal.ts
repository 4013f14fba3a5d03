// Bytes that occur nowhere else: see docs/spec/patch.md, "Literals".
import { rates, type Coder } from './coder.js'
import { letter } from './word.js'

export const maxContexts = 3
const slotBits = 20
const placeBits = 18
const matchBytes = 4
const longMatch = 16
const memory = 32
const longestWord = 12

const squashed = [1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607, 3785, 3901, 3975, 4022, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094]

/** 4096/(1+e^-x), x in 1/256. */
function squash(x: number): number {
  if (x > 2047) x = 2047
  if (x < -2047) x = -2047
  const at = (x >> 7) + 16
  const part = x & 127
  return (squashed[at]! * (128 - part) + squashed[at + 1]! * part + 64) >> 7
}

/** The inverse of squash. */
let stretch: Int16Array | undefined

function newStretch(): Int16Array {
  const s = new Int16Array(4096).fill(2047)
  let at = 0
  for (let x = -2047; x <= 2047; x++) {
    const p = squash(x)
    for (; at <= p; at++) s[at] = x
  }
  return s
}

export class Literals {
  private readonly stretch = stretch || (stretch = newStretch())
  private readonly slots = new Int32Array(1 << slotBits)
  private readonly hash = new Int32Array(maxContexts)
  private readonly slot = new Int32Array(maxContexts)
  private readonly opinion = new Int32Array(maxContexts + 1)
  private readonly weights: Int32Array
  private readonly places: Int32Array
  private readonly right = new Int32Array(32)
  private known = 0
  private match = 0
  private matched = 0

  constructor(
    private readonly contexts: number,
    private readonly recall: boolean,
  ) {
    this.weights = new Int32Array(3 * (contexts + 1) * (contexts + 1)).fill(19660)
    this.places = new Int32Array(recall ? 1 << placeBits : 0)
  }

  /** The byte at pos of a window of which everything before is known. */
  literal(c: Coder, window: Uint8Array, pos: number): number {
    this.look(window, pos)
    let expected = 0
    if (this.recall) {
      this.remember(window, pos)
      if (this.matched > 0) expected = window[this.match]! | 256
    }
    let node = 1
    for (let i = 7; i >= 0; i--) {
      node = (node << 1) | this.bit(c, node, expected >> (i + 1) === node ? (expected >> i) & 1 : -1)
    }
    if (this.matched > 0) {
      this.match++
      this.matched = node === expected ? this.matched + 1 : 0
    }
    return node & 255
  }

  private look(window: Uint8Array, pos: number): void {
    const one = pos > 0 ? window[pos - 1]! : 0
    const two = pos > 1 ? window[pos - 2]! : 0
    let word = 0
    for (let i = pos - 1; i >= 0 && i >= pos - longestWord && letter[window[i]!]! !== 0; i--) word = Math.imul(word + window[i]!, 0x2c1b3c6d)
    this.hash[0] = Math.imul(one + 1, 0x2f0b4c47)
    this.hash[1] = word + 0x40000000
    this.hash[2] = Math.imul((one << 8) + two + 257, 0x3d4d51cb) + 0x80000000
  }

  private remember(window: Uint8Array, pos: number): void {
    const places = this.places
    let from = Math.max(this.known, matchBytes)
    if (this.known < pos) {
      this.matched = 0
      if (this.known > 0) from = Math.max(from, pos - memory)
    }
    if (from < pos) {
      let last = window[from - 4]! | (window[from - 3]! << 8) | (window[from - 2]! << 16) | (window[from - 1]! << 24)
      for (; from < pos; from++) {
        places[Math.imul(last, 0x2f0b4c47) >>> (32 - placeBits)] = from
        last = (last >>> 8) | (window[from]! << 24)
      }
    }
    this.known = pos + 1
    if (pos < matchBytes) return
    const last = window[pos - 4]! | (window[pos - 3]! << 8) | (window[pos - 2]! << 16) | (window[pos - 1]! << 24)
    const h = Math.imul(last, 0x2f0b4c47) >>> (32 - placeBits)
    if (this.matched === 0) {
      const m = places[h]!
      let n = 0
      while (n < m && n < longMatch && window[m - 1 - n] === window[pos - 1 - n]) n++
      if (n >= matchBytes) {
        this.match = m
        this.matched = n
      }
    }
    places[h] = pos
  }

  // Everything is written out here: without a JIT a call costs more than what it does.
  private bit(c: Coder, node: number, foretold: number): number {
    const { contexts: n, slots, hash, slot, opinion, weights, stretch } = this
    const salt = Math.imul(node, 0x9e3779b1)
    let set = 0
    for (let i = 0; i < n; i++) {
      const at = (hash[i]! + salt) >>> (32 - slotBits)
      const s = slots[at]!
      if ((s & 255) !== 0) set++
      slot[i] = at
      opinion[i] = stretch[((s >> 8) + 32768) >> 4]!
    }
    const right = this.matched < 31 ? this.matched : 31
    opinion[n] = 0
    if (foretold >= 0) {
      const o = stretch[((this.right[right]! >> 8) + 32768) >> 4]!
      opinion[n] = foretold === 0 ? -o : o
      set += this.matched > longMatch ? 2 * n + 2 : n + 1
    }
    const first = set * (n + 1)
    let sum = 0
    for (let i = 0; i <= n; i++) sum += Math.imul(weights[first + i]!, opinion[i]!) >> 8
    const p = squash(sum >> 8)
    const bit = c.bit(p << 4)
    const wrong = (bit << 12) - p
    const target = bit * 65535 - 32768
    for (let i = 0; i < n; i++) {
      const o = opinion[i]!
      if (o !== 0) weights[first + i] = weights[first + i]! + ((o * wrong + 512) >> 10)
      const at = slot[i]!
      const s = slots[at]!
      const count = s & 255
      const q = s >> 8
      slots[at] = ((q + (((target - q) * rates[count]!) >> 14)) << 8) | (count < 255 ? count + 1 : 255)
    }
    if (foretold >= 0) {
      weights[first + n] = weights[first + n]! + ((opinion[n]! * wrong + 512) >> 10)
      update(this.right, right, 1 - (foretold ^ bit))
    }
    return bit
  }
}

function update(counters: Int32Array, at: number, bit: number): void {
  const c = counters[at]!
  const n = c & 255
  const p = c >> 8
  const moved = p + (((bit * 65535 - 32768 - p) * rates[n]!) >> 14)
  counters[at] = (moved << 8) | (n < 255 ? n + 1 : n)
}
