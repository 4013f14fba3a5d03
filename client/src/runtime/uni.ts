// The phone: the one file that names plus.* and uni.*. Facts about them are in docs/spec/client.md, "The runtime".

import { decodeBase64 } from '../core/base64.js'
import { encodeHex } from '../core/hex.js'
import { sha256 } from '../core/sha256.js'
import type { Answer, Downloading, FileFacts, Host, Installed, NetworkType, Question, Transfer } from './host.js'
import type { Entry, Plus, Uni } from './plus.js'

declare const plus: Plus
declare const uni: Uni

const folder = '_doc/wgtup/'

/** Milliseconds for a HEAD or a document, to its last byte. */
const askTimeout = 12000

/** Milliseconds after which an install that never answered is given up. */
const installTimeout = 120000

/** Milliseconds for what the runtime itself answers: a version, a listing, a digest of a big file on a slow phone. */
const nativeTimeout = 60000

/** Milliseconds for a whole download by uni.downloadFile; silence ends it earlier. */
const bareTimeout = 20 * 60000

/** What JavaScript hashes itself, in bytes: about 0.2 s on an engine without JIT. */
const smallFile = 256 * 1024

/** Undefined where there is nothing to update: the HBuilder base, whose version and id are its own. */
export function phone(): Host | undefined {
  if (typeof plus === 'undefined' || !plus.runtime || plus.runtime.appid === 'HBuilder') return undefined
  return plus.io && plus.downloader ? new Phone() : new BarePhone()
}

class Phone implements Host {
  readonly platform = platformOf((plus.os && plus.os.name) || (uni.getSystemInfoSync && uni.getSystemInfoSync().osName) || '')
  readonly app = plus.runtime.appid
  readonly native = { name: String(plus.runtime.version), code: String(plus.runtime.versionCode) }
  readonly language = (uni.getLocale && uni.getLocale()) || (plus.os && plus.os.language) || ''
  readonly restarts = typeof plus.runtime.restart === 'function'

  resources(): Promise<{ name: string; code: string } | undefined> {
    return answer<{ name: string; code: string } | undefined>(nativeTimeout, undefined, (resolve) =>
      plus.runtime.getProperty(plus.runtime.appid, (info) => {
        const name = info && info.version
        resolve(name ? { name: String(name), code: String(info.versionCode) } : undefined)
      }),
    )
  }

  read(key: string): string | undefined {
    try {
      const text = plus.storage ? plus.storage.getItem(key) : uni.getStorageSync(key)
      return typeof text === 'string' && text !== '' ? text : undefined
    } catch (error) {
      return undefined
    }
  }

  // A full disk may fail silently, so what was written is read back.
  write(key: string, text: string | undefined): boolean {
    try {
      if (plus.storage) text === undefined ? plus.storage.removeItem(key) : plus.storage.setItem(key, text)
      else text === undefined ? uni.removeStorageSync(key) : uni.setStorageSync(key, text)
      return this.read(key) === text
    } catch (error) {
      return false
    }
  }

  ask(question: Question): Promise<Answer> {
    const nobody: Answer = { status: 0, headers: {}, body: '' }
    // The runtime's own timeout is one of silence: a server that drips would hold it for ever.
    return answer(askTimeout, nobody, (resolve) =>
      uni.request({
        url: question.url,
        method: question.method,
        header: question.headers || {},
        timeout: askTimeout,
        dataType: 'text', // not parsed
        responseType: 'text',
        success: ({ statusCode, header, data }) =>
          resolve({
            status: Number(statusCode) || 0,
            headers: lowerCase(header || {}),
            body: typeof data === 'string' ? data : '',
          }),
        fail: () => resolve(nobody),
      }),
    )
  }

  network(): NetworkType {
    let type = 0
    attempt(() => (type = plus.networkinfo ? plus.networkinfo.getCurrentType() : 0), () => {})
    if (type === 1) return 'none'
    if (type === 2 || type === 3) return 'wifi' // a cable counts as Wi-Fi
    return type > 3 ? 'cellular' : 'unknown'
  }

  now(): number {
    return Date.now()
  }

  random(bytes: number): string {
    const some = new Uint8Array(bytes)
    for (let i = 0; i < bytes; i++) some[i] = Math.floor(Math.random() * 256)
    return encodeHex(some)
  }

  later(milliseconds: number, work: () => void): { cancel(): void } {
    const timer = setTimeout(work, milliseconds)
    return { cancel: () => clearTimeout(timer) }
  }

  path(name: string): string {
    return folder + name
  }

  files(): Promise<string[]> {
    return answer<string[]>(nativeTimeout, [], (resolve, none) =>
      plus.io!.resolveLocalFileSystemURL(
        folder.slice(0, -1),
        (dir) => attempt(() => dir.createReader().readEntries((entries) => resolve(entries.filter(isFile).map(nameOf)), none), none),
        none,
      ),
    )
  }

