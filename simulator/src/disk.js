// The phone's disk: real files below one directory, with a limit that can be reached.
import fs from 'node:fs'
import path from 'node:path'

export class DiskFull extends Error {
  constructor(file) {
    super(`write failed: ENOSPC (No space left on device): ${path.basename(file)}`)
    this.code = 'ENOSPC'
  }
}

export class Disk {
  constructor(root) {
    this.root = path.resolve(root)
    this.free = Infinity // bytes that may still be written
    fs.mkdirSync(this.root, { recursive: true })
  }

  path(...parts) {
    return path.join(this.root, ...parts)
  }

  exists(file) {
    return fs.existsSync(file)
  }

  stat(file) {
    return fs.statSync(file, { throwIfNoEntry: false })
  }

  read(file) {
    return fs.readFileSync(file)
  }

  /** The parsed JSON of a file, or undefined when there is none or it is broken. */
  json(file) {
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8'))
    } catch {
      return undefined
    }
  }

  names(dir) {
    return fs.readdirSync(dir).sort()
  }

  size(file) {
    const stat = this.stat(file)
    if (!stat) return 0
    if (!stat.isDirectory()) return stat.size
    return this.names(file).reduce((sum, name) => sum + this.size(path.join(file, name)), 0)
  }

  mkdir(dir) {
    fs.mkdirSync(dir, { recursive: true })
  }

  write(file, data) {
    this.#take(file, Buffer.byteLength(data) - this.size(file), () => fs.writeFileSync(file, ''))
    this.mkdir(path.dirname(file))
    fs.writeFileSync(file, data)
  }

  /** Writes all or nothing, as a settings store does. */
  replace(file, data) {
    this.#take(file, Buffer.byteLength(data) - this.size(file))
    this.mkdir(path.dirname(file))
    fs.writeFileSync(file + '.new', data)
    fs.renameSync(file + '.new', file)
  }

  /** Puts data at a position; the file grows if it must. */
  patch(file, position, data) {
    this.#take(file, Math.max(0, position + data.length - this.size(file)))
    const handle = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT)
    try {
      fs.writeSync(handle, data, 0, data.length, position)
    } finally {
      fs.closeSync(handle)
    }
  }

  truncate(file, length) {
    this.#take(file, Math.max(0, length - this.size(file)))
    fs.truncateSync(file, length)
  }

  copy(from, to) {
    this.#take(to, this.size(from))
    this.mkdir(path.dirname(to))
    fs.cpSync(from, to, { recursive: true, mode: fs.constants.COPYFILE_FICLONE })
  }

  rename(from, to) {
    fs.renameSync(from, to)
  }

  remove(file) {
    if (this.free !== Infinity) this.free += this.size(file)
    fs.rmSync(file, { recursive: true, force: true })
  }

  #take(file, bytes, onFull) {
    if (bytes > this.free) {
      onFull?.()
      throw new DiskFull(file)
    }
    this.free -= bytes
  }
}
