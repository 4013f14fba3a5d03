// Reads zip files as the installer does: by the central directory, stored or deflated entries.
import { inflateRawSync } from 'node:zlib'

/** @returns {{ name: string, directory: boolean, data(): Buffer }[]} in the order of the directory */
export function entries(zip) {
  let end = zip.length - 22
  while (end >= 0 && zip.readUInt32LE(end) !== 0x06054b50) end--
  if (end < 0) throw new Error('error in opening zip file')
  const list = []
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error('invalid CEN header (bad signature)')
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28)
    list.push(entry(zip, at, zip.toString('utf8', at + 46, nameEnd)))
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return list
}

function entry(zip, at, name) {
  const [flags, method, packed, size, local] = [zip.readUInt16LE(at + 8), zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 42)]
  if (name.startsWith('/') || name.split('/').includes('..')) throw new Error(`Invalid zip entry path: ${name}`)
  return {
    name,
    directory: name.endsWith('/'),
    data() {
      if (flags & 1) throw new Error(`encrypted entry ${name}`)
      if (zip.readUInt32LE(local) !== 0x04034b50) throw new Error('invalid LOC header (bad signature)')
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
      const raw = zip.subarray(start, start + packed)
      if (method !== 0 && method !== 8) throw new Error(`invalid compression method ${method}`)
      const data = method === 0 ? raw : inflateRawSync(raw)
      if (data.length !== size) throw new Error(`invalid entry size (expected ${size} but got ${data.length} bytes)`)
      return data
    },
  }
}
