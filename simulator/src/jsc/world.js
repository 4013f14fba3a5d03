// Runs inside the `jsc` shell, which has no timers, no console and no native side: a small phone
// whose network is a table of answers and whose files are what was downloaded, enough for the
// service layer to start, to draw, and to ask for an install.
// `boot` is set before; every line printed is one JSON message.

const tell = (type, data) => print(JSON.stringify([type, data]))
const queue = []
let elapsed = 0
let lastTimer = 0

function timer(fn, ms, every) {
  const id = ++lastTimer
  queue.push({ id, at: elapsed + (Number(ms) || 0), fn, every })
  return id
}
globalThis.setTimeout = (fn, ms, ...args) => timer(() => fn(...args), ms)
globalThis.setInterval = (fn, ms, ...args) => timer(() => fn(...args), ms, Math.max(1, ms))
globalThis.clearTimeout = globalThis.clearInterval = (id) => {
  const at = queue.findIndex((it) => it.id === id)
  if (at >= 0) queue.splice(at, 1)
}
globalThis.console = {}
for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
  console[level] = (...args) => tell('console', { level, text: args.map((arg) => (arg instanceof Error ? `${arg}\n${arg.stack}` : typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ') })
}

function attempt(where, fn) {
  try {
    fn()
  } catch (error) {
    tell('error', { where, message: String(error && error.message), stack: String(error && error.stack) })
  }
  drainMicrotasks()
}

// Lets virtual milliseconds pass.
function run(ms) {
  const end = elapsed + ms
  for (;;) {
    drainMicrotasks()
    queue.sort((a, b) => a.at - b.at || a.id - b.id)
    if (!queue.length || queue[0].at > end) break
    const it = queue.shift()
    elapsed = Math.max(elapsed, it.at)
    if (it.every) queue.push({ ...it, at: elapsed + it.every })
    attempt('timer', it.fn)
  }
  elapsed = end
}

const listeners = {}
const later = (fn, value) => fn && setTimeout(() => fn(value), 1)
const views = {}

function view(id) {
  const style = {}
  const nothing = () => {}
  const made = {
    id, loaded: undefined, nvue: undefined, __uniapp_route: undefined, popupSubNVueWebviews: undefined,
    evalJS: (js) => tell('view', { id, js }),
    show: (animation, duration, done) => later(done),
    getStyle: () => style,
    setStyle: (next) => Object.assign(style, next),
    getSafeAreaInsets: () => insets,
    children: () => [],
    hide: nothing, close: nothing, addEventListener: nothing, append: nothing,
  }
  views[id] = made
  setTimeout(() => listeners.plusMessage && listeners.plusMessage({ data: { type: 'subscribeHandler', args: { type: 'onWebviewReady', data: {}, pageId: id } } }), 20)
  return made
}

const insets = { top: 24, bottom: 0, left: 0, right: 0, deviceTop: 24, deviceBottom: 0, deviceLeft: 0, deviceRight: 0 }
const { manifest, platform, native } = boot
const ios = platform === 'ios'
const store = {}

// What the network answers, and what was downloaded: { status, headers, text, base64, size, sha1, sha256 }.
const answerTo = (method, url) => boot.answers[`${method} ${url.split('?')[0]}`]
const files = {}
const nameOf = (path) => path.replace(/^\/data\//, '')

function entry(name) {
  if (files[name]) {
    return {
      isFile: true, isDirectory: false, name: name.split('/').pop(), fullPath: '/data/' + name,
      file: (ok) => later(ok, { name, slice: (start, end) => ({ name, end: end + (ios ? 0 : 1) }) }),
      remove: (ok) => (delete files[name], later(ok)),
    }
  }
  const inside = Object.keys(files).filter((it) => it.startsWith(name + '/'))
  if (inside.length) return { isFile: false, isDirectory: true, name, createReader: () => ({ readEntries: (ok) => later(ok, inside.map(entry)) }) }
}

function found(url, ok, fail) {
  const it = entry(nameOf(url))
  it ? later(ok, it) : later(fail, { code: 14, message: '文件不存在' })
}

function getFileInfo({ filePath, digestAlgorithm, success, fail }) {
  const file = files[nameOf(filePath)]
  const digest = { sha1: file && file.sha1, 'sha-256': ios || !file ? undefined : file.sha256 }[digestAlgorithm.toLowerCase()]
  file ? later(success, { size: file.size, digest: ios || !digest ? digest : digest.toUpperCase() }) : later(fail, { code: 14 })
}

class FileReader {
  readAsDataURL({ name, end }) {
    const { base64 } = files[name]
    this.result = 'data:application/octet-stream;base64,' + (end ? base64.slice(0, Math.ceil(end / 3) * 4) : base64)
    later(() => this.onloadend && this.onloadend({ target: this }))
  }
}

function createDownload(url, { filename }, done) {
  const listeners = []
  const task = {
    state: 0, filename, downloadedSize: 0, totalSize: 0,
    addEventListener: (name, fn) => listeners.push(fn),
    setRequestHeader() {}, pause() {}, resume() {}, abort() {},
    start() {
      tell('request', { method: 'GET', url })
      const answer = answerTo('GET', url)
      if (!answer || answer.status !== 200) return later(() => done(task, ios ? 0 : 400))
      files[filename] = answer
      Object.assign(task, { state: 3, downloadedSize: answer.size, totalSize: answer.size })
      later(() => {
        listeners.forEach((fn) => fn(task, 200))
        task.state = 4
        done(task, 200)
      })
    },
  }
  return task
}

function fetch({ method, url }, done) {
  tell('request', { method, url })
  const answer = answerTo(method, url)
  if (!answer) return later(done, { ok: false, status: -1, data: null, headers: {}, errorMsg: 'no answer in jsc' })
  later(done, { ok: answer.status < 300, status: answer.status, data: method === 'HEAD' ? '' : answer.text, headers: answer.headers, errorMsg: '' })
}

var plus = {
  os: { name: ios ? 'iOS' : 'Android', version: ios ? '17.0' : '13' },
  globalEvent: { addEventListener: (name, fn) => (listeners[name] = fn) },
  navigator: { setStatusBarStyle() {}, getStatusBarStyle: () => 'dark', getStatusbarHeight: () => 24, isImmersedStatusbar: () => true, getSafeAreaInsets: () => insets, getUIStyle: () => 'light', getOrientation: () => 0, closeSplashscreen() {} },
  screen: { scale: 3, getCurrentSize: () => ({ resolutionWidth: 360, resolutionHeight: 780, width: 1080, height: 2340 }) },
  key: { addEventListener() {}, removeEventListener() {} },
  networkinfo: { getCurrentType: () => 1 },
  storage: { getItem: (key) => (key in store ? store[key] : null), setItem: (key, text) => (store[key] = String(text)), removeItem: (key) => delete store[key], getLength: () => Object.keys(store).length, key: (index) => Object.keys(store)[index] },
  runtime: {
    appid: manifest.id, version: native.name, versionCode: native.code, innerVersion: '1.9.9.81676', launcher: 'default', channel: '', arguments: '',
    getProperty: (appid, done) => later(done, { appid, version: manifest.version.name, versionCode: String(manifest.version.code), name: manifest.name, features: Object.keys(manifest.permissions) }),
    install: (file, options, ok) => (tell('install', { file, ...options }), later(ok, {})),
    restart: () => tell('restart', {}),
    quit: () => tell('quit', {}),
  },
  io: { convertLocalFileSystemURL: (url) => '/data/' + url, convertAbsoluteFileSystem: nameOf, resolveLocalFileSystemURL: found, getFileInfo, FileReader },
  downloader: { createDownload },
  nativeUI: { toast() {}, closeToast() {}, showWaiting: () => ({ close() {} }), closeWaiting() {}, confirm: (message, done, title) => tell('ui', { type: 'confirm', title, message }) },
  webview: { getWebviewById: (id) => views[id] || null, getLaunchWebview: () => views[1], create: (url, id) => view(String(id)) },
}
const system = { osName: ios ? 'ios' : 'android', osVersion: plus.os.version, deviceBrand: '', deviceModel: '', appId: manifest.id, appName: manifest.name, appVersion: native.name, appVersionCode: native.code, appWgtVersion: manifest.version.name, uniPlatform: 'app' }
const modules = {
  plus: { getLanguage: () => 'zh-Hans', getRedirectInfo: () => ({}), getAppState: () => 1, getSystemInfoSync: () => system },
  globalEvent: { addEventListener() {} },
  stream: { fetch },
}
var weex = { config: { env: { platform: plus.os.name, scale: 3, deviceWidth: 1080, deviceHeight: 2340 }, preload: false, bundleUrl: '' }, requireModule: (name) => modules[name] }
var __uniConfig = {}
var __uniRoutes = []
var __channelId__ = '1'
globalThis.service = { register: (name, it) => { service.config = it.create('1', { weex }, {}).instance } }

view('1')
for (const [name, file] of boot.files) {
  attempt(name, () => load(file))
  if (name === 'app-config-service.js') ({ __uniConfig, __uniRoutes } = service.config)
}
run(boot.milliseconds)
