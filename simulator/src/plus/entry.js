// Entries of plus.io: files and directories.
import path from 'node:path'
import { answer, failed } from './answer.js'
import { File, FileWriter } from './file.js'

class Entry {
  static app = ['isFile', 'isDirectory', 'name', 'fullPath', 'getMetadata', 'moveTo', 'copyTo', 'toURL', 'toLocalURL', 'toRemoteURL', 'remove', 'getParent']

  constructor(boot, file) {
    this.boot = boot
    this.fullPath = file
    this.name = path.basename(file)
  }

  get disk() {
    return this.boot.phone.disk
  }

  stat() {
    const stat = this.disk.stat(this.fullPath)
    if (!stat) throw failed(14)
    return stat
  }

  mustBeWritable() {
    const { doc, documents, downloads } = this.boot.phone.dirs
    if (![doc, documents, downloads].some((dir) => this.fullPath === dir || this.fullPath.startsWith(dir + path.sep))) throw failed(15)
  }

  getMetadata(ok, fail) {
    answer(this.boot, () => ({ modificationTime: this.stat().mtime, size: this.disk.size(this.fullPath), directoryCount: 0, fileCount: 0 }), ok, fail)
  }

  moveTo(parent, name, ok, fail) {
    answer(this.boot, () => {
      const target = this.#target(parent, name)
      this.mustBeWritable()
      this.boot.at('io.move')
      this.disk.rename(this.fullPath, target.fullPath)
      this.boot.at('io.moved')
      return target
    }, ok, fail)
  }

  copyTo(parent, name, ok, fail) {
    answer(this.boot, () => {
      const target = this.#target(parent, name)
      this.boot.at('io.copy')
      if (this.isFile) {
        const data = this.disk.read(this.fullPath)
        this.disk.write(target.fullPath, data.subarray(0, data.length >> 1))
        this.boot.at('io.copy.half')
        this.disk.write(target.fullPath, data)
      } else {
        this.disk.copy(this.fullPath, target.fullPath)
      }
      this.boot.at('io.copied')
      return target
    }, ok, fail)
  }

  // Where it goes; something must not be there yet.
  #target(parent, name) {
    this.stat()
    const target = new this.constructor(this.boot, path.join(parent.fullPath, name || this.name))
    target.mustBeWritable()
    if (this.disk.exists(target.fullPath)) throw failed(12)
    return target
  }

  toURL() {
    return this.toLocalURL()
  }

  toLocalURL() {
    return 'file://' + this.fullPath
  }

  toRemoteURL() {
    return 'http://localhost:13131/' + this.boot.phone.relative(this.fullPath)
  }

  remove(ok, fail) {
    answer(this.boot, () => {
      this.mustBeWritable()
      if (this.stat().isDirectory() && this.disk.names(this.fullPath).length) throw failed(10)
      this.boot.at('io.remove')
      this.disk.remove(this.fullPath)
      this.boot.at('io.removed')
    }, ok, fail)
  }

  getParent(ok, fail) {
    answer(this.boot, () => new DirectoryEntry(this.boot, path.dirname(this.fullPath)), ok, fail)
  }
}

export class FileEntry extends Entry {
  static app = [...Entry.app, 'file', 'createWriter']

  isFile = true
  isDirectory = false

  file(ok, fail) {
    answer(this.boot, () => new File(this.boot, this.fullPath, 0, this.stat().size), ok, fail)
  }

  createWriter(ok, fail) {
    answer(this.boot, () => {
      this.stat()
      this.mustBeWritable()
      return new FileWriter(this.boot, this.fullPath)
    }, ok, fail)
  }
}

class DirectoryReader {
  static app = ['readEntries']

  constructor(directory) {
    this.directory = directory
  }

  readEntries(ok, fail) {
    const { boot, disk, fullPath } = this.directory
    answer(boot, () => disk.names(fullPath).map((name) => entry(boot, path.join(fullPath, name))), ok, fail)
  }
}

export class DirectoryEntry extends Entry {
  static app = [...Entry.app, 'createReader', 'getFile', 'getDirectory', 'removeRecursively']

  isFile = false
  isDirectory = true

  createReader() {
    return new DirectoryReader(this)
  }

  getFile(name, flags, ok, fail) {
    this.#get(FileEntry, name, flags, ok, fail, (file) => this.disk.write(file, ''))
  }

  getDirectory(name, flags, ok, fail) {
    this.#get(DirectoryEntry, name, flags, ok, fail, (dir) => this.disk.mkdir(dir))
  }

  #get(Kind, name, flags, ok, fail, make) {
    answer(this.boot, () => {
      const found = new Kind(this.boot, path.join(this.fullPath, name))
      const stat = this.disk.stat(found.fullPath)
      if (stat && flags?.create && flags.exclusive) throw failed(12)
      if (stat && stat.isDirectory() !== found.isDirectory) throw failed(10)
      if (!stat && !flags?.create) throw failed(14)
      if (!stat) {
        found.mustBeWritable()
        this.boot.at('io.create')
        make(found.fullPath)
        this.boot.at('io.created')
      }
      return found
    }, ok, fail)
  }

  removeRecursively(ok, fail) {
    answer(this.boot, () => {
      this.mustBeWritable()
      this.stat()
      this.boot.at('io.remove')
      this.disk.remove(this.fullPath)
      this.boot.at('io.removed')
    }, ok, fail)
  }
}

/** The entry of what is there. */
export function entry(boot, file) {
  const stat = boot.phone.disk.stat(file)
  if (!stat) throw failed(14)
  return stat.isDirectory() ? new DirectoryEntry(boot, file) : new FileEntry(boot, file)
}
