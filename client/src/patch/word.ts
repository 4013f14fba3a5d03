// Names and hashes, and what becomes of them: see docs/spec/patch.md, "Names".
import type { Coder } from './coder.js'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$'

/** 1 to 64 for the bytes that words are made of, 0 for others. */
export const letter = new Uint8Array(256)
const code = new Uint8Array(64)
for (let i = 0; i < 64; i++) {
  code[i] = letters.charCodeAt(i)
  letter[code[i]!] = i + 1
}

export const nameLength = 3
export const hashLength = 8
const all = 1 << (6 * nameLength + 1)

/** A name is a number: 6 bits a letter and a 1 in front. */
export const lengthOf = (name: number) => (name < 128 ? 1 : name < 8192 ? 2 : 3)
const letterAt = (name: number, i: number) => (name >> (6 * (lengthOf(name) - 1 - i))) & 63

/** Writes a name, and returns where it ends. */
export function putName(window: Uint8Array, at: number, name: number): number {
  const end = at + lengthOf(name)
  for (let i = end - 1; i >= at; i--) {
    window[i] = code[name & 63]!
    name >>= 6
  }
  return end
}

export class Names {
  private readonly to = new Int32Array(all)
  private readonly from = new Int32Array(all)
  private readonly trust = new Uint8Array(all)
  private readonly hashes = new Map<number, number>()
  private readonly guess = new Uint8Array(nameLength * 64)
  private missed = 0

  private readonly hit = new Int32Array(64)
  private readonly length = new Int32Array(4 * 4)
  private readonly same = new Int32Array(nameLength)
  private readonly fresh = new Int32Array(nameLength * 64)
  private readonly hash = new Int32Array(2)

  constructor() {
    for (let i = 0; i < this.guess.length; i++) this.guess[i] = i & 63
  }

  /** What the name old becomes. */
  name(c: Coder, old: number, member: boolean): number {
    if (member) return c.decide(this.hit, 4) === 1 ? old : this.spell(c, old)
    const was = this.to[old]!
    let guess = was
    let context = this.trust[old]! << 3
    if (was === 0) {
      guess = old
      context = this.missed
      for (let i = 0; i < 8 && this.from[guess]! !== 0; i++) {
        guess = this.from[guess]!
        context |= 2
      }
    }
    const hit = c.decide(this.hit, context)
    const now = hit === 1 ? guess : this.spell(c, old)
    if (was === 0) this.missed = now === guess ? 0 : 1
    if (was !== now) {
      this.to[old] = now
      this.from[now] = old
      this.trust[old] = 0
    }
    if (this.trust[old]! < 3) this.trust[old] = this.trust[old]! + 1
    return now
  }

  private spell(c: Coder, old: number): number {
    const oldLength = lengthOf(old)
    const length = Math.max(c.tree(this.length, oldLength * 4, 2), 1)
    let name = 1
    for (let i = 0; i < length; i++) {
      let now = -1
      const was = i < oldLength ? i * 64 + letterAt(old, i) : -1
      if (was >= 0 && c.decide(this.same, i) === 1) now = this.guess[was]!
      else {
        now = c.tree(this.fresh, i * 64, 6)
        if (was >= 0) this.guess[was] = now
      }
      name = (name << 6) | now
    }
    return name
  }

  /** If a hash stands from start to end, writes what becomes of it. */
  hashed(c: Coder, window: Uint8Array, start: number, end: number, at: number): boolean {
    let old = 0
    for (let i = start; i < end; i++) {
      const b = window[i]!
      if (b >= 48 && b <= 57) old = (old << 4) | (b - 48)
      else if (b >= 97 && b <= 102) old = (old << 4) | (b - 87)
      else return false
    }
    const known = this.hashes.get(old)
    const guess = known === undefined ? old : known
    let now = c.decide(this.hash, known === undefined ? 0 : 1) === 1 ? guess : c.bits(32) | 0
    this.hashes.set(old, now)
    for (let i = at + hashLength - 1; i >= at; i--) {
      window[i] = '0123456789abcdef'.charCodeAt(now & 15)
      now >>>= 4
    }
    return true
  }
}
