// The files that a package says it has, from its end: names, sizes, CRC-32. Packages are canonical
// (package wgt): one directory, no comment.

import { decodeUtf8 } from './core/utf8.js'
import type { BaseFile } from './patch/index.js'

export interface DirectoryEntry extends BaseFile {
  readonly path: string
}

const endLength = 22
const entryLength = 46

/** Throws an error for what is no directory. */
export async function readDirectory(read: (at: number, length: number) => Promise<Uint8Array>, size: number): Promise<DirectoryEntry[]> {
  const bad = new Error('the package has no directory')
  if (size < endLength) throw bad
  const end = await read(size - endLength, endLength)
  const length = number(end, 12, 4)
  const at = number(end, 16, 4)
  if (number(end, 0, 4) !== 0x06054b50 || at + length + endLength !== size) throw bad
  const bytes = await read(at, length)
  const entries: DirectoryEntry[] = []
  for (let i = 0; i < length; ) {
    const nameLength = number(bytes, i + 28, 2)
    const name = bytes.subarray(i + entryLength, i + entryLength + nameLength)
    const path = decodeUtf8(name)
    if (number(bytes, i, 4) !== 0x02014b50 || name.length !== nameLength || path === undefined) throw bad
    entries.push({ name, path, crc: number(bytes, i + 16, 4), size: number(bytes, i + 24, 4) })
    i += entryLength + nameLength + number(bytes, i + 30, 2) + number(bytes, i + 32, 2)
  }
  return entries
}

/** Little-endian. */
function number(bytes: Uint8Array, at: number, length: number): number {
  let v = 0
  for (let i = length - 1; i >= 0; i--) v = v * 256 + (bytes[at + i] || 0)
  return v
}
