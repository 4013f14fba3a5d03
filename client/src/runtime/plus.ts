// What the client uses of plus.* and uni.*, typed as the runtime behaves: values of unknown type
// are those that differ between platforms and versions (HTML5+ types 3.4.32, frameworks 4.87 and 5.24).

export interface Entry {
  readonly name: string
  readonly isFile: boolean
  remove(ok: () => void, fail: (error: unknown) => void): void
  createReader(): { readEntries(ok: (entries: Entry[]) => void, fail: (error: unknown) => void): void }
  file(ok: (file: { slice(start: number, end: number): unknown }) => void, fail: (error: unknown) => void): void
  getFile(name: string, flags: { create: boolean }, ok: (entry: Entry) => void, fail: (error: unknown) => void): void
  createWriter(ok: (writer: FileWriter) => void, fail: (error: unknown) => void): void
}

interface FileWriter {
  onwriteend?: () => void
  onerror?: () => void
  writeAsBinary(base64: string): void
}

export interface Task {
  /** 3: receiving, 5: paused. */
  readonly state: number
  readonly filename: string
  readonly downloadedSize: number
  addEventListener(name: 'statechanged', listener: (task: Task) => void): void
  start(): void
  pause(): void
  resume(): void
  abort(): void
}

interface FileReader {
  result: unknown
  onloadend?: () => void
  onerror?: () => void
  readAsDataURL(file: unknown): void
}

export interface Plus {
  os: { name?: string; language?: string }
  runtime: {
    appid: string
    version: string
    versionCode: string | number
    getProperty(app: string, done: (info: { version?: unknown; versionCode?: unknown }) => void): void
    install(file: string, options: { force: boolean }, ok: () => void, fail: (error: { code?: unknown }) => void): void
    restart?: () => void
    quit?: () => void
    openURL(url: string, fail: () => void): void
  }
  storage?: { getItem(key: string): string | null; setItem(key: string, text: string): void; removeItem(key: string): void }
  networkinfo?: { getCurrentType(): number }
  downloader?: {
    createDownload(url: string, options: object, done: (task: Task, status: number) => void): Task
  }
  io?: {
    FileReader: new () => FileReader
    resolveLocalFileSystemURL(url: string, ok: (entry: Entry) => void, fail: (error: unknown) => void): void
    convertLocalFileSystemURL(url: string): string
    getFileInfo(options: {
      filePath: string
      digestAlgorithm: string
      success: (info: { size?: unknown; digest?: unknown }) => void
      fail: (error: unknown) => void
    }): void
  }
}

export interface Uni {
  request(options: {
    url: string
    method: string
    header: { [name: string]: string }
    timeout: number
    dataType: string
    responseType: string
    success: (answer: { statusCode?: unknown; header?: { [name: string]: unknown }; data?: unknown }) => void
    fail: () => void
  }): void
  downloadFile(options: {
    url: string
    timeout: number
    success: (answer: { statusCode?: unknown; tempFilePath?: unknown }) => void
    fail: () => void
  }): { abort(): void; onProgressUpdate?: (listener: (progress: { totalBytesWritten?: unknown }) => void) => void } | undefined
  getFileInfo(options: {
    filePath: string
    digestAlgorithm: string
    success: (info: { size?: unknown; digest?: unknown }) => void
    fail: () => void
  }): void
  getStorageSync(key: string): unknown
  setStorageSync(key: string, text: string): void
  removeStorageSync(key: string): void
  getSystemInfoSync?: () => { osName?: string }
  getLocale?: () => string
  onError?: (listener: (error: unknown) => void) => void
  offError?: (listener: (error: unknown) => void) => void
  onAppShow?: (listener: () => void) => void
}
