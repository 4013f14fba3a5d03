// One real HTTP exchange, read to its end.

export class Answer {
  constructor(method, status, statusText, rawHeaders) {
    this.method = method
    this.status = status
    this.statusText = statusText
    this.headers = [] // [name, value] as they came
    for (let i = 0; i < rawHeaders.length; i += 2) this.headers.push([rawHeaders[i], rawHeaders[i + 1]])
    this.body = Buffer.alloc(0)
    this.complete = true // false: the connection broke
  }

  get(name) {
    const found = this.headers.filter(([n]) => n.toLowerCase() === name.toLowerCase())
    return found.length ? found.map(([, value]) => value).join(', ') : undefined
  }

  /** Sets a header in place of all of its name; null removes it. */
  set(name, value) {
    this.headers = this.headers.filter(([n]) => n.toLowerCase() !== name.toLowerCase())
    if (value !== null) this.headers.push([name, value])
  }

  /** What Content-Length says, if it says anything. */
  get length() {
    const value = this.get('content-length')
    return value === undefined ? undefined : Number(value)
  }

  get chunked() {
    return this.get('transfer-encoding') === 'chunked'
  }

  /** Headers as one object; a name sent twice has both values. */
  object(headerCase) {
    const object = {}
    for (const [name] of this.headers) object[headerCase === 'lower' ? name.toLowerCase() : name] = this.get(name)
    return object
  }
}

/** @returns {Promise<Answer>} */
export function request(protocol, { method, url, headers, body }, signal) {
  return new Promise((resolve, reject) => {
    // By default the runtime accepts any certificate (plus.ssl.untrustedca).
    const options = { method, headers: { 'User-Agent': 'wgtup-sim', ...headers }, agent: false, rejectUnauthorized: false, signal }
    const req = protocol.request(url, options, (res) => {
      const answer = new Answer(method, res.statusCode, res.statusMessage, res.rawHeaders)
      const chunks = []
      const end = (complete) => {
        answer.body = Buffer.concat(chunks)
        answer.complete = complete
        resolve(answer)
      }
      res.on('data', (chunk) => chunks.push(chunk))
      res.on('end', () => end(res.complete))
      res.on('error', () => end(false))
    })
    req.on('error', reject)
    req.end(body)
  })
}
