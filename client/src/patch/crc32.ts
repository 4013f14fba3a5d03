let tables: Int32Array | undefined

/** Four tables, for four bytes at a time. */
function newTables(): Int32Array {
  const t = new Int32Array(1024)
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
    t[n] = c
  }
  for (let n = 256; n < 1024; n++) t[n] = (t[n - 256]! >>> 8) ^ t[t[n - 256]! & 255]!
  return t
}

/** The CRC-32 of zip files, of bytes that follow those with the CRC-32 before. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const t = tables || (tables = newTables())
  let c = ~before
  let i = 0
  for (const end = bytes.length - 3; i < end; i += 4) {
    c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    c = t[768 + (c & 255)]! ^ t[512 + ((c >>> 8) & 255)]! ^ t[256 + ((c >>> 16) & 255)]! ^ t[c >>> 24]!
  }
  for (; i < bytes.length; i++) c = (c >>> 8) ^ t[(c ^ bytes[i]!) & 255]!
  return ~c >>> 0
}
