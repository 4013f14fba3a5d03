import { Archive } from './archive.js'
import { Body } from './body.js'
import { Coder, newNumber, PatchError } from './coder.js'
import { crc32 } from './crc32.js'
import { readIndex, type BaseFile, type Index } from './entries.js'

const format = 1

/** A part of a package: bytes, or the contents of a file of the base as they are. */
export type Piece = { readonly bytes: Uint8Array } | { readonly file: BaseFile }

/**
 * An opened patch. The base is files in any order, of which only those in `uses` have to be in memory together. `maxSize` is
 * how many bytes the files may have that are made. Throws a PatchError.
 */
export class Patch {
  /** The files whose contents make() needs, in this order. */
  readonly uses: BaseFile[]
  private readonly index: Index
  private readonly base: BaseFile[]
  private readonly coder: Coder
  private readonly contexts: number
  private readonly recall: boolean
  private readonly residue: Uint8Array

  constructor(base: readonly BaseFile[], bytes: Uint8Array, maxSize: number) {
    if (bytes[0] !== format) throw new PatchError('the format is unknown')
    this.base = base.slice().sort((a, b) => compareNames(a.name, b.name))
    const c = (this.coder = new Coder(bytes, 1, bytes.length))
    const modes = new Int32Array(4)
    this.contexts = c.tree(modes, 0, 2)
    this.recall = c.decide(modes, 0) === 1
    const residue = c.number(newNumber())
    if (this.contexts === 0 || residue > bytes.length - 1) throw new PatchError('the header is damaged')
    c.cut(residue)
    this.residue = bytes.subarray(bytes.length - residue)
    this.index = readIndex(c, this.base, maxSize)
    this.uses = this.index.used.map((i) => this.base[i]!)
  }

  /** The package, in its stored form, piece by piece. contents are those of `uses`. May be called once, or begin may. */
  make(contents: readonly Uint8Array[]): Piece[] {
    return this.begin(contents)(Infinity)!
  }

  /** The same in parts: each call of the answer takes at most so many steps, until it answers the pieces. */
  begin(contents: readonly Uint8Array[]): (steps: number) => Piece[] | undefined {
    const { entries, used } = this.index
    const sources: number[] = []
    let base = 0
    this.uses.forEach((file, i) => {
      if (contents[i]!.length !== file.size) throw new PatchError('a file of the base has another size')
      sources[used[i]!] = base
      base += file.size
    })
    const window = new Uint8Array(entries.reduce((size, e) => size + (e.made ? e.size : 0), base))
    contents.forEach((bytes, i) => window.set(bytes, sources[used[i]!]!))
    const body = new Body(this.coder, this.contexts, this.recall, window, base, this.residue)
    const archive = new Archive()
    const pieces: Piece[] = []
    let start = -1 // of the file that is being made
    let next = 0
    return (steps) => {
      for (; next < entries.length; next++) {
        const e = entries[next]!
        if (!e.made) {
          const file = this.base[e.base]!
          pieces.push({ bytes: archive.add(e.name, file.crc, e.size) }, { file })
          continue
        }
        if (start < 0) {
          const source = e.base < 0 ? undefined : sources[e.base]
          start = body.pos
          body.file(e.size, source === undefined ? -1 : source)
        }
        steps = body.some(steps)
        if (body.pos < start + e.size) return undefined
        const bytes = window.subarray(start, body.pos)
        pieces.push({ bytes: archive.add(e.name, e.crc === undefined ? crc32(bytes) : e.crc, e.size) }, { bytes })
        start = -1
      }
      for (const bytes of archive.end()) pieces.push({ bytes })
      return pieces
    }
  }
}

/** "manifest.json", which stands last in a package. */
const lastName = [109, 97, 110, 105, 102, 101, 115, 116, 46, 106, 115, 111, 110]

const isLast = (name: Uint8Array) => name.length === lastName.length && lastName.every((b, i) => name[i] === b)

function compareNames(a: Uint8Array, b: Uint8Array): number {
  const last = Number(isLast(a)) - Number(isLast(b))
  if (last !== 0) return last
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}
