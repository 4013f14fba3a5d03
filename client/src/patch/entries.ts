// The index: which files the package has, and where they come from. See docs/spec/patch.md, "Index".
import { newNumber, PatchError, type Coder } from './coder.js'
import { Literals, maxContexts } from './literal.js'

export const maxFiles = 20000
const maxName = 1024
const maxNames = 1 << 20

/** What an installed package says of one of its files. */
export interface BaseFile {
  /** In UTF-8, as it stands in the package. */
  readonly name: Uint8Array
  readonly size: number
  readonly crc: number
}

export interface Entry {
  readonly name: Uint8Array
  readonly size: number
  /** The contents are made, from those of base if that is not negative; else they are those of base. */
  readonly made: boolean
  readonly base: number
  /** undefined if it has to be computed. */
  readonly crc: number | undefined
}

export interface Index {
  /** The files of the package, in order. */
  readonly entries: Entry[]
  /** The files of the base that are in the window, in order. */
  readonly used: number[]
}

const edited = 1
const removed = 2
const added = 3

export function readIndex(c: Coder, base: readonly BaseFile[], maxSize: number): Index {
  const kind = new Int32Array(5 * 4)
  const use = new Int32Array(4)
  const flags = new Int32Array(2) // more, moved
  const [shared, from, size, growth] = [newNumber(), newNumber(), newNumber(), newNumber()]
  const entries: Entry[] = []
  const used: number[] = []
  const names = new Names(c)
  const sent = c.tree(new Int32Array(32), 0, 5)
  let last = 4
  let total = 0
  let previous = new Uint8Array(0)
  for (let i = 0; ; ) {
    if (i < base.length) last = c.tree(kind, last * 4, 2)
    else if (c.decide(flags, 0) === 1) last = added
    else break
    let entry: { name: Uint8Array; size: number; made: boolean; base: number; crc: number | undefined }
    if (last === added) {
      const name = names.read(previous, c.number(shared))
      if (c.decide(flags, 1) === 1) {
        const at = c.number(from)
        if (at >= base.length) throw new PatchError('the index is damaged')
        entry = { name, size: base[at]!.size, made: false, base: at, crc: base[at]!.crc }
      } else entry = { name, size: c.number(size), made: true, base: -1, crc: undefined }
    } else {
      const file = base[i]!
      entry = { name: file.name, size: file.size, made: last === edited, base: i, crc: file.crc }
      if (last === edited) {
        const d = c.number(growth)
        entry.size += d % 2 === 1 ? -(d + 1) / 2 : d / 2
        entry.crc = undefined
      }
      if (c.decide(use, last) === 1) used.push(i)
      i++
      if (last === removed) continue
    }
    previous = entry.name
    total += entry.size
    if (entry.size < 0 || total > maxSize) throw new PatchError('it makes more than it may')
    if (entry.made && entry.size >>> sent !== 0) entry.crc = c.bits(32)
    if (entries.push(entry) > maxFiles) throw new PatchError('the index is damaged')
  }
  return { entries, used }
}

/** Names of added files, one after the other. */
class Names {
  private text = new Uint8Array(256)
  private length = 0
  private literals: Literals | undefined

  constructor(private readonly coder: Coder) {}

  read(previous: Uint8Array, shared: number): Uint8Array {
    const literals = this.literals || (this.literals = new Literals(maxContexts, true))
    if (shared > previous.length) throw new PatchError('the index is damaged')
    const start = this.length
    this.room(start + shared + 1)
    this.text.set(previous.subarray(0, shared), start)
    for (this.length += shared; ; ) {
      const at = this.length - start
      this.room(this.length + 1)
      const v = literals.literal(this.coder, this.text, this.length)
      this.text[this.length++] = v
      if (v === 0) return this.text.slice(start, this.length - 1)
      if (at === maxName || this.length > maxNames) throw new PatchError('the index is damaged')
    }
  }

  private room(length: number): void {
    if (length <= this.text.length) return
    const text = new Uint8Array(2 * length)
    text.set(this.text)
    this.text = text
  }
}
