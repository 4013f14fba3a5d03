// Runs inside the `jsc` shell, which has no timers, no console and no native side: a small
// phone without network and files, enough for the service layer to start and to draw.
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
const failed = (ok, fail) => later(fail, { code: 14, message: '文件不存在' })

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
    restart: () => tell('restart', {}),
    quit: () => tell('quit', {}),
  },
  io: { convertLocalFileSystemURL: (url) => '/data/' + url, convertAbsoluteFileSystem: (file) => file, resolveLocalFileSystemURL: (url, ok, fail) => failed(ok, fail) },
  nativeUI: { toast() {}, closeToast() {}, showWaiting: () => ({ close() {} }), closeWaiting() {}, confirm: (message, done, title) => tell('ui', { type: 'confirm', title, message }) },
  webview: { getWebviewById: (id) => views[id] || null, getLaunchWebview: () => views[1], create: (url, id) => view(String(id)) },
}
const system = { osName: ios ? 'ios' : 'android', osVersion: plus.os.version, deviceBrand: '', deviceModel: '', appId: manifest.id, appName: manifest.name, appVersion: native.name, appVersionCode: native.code, appWgtVersion: manifest.version.name, uniPlatform: 'app' }
const modules = {
  plus: { getLanguage: () => 'zh-Hans', getRedirectInfo: () => ({}), getAppState: () => 1, getSystemInfoSync: () => system },
  globalEvent: { addEventListener() {} },
  stream: { fetch: (options, done) => later(done, { ok: false, status: -1, data: null, headers: {}, errorMsg: 'no network in jsc' }) },
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
