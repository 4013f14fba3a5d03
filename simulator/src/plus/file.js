// Reading and writing of plus.io: texts and base64, there is nothing else.
import path from 'node:path'

export class File {
  static app = ['size', 'type', 'name', 'lastModifiedDate', 'slice', 'close']

  constructor(boot, file, start, size) {
    Object.assign(this, { boot, file, start, size, type: '', name: path.basename(file) })
    this.lastModifiedDate = boot.phone.disk.stat(file).mtime
  }

  // Android counts the end in; an end of 0 or less means the whole file. What iOS does is not
  // documented; here it does as a browser would.
  slice(start = 0, end = 0) {
    const ios = this.boot.platform === 'ios'
    if (!ios && end <= 0) return new File(this.boot, this.file, 0, this.boot.phone.disk.size(this.file))
    const from = Math.min(Math.max(0, start), this.size)
    const to = Math.min(ios ? end || this.size : end + 1, this.size)
    return new File(this.boot, this.file, this.start + from, Math.max(0, to - from))
  }

  close() {}

  read() {
    return this.boot.phone.disk.read(this.file).subarray(this.start, this.start + this.size)
  }
}

// The handlers (onloadend …) are set by the app on its own object.
class Work {
  constructor(boot) {
    this.boot = boot
    this.readyState = 0
  }

  start(names, work) {
    const { boot } = this
    const tell = (name) => boot.bridge.emit(this, name, { type: name.slice(2), target: this })
    this.readyState = 1
    boot.native(async () => {
      tell(names.start)
      await boot.sleep()
      if (this.readyState !== 1) return
      try {
        work()
        this.readyState = 2
        tell(names.done)
      } catch (error) {
        if (error.point) throw error
        this.readyState = 2
        this.error = { code: 10, message: error.message }
        tell('onerror')
      }
      tell(names.end)
    })
  }

  abort() {
    this.readyState = 2
    this.boot.bridge.emit(this, 'onabort', { type: 'abort', target: this })
  }
}

export class FileReader extends Work {
  static app = ['readyState', 'result', 'error', 'abort', 'readAsText', 'readAsDataURL']

  result = null
  error = null

  readAsText(file) {
    this.#read(file, (data) => data.toString('utf8'))
  }

  readAsDataURL(file) {
    this.#read(file, (data) => `data:application/octet-stream;base64,${wrapped(this.boot, data.toString('base64'))}`)
  }

  #read(file, turn) {
    const source = file.file instanceof Function ? new File(this.boot, file.fullPath, 0, this.boot.phone.disk.size(file.fullPath)) : file
    this.start({ start: 'onloadstart', done: 'onload', end: 'onloadend' }, () => (this.result = turn(source.read())))
  }
}

// Android bases before 3.7.8 broke the base64 text into lines.
function wrapped(boot, base64) {
  return boot.phone.base64Lines ? base64.replace(/.{76}/g, '$&\n') : base64
}

export class FileWriter extends Work {
  static app = ['readyState', 'length', 'position', 'error', 'abort', 'seek', 'truncate', 'write', 'writeAsBinary']

  position = 0
  error = null

  constructor(boot, file) {
    super(boot)
    this.file = file
  }

  get length() {
    return this.boot.phone.disk.size(this.file)
  }

  seek(position) {
    this.position = position < 0 ? Math.max(0, this.length + position) : Math.min(position, this.length)
  }

  truncate(length) {
    this.#write(() => {
      this.boot.phone.disk.truncate(this.file, length)
      this.position = Math.min(this.position, length)
    })
  }

  write(text) {
    this.#put(Buffer.from(String(text)))
  }

  writeAsBinary(base64) {
    this.#put(Buffer.from(String(base64), 'base64'))
  }

  #put(data) {
    const { boot } = this
    this.#write(() => {
      const half = data.length >> 1
      boot.phone.disk.patch(this.file, this.position, data.subarray(0, half))
      boot.at('io.write.half')
      boot.phone.disk.patch(this.file, this.position + half, data.subarray(half))
      this.position += data.length
    })
  }

  #write(work) {
    this.start({ start: 'onwritestart', done: 'onwrite', end: 'onwriteend' }, () => {
      this.boot.at('io.write')
      work()
      this.boot.at('io.written')
    })
  }
}
