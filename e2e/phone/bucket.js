// A bucket on loopback that holds what a test puts there, in its own time. It answers as object
// storage does: HEAD, GET, ranges, ETags, metadata as headers, 404 with an error document.
import crypto from 'node:crypto'
import http from 'node:http'

export class Bucket {
  /** @param {() => number} now what the Date header says, in milliseconds */
  constructor(now) {
    this.now = now
    this.objects = new Map() // key -> { body, meta, etag }
    this.requests = [] // { method, key, query, headers, status, bytes }
  }

  put(key, body, meta = {}) {
    const bytes = Buffer.from(body)
    this.objects.set(key, { body: bytes, meta, etag: `"${crypto.createHash('md5').update(bytes).digest('hex')}"` })
  }

  delete(key) {
    this.objects.delete(key)
  }

  get(key) {
    return this.objects.get(key)?.body
  }

  async listen() {
    this.server = http.createServer((req, res) => this.#answer(req, res))
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${this.server.address().port}`
    return this
  }

  close() {
    this.server.closeAllConnections()
    this.server.close()
  }

  #answer(req, res) {
    const { pathname, search } = new URL(req.url, 'http://bucket')
    const key = pathname.slice(1)
    const object = this.objects.get(key)
    const line = { method: req.method, key, query: search, headers: req.headers, status: 0, bytes: 0 }
    this.requests.push(line)
    res.sendDate = false
    res.setHeader('Date', new Date(this.now()).toUTCString())
    const end = (status, headers, body) => {
      const sent = req.method === 'HEAD' ? Buffer.alloc(0) : Buffer.from(body)
      Object.assign(line, { status, bytes: sent.length })
      res.writeHead(status, headers).end(sent)
    }
    if (!object) return end(404, { 'Content-Type': 'application/xml' }, '<Error><Code>NoSuchKey</Code></Error>')
    const headers = { ETag: object.etag, 'Content-Type': 'application/octet-stream' }
    for (const [name, value] of Object.entries(object.meta)) headers['x-oss-meta-' + name] = value
    if (req.headers['if-none-match'] === object.etag) return end(304, headers, '')
    const range = req.headers.range?.match(/^bytes=(\d+)-$/)
    const from = range ? Number(range[1]) : 0
    if (range && from >= object.body.length) return end(416, { 'Content-Range': `bytes */${object.body.length}` }, '')
    if (range) headers['Content-Range'] = `bytes ${from}-${object.body.length - 1}/${object.body.length}`
    headers['Content-Length'] = object.body.length - from
    end(range ? 206 : 200, headers, object.body.subarray(from))
  }
}
