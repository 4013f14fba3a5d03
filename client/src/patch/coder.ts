// The entropy decoder: see docs/spec/patch.md, "Stream".

/** Why a patch cannot be applied: it is damaged, or made for another base. */
export class PatchError extends Error {
  constructor(why: string) {
    super('patch: ' + why)
    this.name = 'PatchError'
  }
}

/** How often a counter outside the literals is moved at most by its share. */
const patience = 60

/** How far a counter moves, in 1/16384, by how often it was moved before. */
export const rates = new Int32Array(256)
for (let n = 0; n < 256; n++) rates[n] = (163840 / (10 * n + 16)) | 0

/** Zero bytes that a patch may leave out at its end. */
const spare = 4

/** Counters are (probability - 32768) << 8 | count, so that a new array of them is ready. */
export class Coder {
  private width = -1 >>> 0
  private code = 0
  private missing = 0

  constructor(
    private readonly input: Uint8Array,
    private at: number,
    private end: number,
  ) {
    for (let n = 0; n < 4; n++) this.code = ((this.code << 8) | this.read()) >>> 0
  }

  private read(): number {
    if (this.at < this.end) return this.input[this.at++]!
    if (++this.missing > spare) throw new PatchError('it ends too early')
    return 0
  }

  /** Ends the stream some bytes before the end. */
  cut(bytes: number): void {
    this.end -= bytes
  }

  /** A decision that is 1 with a probability of p/65536. */
  bit(p: number): number {
    const bound = (this.width >>> 16) * p
    let bit = 0
    if (this.code < bound) {
      bit = 1
      this.width = bound
    } else {
      this.width -= bound
      this.code -= bound
    }
    while (this.width < 0x1000000) {
      this.width = (this.width << 8) >>> 0
      this.code = ((this.code << 8) | this.read()) >>> 0
    }
    return bit
  }

  /** A decision by the counter at some place. */
  decide(counters: Int32Array, at: number): number {
    const c = counters[at]!
    const p = (c >> 8) + 32768
    const bit = this.bit(p < 32 ? 32 : p > 65504 ? 65504 : p)
    const n = c & 255
    const moved = (c >> 8) + (((bit * 65535 - p) * rates[n]!) >> 14)
    counters[at] = (moved << 8) | (n < patience ? n + 1 : n)
    return bit
  }

  /** Some bits that are all equally likely. */
  bits(count: number): number {
    let v = 0
    for (; count > 0; count--) v = (v << 1) | this.bit(32768)
    return v >>> 0
  }

  /** A number of some bits, by the counters from a place on. */
  tree(counters: Int32Array, at: number, bits: number): number {
    let node = 1
    for (let n = bits; n > 0; n--) node = (node << 1) | this.decide(counters, at + node)
    return node - (1 << bits)
  }

  /** A number that is rather small, by a model from newNumber. */
  number(model: Int32Array): number {
    let n = this.tree(model, 0, 5)
    const upper = 32 + n * 8
    let v = 1
    for (; n > 0 && v < 8; n--) v = (v << 1) | this.decide(model, upper + v)
    for (; n > 0; n--) v = ((v << 1) | this.bit(32768)) >>> 0
    return v - 1
  }
}

export const newNumber = () => new Int32Array(32 + 32 * 8)