  async facts(name: string): Promise<FileFacts | undefined> {
    const known = await this.info(name, 'sha1')
    if (known === undefined || known.digest.length !== 40) return undefined
    const { size, digest: sha1 } = known
    const head = size < 4 ? undefined : await this.bytes(name, 4)
    // Digests bind the bytes anyway: a phone that reads no bytes still updates.
    const zip = size >= 4 && (head === undefined || encodeHex(head.subarray(0, 4)) === '504b0304')
    return { size, sha1, sha256: await this.sha256(name, size), zip }
  }

  /** Android hands the name on to Java, which knows SHA-256; nothing is documented but md5 and sha1. */
  private async sha256(name: string, size: number): Promise<string | undefined> {
    const native = await this.info(name, 'SHA-256')
    if (native !== undefined && native.digest.length === 64) return native.digest
    if (size > smallFile) return undefined
    const bytes = await this.bytes(name, 0)
    return bytes && bytes.length === size ? encodeHex(sha256(bytes)) : undefined
  }

  protected info(name: string, digestAlgorithm: string): Promise<{ size: number; digest: string } | undefined> {
    return answer<{ size: number; digest: string } | undefined>(nativeTimeout, undefined, (resolve, none) =>
      plus.io!.getFileInfo({
        filePath: plus.io!.convertLocalFileSystemURL(this.path(name)),
        digestAlgorithm,
        success: ({ size, digest }) => resolve({ size: Number(size), digest: String(digest || '').toLowerCase() }),
        fail: none,
      }),
    )
  }

  /** At least the first bytes of a file, or with 0 all. */
  protected async bytes(name: string, first: number): Promise<Uint8Array | undefined> {
    const base64 = await this.part(folder + name, 0, first)
    return base64 === undefined ? undefined : decodeBase64(base64)
  }

  readonly pieces: boolean = true

  /** How much a slice is differs between platforms. With a length of 0 it is the file. */
  part(path: string, at: number, length: number): Promise<string | undefined> {
    return answer<string | undefined>(nativeTimeout, undefined, (resolve, none) => {
      const read = (entry: Entry): void =>
        entry.file((file) => {
          const reader = new plus.io!.FileReader()
          reader.onerror = none
          reader.onloadend = () =>
            attempt(() => {
              const text = String(reader.result)
              resolve(text.slice(text.indexOf(',') + 1).replace(/\s/g, '')) // Android wrapped lines until 3.7.8
            }, none)
          reader.readAsDataURL(length > 0 ? file.slice(at, at + length) : file)
        }, none)
      plus.io!.resolveLocalFileSystemURL(path, (entry) => attempt(() => read(entry), none), none)
    })
  }

  create(name: string): Promise<((base64: string) => Promise<boolean>) | undefined> {
    type Sink = (base64: string) => Promise<boolean>
    return answer<Sink | undefined>(nativeTimeout, undefined, (resolve, none) => {
      const open = (entry: Entry): void =>
        entry.createWriter(
          (writer) =>
            resolve((base64) =>
              answer<boolean>(nativeTimeout, false, (written, failed) => {
                writer.onerror = failed
                writer.onwriteend = () => written(true)
                writer.writeAsBinary(base64)
              }),
            ),
          none,
        )
      const made = (dir: Entry): void => dir.getFile(name, { create: true }, (entry) => attempt(() => open(entry), none), none)
      plus.io!.resolveLocalFileSystemURL(folder.slice(0, -1), (dir) => attempt(() => made(dir), none), none)
    })
  }

  resource(name: string): string {
    return '_www/' + name
  }

  remove(name: string): Promise<void> {
    return answer<void>(nativeTimeout, undefined, (_, done) =>
      plus.io!.resolveLocalFileSystemURL(folder + name, (entry) => attempt(() => entry.remove(done, done), done), done),
    )
  }

