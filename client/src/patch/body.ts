// The steps that make the contents of new and changed files: see docs/spec/patch.md, "Body".
import { newNumber, PatchError, type Coder } from './coder.js'
import { Literals } from './literal.js'
import { hashLength, letter, lengthOf, nameLength, Names, putName } from './word.js'

const samePlace = 0
const nextPlace = 1
const skipPlace = 2
const oldPlace = 3
const otherPlace = 6

export class Body {
  /** Everything before is known. */
  pos: number
  /** Where the file ends that is being made. */
  private limit = 0
  private readonly near = [0, 0, 0, 0]
  private next = 0
  private last = 0
  private taken = 0

  private readonly kind = new Int32Array(9)
  private readonly named = new Int32Array(9)
  private readonly raw = new Int32Array(9)
  private readonly place = new Int32Array(9 * 8)
  private readonly toEnd = new Int32Array(2 * 7)
  private readonly length = [newNumber(), newNumber(), newNumber()]
  private readonly skip = newNumber()
  private readonly distance = newNumber()
  private readonly names = new Names()
  private literals: Literals | undefined

  constructor(
    private readonly coder: Coder,
    private readonly contexts: number,
    private readonly recall: boolean,
    private readonly window: Uint8Array,
    base: number,
    private readonly residue: Uint8Array,
  ) {
    this.pos = base
  }

  /** Begins a file of some bytes, from the one that begins at source if that is not negative. */
  file(size: number, source: number): void {
    if (source >= 0) this.copied(3, source)
    this.limit = this.pos + size
  }

  /** Makes some of it, and answers how many steps are left. */
  some(steps: number): number {
    for (; steps > 0 && this.pos < this.limit; steps--) this.step(this.limit)
    return steps
  }

  private copied(shift: number, next: number): void {
    const near = this.near
    for (let i = shift; i > 0; i--) near[i] = near[i - 1]!
    near[0] = this.pos - next
    this.next = next
  }

  private step(limit: number): void {
    const c = this.coder
    const window = this.window
    const context = this.last
    this.last = (context % 3) * 3
    if (c.decide(this.kind, context) === 1) {
      const literals = this.literals || (this.literals = new Literals(this.contexts, this.recall))
      window[this.pos] = literals.literal(c, window, this.pos)
      this.pos++
      return
    }
    let which = 1
    if (c.decide(this.named, context) === 0) {
      if (c.decide(this.raw, context) === 1) return this.rawStep(limit)
      which = 0
    }
    this.last += which + 1
    const place = Math.min(c.tree(this.place, ((context % 3) * 3 + which + 1) * 8, 3), otherPlace)
    let source: number
    if (place === samePlace) source = this.pos - this.near[0]!
    else if (place === nextPlace) source = this.next
    else if (place === skipPlace) source = this.next + 1 + c.number(this.skip)
    else if (place === otherPlace) source = this.pos - 1 - c.number(this.distance)
    else source = this.pos - this.near[place - oldPlace + 1]!
    let length = limit - this.pos
    if (c.decide(this.toEnd, which * 7 + place) === 0) length = c.number(this.length[which]!) + 1
    if (source < 0 || source >= this.pos || length > limit - this.pos) throw new PatchError('a step leaves the window')
    const end = this.pos + length
    let next = source + length
    if (which === 1) next = this.rename(source, end)
    else {
      // a source may run into what it makes
      while (this.pos < end) {
        const n = Math.min(end - this.pos, this.pos - source)
        window.copyWithin(this.pos, source, source + n)
        this.pos += n
      }
    }
    this.copied(place >= otherPlace ? 3 : place >= oldPlace ? place - oldPlace + 1 : 0, next)
  }

  private rawStep(limit: number): void {
    const length = this.coder.number(this.length[2]!) + 1
    if (length > this.residue.length - this.taken || length > limit - this.pos) throw new PatchError('a step leaves the residue')
    this.window.set(this.residue.subarray(this.taken, this.taken + length), this.pos)
    this.taken += length
    this.pos += length
  }

  /** Copies from source up to the end at end, word by word, and returns where the source ended. */
  private rename(source: number, end: number): number {
    const { window: w, names, coder: c, pos: from } = this
    let pos = from
    while (pos < end) {
      if (source >= from) throw new PatchError('a step leaves the window')
      let key = 1
      let stop = source
      for (let l; stop < from && (l = letter[w[stop]!]!) !== 0; stop++) key = (key << 6) | (l - 1)
      const length = stop - source
      if (length === 0) w[pos++] = w[source++]!
      else if (length <= nameLength) {
        const now = names.name(c, key, source > 0 && w[source - 1] === 46)
        if (lengthOf(now) > end - pos) throw new PatchError('a step leaves the window')
        pos = putName(w, pos, now)
        source = stop
      } else if (length > end - pos) throw new PatchError('a step leaves the window')
      else {
        if (length !== hashLength || !names.hashed(c, w, source, stop, pos)) w.copyWithin(pos, source, stop)
        pos += length
        source = stop
      }
    }
    this.pos = pos
    return source
  }
}
