// A bucket on loopback and its publisher, as small as the protocol allows, for apps as small as can be.
import crypto from 'node:crypto'
import { newKey, pinOf, seal } from './keys.mjs'
import { canonical } from './vectors.mjs'
import { serve } from '../../simulator/test/server.js'
import { appid, wgt } from '../../simulator/test/mini.js'
import { appFiles } from './app.mjs'

const hash = (name, data) => crypto.createHash(name).update(data).digest('hex')
const time = (ms) => new Date(ms).toISOString().slice(0, 19) + 'Z'

export class Bucket {
  /** @param server of simulator/test/server.js @param {number} now milliseconds, of the phones' clock */
  static async open(test, { channel = 'production', now = Date.UTC(2026, 10, 22, 12), folder = '/app' } = {}) {
    const bucket = new Bucket()
    Object.assign(bucket, { server: await serve(test, {}), channel, now, folder, signing: newKey(), recovery: newKey(), releases: [], withdrawn: [], sequence: 0 })
    bucket.pins = [pinOf('signing', 0, bucket.signing), pinOf('recovery', 0, bucket.recovery)]
    return bucket
  }

  get url() {
    return this.server.url + this.folder
  }

  /** What the app's createUpdater is given. */
  options(more = {}) {
    return { url: this.url, publicKeys: this.pins, ...more }
  }

  /** The files of a version of the small app, with the client in it. */
  app(version, more = {}) {
    return appFiles(version, { ...more, options: this.options(more.options) })
  }

  /** Puts a package there and answers its release. */
  release(version, { files = this.app(version), ...more } = {}) {
    const data = wgt(files)
    const sha256 = hash('sha256', data)
    this.put(`packages/${sha256}.wgt`, data)
    return {
      id: 'r' + (this.releases.length + this.withdrawn.length + 1),
      kind: 'wgt',
      version: { name: version, code: Number(version.split('.').join('')) },
      platforms: ['android', 'ios'],
      natives: { min: 1 },
      rollout: { permyriad: 10000, paused: '' },
      mode: 'silent',
      package: { content: hash('sha256', JSON.stringify(files)), size: data.length, sha256, sha1: hash('sha1', data) },
      ...more,
    }
  }

  /** Adds a release, or changes the document, and publishes the next entry. */
  publish(version, more) {
    const release = this.release(version, more)
    this.releases.push(release)
    this.write()
    return release
  }

  document(more = {}) {
    return {
      format: 1,
      critical: [],
      app: appid,
      channel: this.channel,
      epoch: 0,
      sequence: this.sequence,
      previous: '',
      home: '0000000000000000',
      issued: time(this.now),
      expires: time(this.now + 400 * 86400_000),
      bases: [],
      releases: this.releases,
      withdrawn: this.withdrawn,
      holds: [],
      ...more,
    }
  }

  entry(document, signers = [this.signing]) {
    return canonical(seal('application/vnd.wgtup.release+json', Buffer.from(canonical(document)), [], signers))
  }

  /** The next entry and the copy of it. */
  write(more, signers) {
    this.sequence++
    const document = this.document(more)
    const text = this.entry(document, signers)
    this.put(`channels/${this.channel}/journal/${document.epoch}/${String(document.sequence).padStart(10, '0')}.json`, text)
    this.copy(text, document)
    return document
  }

  /** release.json, with its metadata. */
  copy(text, { epoch, sequence }) {
    const tag = `"${hash('md5', text)}"`
    this.server.routes[`${this.folder}/channels/${this.channel}/release.json`] = (req, res) => {
      const headers = { 'x-oss-meta-epoch': epoch, 'x-oss-meta-release': sequence, ETag: tag, Date: new Date(this.now).toUTCString() }
      if (req.headers['if-none-match'] === tag) return res.writeHead(304, headers).end()
      res.writeHead(200, { ...headers, 'Content-Length': Buffer.byteLength(text) })
      res.end(req.method === 'HEAD' ? '' : text)
    }
  }

  put(key, data) {
    this.server.routes[`${this.folder}/${key}`] = data
  }

  /** Requests since the last call, as "HEAD release.json", "GET journal", "GET package". */
  asked() {
    const names = this.server.requests.splice(0).map(({ method, url }) => `${method} ${/release\.json|journal|packages/.exec(url)?.[0] ?? url}`)
    return names
  }
}