  // The runtime's own retries wait 15 s and more, and its timeout is one of silence: both are the caller's.
  download(url: string, name: string, progress: (received: number) => void): Downloading {
    let settle: (transfer: Transfer) => void = () => {}
    const next = (work: () => void): Promise<Transfer> =>
      new Promise((resolve) => {
        settle = resolve
        attempt(work, nothing)
      })
    const nothing = (): void => settle({ status: 0, file: '' })
    const task = plus.downloader!.createDownload(url, { filename: folder + name, retry: 0, retryInterval: 0, timeout: 30 }, (ended, status) =>
      settle({ status: Number(status) || 0, file: String(ended.filename).replace(/^.*\//, '') }),
    )
    task.addEventListener('statechanged', (changed) => {
      if (changed.state === 3) progress(Number(changed.downloadedSize) || 0)
    })
    return {
      done: next(() => task.start()),
      pause() {
        attempt(() => task.pause(), nothing)
        nothing()
      },
      resume: () => next(() => (task.state === 5 ? task.resume() : task.start())),
      abort() {
        attempt(() => task.abort(), nothing) // never calls back
        nothing()
      },
    }
  }

  install(name: string, force: boolean): Promise<Installed> {
    return answer<Installed>(installTimeout, { ok: false, code: undefined }, (resolve) =>
      plus.runtime.install(
        this.path(name),
        { force },
        () => resolve({ ok: true }),
        (error) => resolve({ ok: false, code: codeIn(error) }),
      ),
    )
  }

  restart(): void {
    if (plus.runtime.restart) plus.runtime.restart()
    else if (plus.runtime.quit) plus.runtime.quit()
  }

  openURL(url: string): Promise<boolean> {
    // There is no callback for success.
    return answer(1000, true, (resolve) =>
      attempt(
        () => plus.runtime.openURL(url, () => resolve(false)),
        () => resolve(false),
      ),
    )
  }

  // With a listener the framework itself says no more.
  onError(listener: (message: string) => void): () => void {
    const tell = (error: unknown): void => {
      const message = String((error && (error as Error).stack) || error)
      console.error(message)
      listener(message)
    }
    if (uni.onError) uni.onError(tell)
    return () => {
      if (uni.offError) uni.offError(tell)
    }
  }

  onShow(listener: () => void): void {
    if (uni.onAppShow) uni.onAppShow(listener)
  }
}

/**
 * A phone without plus.io and plus.downloader, as HarmonyOS is: files are where uni.downloadFile puts
 * them, under the name that the address ends with, and are gone at the next start. So nothing can wait
 * for it, and nothing goes on where it broke off.
 */
class BarePhone extends Phone {
  override path(name: string): string {
    return name
  }

  override files(): Promise<string[]> {
    return Promise.resolve([])
  }

  override remove(): Promise<void> {
    return Promise.resolve()
  }

  protected override bytes(): Promise<Uint8Array | undefined> {
    return Promise.resolve(undefined)
  }

  override readonly pieces = false

  protected override info(name: string, digestAlgorithm: string): Promise<{ size: number; digest: string } | undefined> {
    return answer<{ size: number; digest: string } | undefined>(nativeTimeout, undefined, (resolve, none) =>
      uni.getFileInfo({
        filePath: name,
        digestAlgorithm,
        success: ({ size, digest }) => resolve({ size: Number(size), digest: String(digest || '').toLowerCase() }),
        fail: none,
      }),
    )
  }

  override download(url: string, _name: string, progress: (received: number) => void): Downloading {
    let stop = (): void => {}
    const begin = (): Promise<Transfer> =>
      new Promise((resolve) => {
        const nothing = (): void => resolve({ status: 0, file: '' })
        attempt(() => {
          const task = uni.downloadFile({
            url,
            timeout: bareTimeout,
            success: ({ statusCode, tempFilePath }) => resolve({ status: Number(statusCode) || 0, file: String(tempFilePath) }),
            fail: nothing,
          })
          if (task && task.onProgressUpdate) task.onProgressUpdate(({ totalBytesWritten }) => progress(Number(totalBytesWritten) || 0))
          stop = () => {
            attempt(() => task && task.abort(), nothing)
            nothing()
          }
        }, nothing)
      })
    const halt = (): void => stop()
    return { done: begin(), pause: halt, resume: begin, abort: halt }
  }
}

declare function setTimeout(work: () => void, milliseconds: number): number
declare function clearTimeout(timer: number): void
declare const console: { error(message: string): void }

function platformOf(os: string): Host['platform'] {
  if (/^harmony/i.test(os)) return 'harmony'
  return /^(ios|iphone|ipad)/i.test(os) ? 'ios' : 'android'
}

function lowerCase(headers: { [name: string]: unknown }): { [name: string]: string } {
  const lower: { [name: string]: string } = {}
  for (const name of Object.keys(headers)) {
    const key = name.toLowerCase()
    const value = String(headers[name])
    lower[key] = key in lower && lower[key] !== value ? lower[key] + ',' + value : value
  }
  return lower
}

function codeIn(error: { code?: unknown } | undefined): number | undefined {
  const code = Number(error && error.code)
  return isFinite(code) ? code : undefined
}

const isFile = (entry: Entry): boolean => entry.isFile
const nameOf = (entry: Entry): string => entry.name

/** What a call of the runtime answers, or the other value: it may throw, or never call back. */
function answer<T>(milliseconds: number, otherwise: T, ask: (resolve: (value: T) => void, none: () => void) => void): Promise<T> {
  return new Promise((resolve) => {
    const none = (): void => resolve(otherwise)
    setTimeout(none, milliseconds)
    attempt(() => ask(resolve, none), none)
  })
}

function attempt(work: () => void, failed: () => void): void {
  try {
    work()
  } catch (error) {
    failed()
  }
}
