// The world as the client sees it. runtime/uni.ts is the one implementation for phones; tests hand
// in their own. No method throws and no promise is rejected: what fails is said in the answer.

/** An answer of a server, or the lack of one. */
export interface Answer {
  /** 0: there was none. */
  status: number
  /** Names in lower case. */
  headers: { [name: string]: string }
  body: string
}

export interface Question {
  method: 'HEAD' | 'GET'
  url: string
  headers?: { [name: string]: string }
}

/** What plus.runtime.install answered. A number is the runtime's own code; undefined: it never answered. */
export type Installed = { ok: true } | { ok: false; code: number | undefined }

/** A file in the client's own folder. */
export interface FileFacts {
  size: number
  /** Lower-case hex. */
  sha1: string
  /** Lower-case hex; undefined where the platform cannot and the file is too big for JavaScript. */
  sha256: string | undefined
  /** Whether it begins as a zip file does. */
  zip: boolean
}

export interface Transfer {
  /** The answer's status as the platform tells it (Android says 400 for every failure); 0: none. */
  status: number
  /** Where it lies, which need not be the name that was asked for. "" without a file. */
  file: string
}

export interface Downloading {
  done: Promise<Transfer>
  /** Ends what is at work with status 0, and keeps the part that came. */
  pause(): void
  /** Goes on after a failure where it broke off, on the same address. */
  resume(): Promise<Transfer>
  abort(): void
}

export type NetworkType = 'none' | 'wifi' | 'cellular' | 'unknown'

export interface Host {
  readonly platform: 'android' | 'ios' | 'harmony'
  /** plus.runtime.appid. */
  readonly app: string
  /** plus.runtime.version and versionCode: what no wgt changes. */
  readonly native: { name: string; code: string }
  /** Preferred languages, e.g. "zh-Hans". */
  readonly language: string

  /** plus.runtime.getProperty: the resources on disk, which are those that run until something is installed. */
  resources(): Promise<{ name: string; code: string } | undefined>

  /** Synchronous and kept over restarts; read answers undefined, write false when it cannot. */
  read(key: string): string | undefined
  write(key: string, text: string | undefined): boolean

  ask(question: Question): Promise<Answer>
  network(): NetworkType
  /** Milliseconds since 1970, by the phone's clock. */
  now(): number
  /** Random bytes, hex. */
  random(bytes: number): string
  later(milliseconds: number, work: () => void): { cancel(): void }

  /** Names of the files in the client's folder. */
  files(): Promise<string[]>
  facts(name: string): Promise<FileFacts | undefined>
  remove(name: string): Promise<void>
  /** Downloads to the client's folder. progress: bytes so far. */
  download(url: string, name: string, progress: (received: number) => void): Downloading
  /** Whether files can be read and written piece by piece, which patches need: part and create. */
  readonly pieces: boolean
  /**
   * Base64 of bytes of a file, from a place on: about as many as asked for, one more on Android, or the whole
   * file on old bases. undefined: it cannot be read.
   */
  part(path: string, at: number, length: number): Promise<string | undefined>
  /** A new file in the client's folder: answers what writes base64 behind what is there, with false when it cannot. */
  create(name: string): Promise<((base64: string) => Promise<boolean>) | undefined>
  /** The path of a file of what runs. */
  resource(name: string): string
  /** plus.runtime.install of a file of the client's folder. */
  install(name: string, force: boolean): Promise<Installed>
  /** The path of a file as the boot guard needs it. */
  path(name: string): string

  /** False where an app cannot restart itself: then it can only quit. */
  readonly restarts: boolean
  restart(): void
  openURL(url: string): Promise<boolean>
  /** Errors that nobody caught, until the answer is called. */
  onError(listener: (message: string) => void): () => void
  onShow(listener: () => void): void
}
