// Patches: a small difference between two packages, applied by nothing but the language.
// The format is in docs/spec/patch.md; Go's package patch makes patches and is the oracle.

export { Patch } from './apply.js'
export { PatchError } from './coder.js'
export { crc32 } from './crc32.js'
export type { Piece } from './apply.js'
export type { BaseFile } from './entries.js'
