// Makes a package on the phone: from a patch and the files of what runs. docs/spec/client.md, "Patches".

import { decodeBase64, encodeBase64 } from './core/base64.js'
import { readDirectory } from './directory.js'
import { Patch } from './patch/index.js'
import type { Package, Patch as Offered } from './core/document.js'
import type { BaseFile, Piece } from './patch/index.js'
import type { Kept } from './memory.js'
import type { Host } from './runtime/host.js'

/** Bytes that cross the bridge at once. */
const chunk = 256 * 1024

/** Steps between two moments for the app: some 20 ms without a JIT. */
const steps = 1000

/** Milliseconds for a byte of a patch and of what is made of it, on an engine without JIT: bench/README.md. */
const perByte = 0.022
const perMade = 0.0003

/** Bytes in a millisecond of a network that is good. */
const network = 1000

/** Milliseconds that a patch takes on a phone of the measured pace. */
export function costOf(patch: Offered, made: number, pace: number): number {
  return (patch.size * perByte + made * perMade) * pace
}

/** Whether it costs no more than what its smaller download saves, and what the app allows on top. */
export function isWorth(patch: Offered, whole: Package, pace: number, allowed: number): boolean {
  if (allowed === 0 || whole.stored === undefined) return false
  return costOf(patch, whole.stored.size, pace) <= allowed + (whole.size - patch.size) / network
}

export interface Work {
  /** The package that has the base's directory; the contents are those that run. undefined: from nothing. */
  base: Kept | undefined
  patch: string
  patchSize: number
  /** The file to write, and its size. */
  made: string
  size: number
  isCancelled(): boolean
}

/** Throws an error that says why not. */
export async function makePackage(host: Host, work: Work): Promise<void> {
  const { base, isCancelled } = work
  const name = new Map<BaseFile, string>()
  if (base !== undefined) {
    const read = (at: number, length: number): Promise<Uint8Array> => bytesOf(host, host.path(base.file), at, length)
    for (const entry of await readDirectory(read, base.size)) name.set(entry, entry.path)
  }
  const pathOf = (file: BaseFile): string => host.resource(name.get(file)!)
  const patch = new Patch(Array.from(name.keys()), await bytesOf(host, host.path(work.patch), 0, work.patchSize), work.size)
  const contents: Uint8Array[] = []
  for (const file of patch.uses) contents.push(await bytesOf(host, pathOf(file), 0, file.size))
  const make = patch.begin(contents)
  let pieces: Piece[] | undefined
  while ((pieces = make(steps)) === undefined) {
    await pause(host)
    if (isCancelled()) throw new Error('cancelled')
  }
  await write(host, work.made, pieces, pathOf, isCancelled)
}

/** What else waits to happen in the app goes first. */
function pause(host: Host): Promise<void> {
  return new Promise((resolve) => host.later(0, resolve))
}

async function write(host: Host, name: string, pieces: Piece[], pathOf: (file: BaseFile) => string, isCancelled: () => boolean): Promise<void> {
  const sink = await host.create(name)
  const put = async (base64: string): Promise<void> => {
    if (isCancelled()) throw new Error('cancelled')
    if (sink === undefined || !(await sink(base64))) throw new Error('cannot write')
  }
  // Headers are small: they wait for what follows, and only what is full crosses the bridge.
  const held = new Uint8Array(chunk)
  let length = 0
  const flush = async (): Promise<void> => {
    if (length > 0) await put(encodeBase64(held.subarray(0, length)))
    length = 0
  }
  for (const piece of pieces) {
    if ('file' in piece) {
      if (piece.file.size === 0) continue
      await flush()
      await each(host, pathOf(piece.file), 0, piece.file.size, put)
      continue
    }
    for (let at = 0; at < piece.bytes.length; ) {
      const some = piece.bytes.subarray(at, at + chunk - length)
      held.set(some, length)
      length += some.length
      at += some.length
      if (length === chunk) await flush()
    }
  }
  await flush()
}

async function bytesOf(host: Host, path: string, from: number, length: number): Promise<Uint8Array> {
  const all = new Uint8Array(length)
  await each(host, path, from, length, async (base64, at) => {
    const bytes = decodeBase64(base64)
    if (bytes === undefined) throw new Error('cannot read ' + path)
    all.set(bytes.subarray(0, length - at), at) // Android's end is inclusive: there may be one more
  })
  return all
}

/**
 * Reads so many bytes of a file, piece by piece: how much a slice is differs between platforms, and
 * old ones answer the whole file. Fails if the file is shorter, or, read from its beginning, longer.
 */
async function each(host: Host, path: string, from: number, length: number, use: (base64: string, at: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < length; ) {
    const asked = Math.min(chunk, length - at)
    const base64 = await host.part(path, from + at, asked)
    const got = base64 === undefined ? 0 : lengthOf(base64)
    const most = at + asked < length || from > 0 ? asked + 1 : asked
    const isWhole = from + at === 0 && got === length
    if (base64 === undefined || got < 1 || (got > most && !isWhole)) throw new Error('cannot read ' + path)
    await use(base64, at)
    at += got
  }
}

/** How many bytes a text in base64 means. */
function lengthOf(base64: string): number {
  const { length } = base64
  return (length / 4) * 3 - (base64.charAt(length - 1) === '=' ? (base64.charAt(length - 2) === '=' ? 2 : 1) : 0)
}
