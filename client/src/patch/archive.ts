// The stored form of a package, as package wgt specifies it.

/** Local header (30 bytes), central header (46) and end (22), from little-endian numbers of 2 or 4 bytes. */
function record(length: number): { bytes: Uint8Array; put: (size: 2 | 4, ...values: number[]) => void } {
  const bytes = new Uint8Array(length)
  let at = 0
  return {
    bytes,
    put(size, ...values) {
      for (let v of values) {
        for (let n = 0; n < size; n++) {
          bytes[at++] = v & 255
          v >>>= 8
        }
      }
    },
  }
}

export class Archive {
  private readonly directory: Uint8Array[] = []
  private directorySize = 0
  private size = 0

  /** The header of the next file. */
  add(name: Uint8Array, crc: number, size: number): Uint8Array {
    const local = record(30 + name.length)
    local.put(4, 0x04034b50)
    local.put(2, 20, 0x800, 0, 0, 33)
    local.put(4, crc, size, size)
    local.put(2, name.length, 0)
    local.bytes.set(name, 30)
    const central = record(46 + name.length)
    central.put(4, 0x02014b50)
    central.put(2, 20, 20, 0x800, 0, 0, 33)
    central.put(4, crc, size, size)
    central.put(2, name.length, 0, 0, 0, 0)
    central.put(4, 0, this.size)
    central.bytes.set(name, 46)
    this.directory.push(central.bytes)
    this.directorySize += central.bytes.length
    this.size += local.bytes.length + size
    return local.bytes
  }

  /** What follows the last file. */
  end(): Uint8Array[] {
    const end = record(22)
    end.put(4, 0x06054b50)
    end.put(2, 0, 0, this.directory.length, this.directory.length)
    end.put(4, this.directorySize, this.size)
    return this.directory.concat(end.bytes)
  }
}
