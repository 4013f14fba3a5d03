// plus.downloader, with its habits: an existing file gets "(1)", Android says 400 for every
// failure and 200 for a 206, a resumed download trusts that the file is still the same one.
import path from 'node:path'

const [init, connecting, connected, receiving, completed, paused] = [0, 1, 2, 3, 4, 5]
const redirects = { android: [301, 302], ios: [301, 302, 303, 307, 308] }

class Download {
  static app = ['id', 'url', 'state', 'filename', 'downloadedSize', 'totalSize', 'options', 'setRequestHeader', 'getResponseHeader', 'getAllResponseHeaders', 'start', 'pause', 'resume', 'abort', 'addEventListener']

  constructor(downloader, id, url, options, done) {
    Object.assign(this, { downloader, boot: downloader.boot, id, url, options, done })
    this.state = init
    this.filename = options.filename ?? ''
    this.downloadedSize = 0
    this.totalSize = 0
    this.headers = {}
    this.listeners = []
    this.attempts = 0
  }

  setRequestHeader(name, value) {
    if (this.state === init) this.headers[name] = String(value)
  }

  getResponseHeader(name) {
    return this.answer?.get(name) ?? ''
  }

  getAllResponseHeaders() {
    return this.answer ? Object.entries(this.answer.object(this.boot.phone.network.headerCase)).map(([k, v]) => `${k}:${v}`).join('\r\n') : ''
  }

  addEventListener(name, fn) {
    if (name === 'statechanged') this.listeners.push(fn)
  }

  start() {
    if (this.state === init || this.state === completed) this.#connect()
  }

  pause() {
    if (![connecting, connected, receiving].includes(this.state)) return
    this.stop?.()
    this.boot.clear(this.again)
    this.#tell(paused, 0)
  }

  resume() {
    if (this.state === paused) this.#connect()
  }

  abort() {
    this.stop?.()
    this.boot.clear(this.again)
    this.boot.at('download.abort')
    if (this.file && this.state !== completed) this.boot.phone.disk.remove(this.file)
    this.state = init
    this.downloader.tasks.delete(this)
  }

  #tell(state, status) {
    this.state = state
    for (const fn of this.listeners) fn(this, status)
  }

  #connect() {
    const { boot, options } = this
    const { phone } = boot
    this.#tell(connecting, 0)
    const have = this.file ? phone.disk.size(this.file) : 0
    const headers = { ...this.headers, ...(have && { Range: `bytes=${have}-` }) }
    const method = options.method ?? 'GET'
    const record = { via: 'downloader', method, url: this.url, headers, status: 0, bytes: 0 }
    boot.requests.push(record)
    const ask = { method, url: this.url, headers, body: options.data, idle: (options.timeout ?? 120) * 1000, follow: redirects[boot.platform] }
    this.stop = phone.network.send(boot, ask, {
      head: (answer) => boot.native(async () => {
        record.status = answer.status
        this.#head(answer, have)
      }),
      data: (chunk) => boot.native(async () => {
        if (this.refused) return
        record.bytes += chunk.length
        this.#data(chunk)
      }),
      end: () => {
        phone.emit('answer', record)
        return this.refused ? this.#failed() : this.#end()
      },
      error: (error) => {
        phone.emit('answer', Object.assign(record, { error }))
        this.#failed()
      },
    })
  }

  #head(answer, have) {
    const { boot } = this
    const { disk } = boot.phone
    this.answer = answer
    this.refused = boot.platform === 'android' && answer.status >= 400
    if (this.refused) return
    this.#tell(connected, answer.status)
    if (!this.file) {
      this.file = target(boot, this.options.filename, this.url, answer)
      this.filename = boot.phone.relative(this.file)
    }
    boot.at('download.create')
    // Whether it is still the same file, nobody asks.
    const goesOn = have && answer.get('content-range')
    if (!goesOn) disk.write(this.file, '')
    this.downloadedSize = goesOn ? have : 0
    this.totalSize = answer.length === undefined ? 0 : answer.length + this.downloadedSize
    boot.at('download.created')
  }

  #data(chunk) {
    const { boot } = this
    boot.at('download.write')
    try {
      const half = chunk.length >> 1
      boot.phone.disk.patch(this.file, this.downloadedSize, chunk.subarray(0, half))
      boot.at('download.write.half')
      boot.phone.disk.patch(this.file, this.downloadedSize + half, chunk.subarray(half))
    } catch (error) {
      if (error.point) throw error
      this.stop()
      return this.#failed()
    }
    boot.at('download.written')
    this.downloadedSize += chunk.length
    this.#tell(receiving, this.#status())
  }

  #status() {
    if (this.boot.platform === 'android' && this.answer.status === 206) return 200
    return this.answer.status
  }

  #end() {
    this.#tell(completed, this.#status())
    this.downloader.tasks.delete(this)
    this.done?.(this, this.#status())
  }

  // After the retries, of which there are three unless the app said otherwise.
  #failed() {
    const { retry = 3, retryInterval = 30 } = this.options
    if (this.attempts < retry) {
      const wait = (retryInterval * 1000 * 2 ** ++this.attempts) / 2
      this.again = this.boot.timer(() => this.#connect(), wait)
      return
    }
    const status = this.boot.platform === 'android' ? 400 : 0
    this.#tell(completed, status)
    this.downloader.tasks.delete(this)
    this.done?.(this, status)
  }
}

// Where the file goes. A name that is taken gets a number before its suffix.
function target(boot, filename, url, answer) {
  const { phone } = boot
  const allowed = /^(_doc|_documents|_downloads)\//.test(filename ?? '')
  let file = phone.resolve(allowed ? filename : '_downloads/')
  if (!allowed || filename.endsWith('/')) {
    const disposition = answer.get('content-disposition')?.match(/filename="?([^";]+)/)?.[1]
    file = path.join(file, path.basename(disposition || new URL(url).pathname) || 'download')
  }
  const { dir, name, ext } = path.parse(file)
  for (let n = 1; phone.disk.exists(file); n++) file = path.join(dir, `${name}(${n})${ext}`)
  return file
}

class Downloader {
  static app = ['createDownload', 'enumerate', 'clear', 'startAll']

  constructor(boot) {
    this.boot = boot
    this.tasks = new Set()
    this.next = 1
  }

  createDownload(url, options, done) {
    const task = new Download(this, String(this.next++), url, options ?? {}, done)
    this.tasks.add(task)
    return task
  }

  enumerate(done, state) {
    done([...this.tasks].filter((task) => state === undefined || task.state === state))
  }

  clear(state = completed) {
    for (const task of [...this.tasks]) if (state === -1 || task.state === state) task.abort()
  }

  startAll() {
    for (const task of this.tasks) task.start()
  }
}

export function downloader(boot) {
  return new Downloader(boot)
}
