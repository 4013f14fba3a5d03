// The way to the servers: real HTTP through node:http, played back to the app in the phone's
// own time, with everything that can go wrong on the way.
import http from 'node:http'
import https from 'node:https'
import { request } from './exchange.js'

const chunkSize = 64 * 1024

/** The address of an app's folder, in front of what only wgtup puts there. */
export const wgtupFolder = /^https?:\/\/.+?(?=\/(channels\/[a-z0-9-]{1,64}\/(release\.json|latest\.wgt|journal\/)|(packages|patches)\/[0-9a-f]{64}\.))/

export class Network {
  constructor() {
    this.type = 'wifi' // none, ethernet, wifi, 2g … 5g
    this.latency = 20 // milliseconds to the first byte
    this.bandwidth = 2_000_000 // bytes a second
    this.headerCase = 'raw' // or 'lower'
    this.rules = []
    this.routes = []
    this.log = [] // { method, url, headers, status } of every exchange, redirects included
  }

  get online() {
    return this.type !== 'none'
  }

  /**
   * From now on requests that match go wrong.
   * @param {string|RegExp|((request) => boolean)} match string: part of the url
   * @param {Fault} fault @param {number} times how often
   * @typedef {object} Fault
   * @property {string} [error] the connection fails with this message
   * @property {number} [delay] milliseconds before the answer
   * @property {boolean|number} [stall] silence before the answer, or after so many bytes
   * @property {number} [cut] the connection breaks after so many bytes
   * @property {number} [status] @property {Buffer|string} [body] instead of the server's
   * @property {Record<string, string|null>} [headers] set, or null: removed
   * @property {string} [redirect] 302 to this address
   * @property {{ bytes: number, every: number }} [trickle] so many bytes every so many milliseconds
   * @property {(request) => void} [ask] may change the request
   * @property {(answer, request) => void|Promise<void>} [rewrite] may change the answer
   */
  fault(match, fault, times = Infinity) {
    const rule = { match, fault, left: times }
    this.rules.push(rule)
    return () => (this.rules = this.rules.filter((other) => other !== rule))
  }

  /** All faults end. */
  mend() {
    this.rules = []
  }

  /**
   * Requests to this address go somewhere else, as an entry in /etc/hosts would make them.
   * @param {string|RegExp} from the beginning of addresses @param {string} to e.g. http://127.0.0.1:8080
   */
  route(from, to) {
    const bare = (address) => address.replace(/\/+$/, '')
    this.routes.unshift({ from: typeof from === 'string' ? bare(from) : from, to: bare(to) })
  }

  /** Where a request to this address goes. */
  routed(url) {
    for (const { from, to } of this.routes) {
      const head = typeof from === 'string' ? url.startsWith(from) && from : from.exec(url)?.[0]
      if (head && /^([/?]|$)/.test(url.slice(head.length))) return to + url.slice(head.length)
    }
    return url
  }

  /**
   * Sends a request and plays the answer back.
   * @param {import('./boot.js').Boot} boot
   * @param {{ method, url, headers, body?, idle?: number, follow: number[] }} ask
   *   idle: milliseconds of silence that end it; follow: the redirects that are followed
   * @param {{ head(answer), data(chunk), end(), error(message) }} on
   * @returns {() => void} ends it silently
   */
  send(boot, ask, on) {
    let over = false
    let alarm
    const stop = () => {
      over = true
      boot.clear(alarm)
      boot.undo.delete(stop)
      cancel.abort()
    }
    const cancel = new AbortController()
    const fail = (message) => {
      if (over) return
      stop()
      on.error(message)
    }
    const heard = () => {
      boot.clear(alarm)
      if (ask.idle) alarm = boot.timer(() => fail('timeout'), ask.idle)
    }
    boot.undo.add(stop)
    heard()
    const answered = (answer) => {
      if (over || boot.dead || answer.silent) return
      boot.timer(() => this.#play(boot, answer, { ...on, error: fail }, () => over, heard, stop), this.latency + (answer.fault.delay ?? 0))
    }
    boot.phone.clock.outsideWork(this.#follow(ask, cancel.signal)).then(answered, (error) => {
      if (!over) boot.timer(() => fail(error.message), this.latency)
    })
    return stop
  }

  #play(boot, answer, on, over, heard, stop) {
    if (over()) return
    heard()
    on.head(answer)
    const { fault } = answer
    const declared = answer.length ?? Infinity
    const body = answer.body.subarray(0, Math.min(declared, fault.cut ?? Infinity))
    const broken = fault.cut !== undefined || !answer.complete
    const size = fault.trickle?.bytes ?? chunkSize
    const wait = fault.trickle?.every ?? (chunkSize / this.bandwidth) * 1000
    let at = 0
    const step = () => {
      if (over()) return
      if (!this.online) return on.error('connection lost')
      if (typeof fault.stall === 'number' && at >= fault.stall) return
      if (at < body.length) {
        heard()
        const end = typeof fault.stall === 'number' ? Math.min(fault.stall, at + size) : at + size
        on.data(body.subarray(at, end))
        at = Math.min(end, body.length)
        if (!over()) boot.timer(step, at < body.length ? wait : 1)
        return
      }
      // A missing rest is noticed only if somebody said how much there would be.
      if (broken ? answer.length !== undefined || answer.chunked : at < answer.length && answer.method !== 'HEAD') {
        return on.error('unexpected end of stream')
      }
      stop()
      on.end()
    }
    boot.timer(step, 2)
  }

  async #follow(ask, signal) {
    let { url } = ask
    for (let hops = 0; ; hops++) {
      const answer = await this.#one({ ...ask, url }, signal)
      const next = answer.get('location')
      if (!ask.follow.includes(answer.status) || !next || answer.silent) return answer
      if (hops >= 20) throw new Error('too many redirects')
      url = new URL(next, url).href
    }
  }

  async #one(ask, signal) {
    if (!this.online) throw new Error('network is unreachable')
    const rule = this.rules.find((rule) => rule.left > 0 && matches(rule.match, ask))
    if (rule) rule.left--
    const fault = rule?.fault ?? {}
    const sent = { ...ask, headers: { ...ask.headers } }
    fault.ask?.(sent)
    const line = { method: sent.method, url: sent.url, headers: sent.headers, status: 0 }
    this.log.push(line)
    if (fault.error) throw new Error(fault.error)
    const url = this.routed(sent.url)
    const answer = await request(url.startsWith('https:') ? https : http, { ...sent, url }, signal)
    answer.fault = fault
    answer.silent = fault.stall === true
    if (fault.status) answer.status = fault.status
    if (fault.redirect) answer.status = 302
    if (fault.body !== undefined) {
      answer.body = Buffer.from(fault.body)
      answer.set('Content-Length', String(answer.body.length))
    }
    for (const [name, value] of Object.entries({ ...fault.headers, ...(fault.redirect && { Location: fault.redirect }) })) answer.set(name, value)
    await fault.rewrite?.(answer, sent)
    line.status = answer.status
    return answer
  }
}

function matches(match, ask) {
  if (typeof match === 'string') return ask.url.includes(match)
  return match instanceof RegExp ? match.test(`${ask.method} ${ask.url}`) : match(ask)
}
