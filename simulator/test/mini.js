// A very small app, in the shape in which the compiler makes one. For tests that need many
// starts, or code that misbehaves.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { zipSync } from 'fflate'
import { Phone } from '../src/index.js'
import { modules } from './shop.js'

export const appid = '__UNI__0000001'

/** The files of a version. `onLaunch`, `load` and `render` are code that runs there. */
export function files(version, { id = appid, permissions = ['UniNView'], manifest = {}, onLaunch = '', load = '', render = '', extra = {} } = {}) {
  const config = `(function () {
    const u = void 0
    const __uniConfig = { pages: [], globalStyle: { navigationBar: {} }, appname: 'mini', splashscreen: { alwaysShowBeforeRender: true, autoclose: true }, compilerVersion: '4.87', entryPagePath: 'pages/index/index', entryPageQuery: '', networkTimeout: { request: 60000 }, locales: {}, styles: [] }
    const meta = (entry) => ({ isQuit: entry, isEntry: entry, navigationBar: { style: 'custom' }, isNVue: false })
    const __uniRoutes = [{ path: '/pages/index/index', meta: { ...meta(true), route: 'pages/index/index' } }, { path: '/pages/second/second', meta: { ...meta(false), route: 'pages/second/second' } }]
    service.register('uni-app-config', { create(a, b, c) { return { instance: { __uniConfig, __uniRoutes, window: u, document: u, navigator: u, location: u, fetch: u } } } })
  })()`
  const service = `uni.restoreGlobal && uni.restoreGlobal(Vue, weex, plus, setTimeout, clearTimeout, setInterval, clearInterval);
(function (vue) {
  const text = (t) => vue.createElementVNode('text', null, t, 1)
  const Index = { setup() { return () => { ${render}; return text('index ${version}') } } }
  __definePage('pages/index/index', Index)
  ${load}
  __definePage('pages/second/second', { setup() { return () => text('second ${version}') } })
  const App = { onLaunch() { ${onLaunch} } }
  const app = vue.createVueApp(App)
  app.provide('__globalStyles', __uniConfig.styles)
  app._component.mpType = 'app'
  app._component.render = () => {}
  app.mount('#app')
})(Vue)`
  const made = {
    id,
    name: 'mini',
    version: { name: version, code: String(Number(version.split('.').join(''))) },
    permissions: Object.fromEntries(permissions.map((name) => [name, {}])),
    plus: { 'uni-app': { control: 'uni-v3', vueVersion: '3', compilerVersion: '4.87' } },
    launch_path: '__uniappview.html',
    ...manifest,
  }
  return {
    '__uniappview.html': '<!doctype html>',
    'app-config-service.js': config,
    'app-service.js': service,
    'static/a.txt': `a ${version}`,
    ...extra,
    'manifest.json': JSON.stringify(made),
  }
}

/** The same as a directory, removed when the test ends. */
export function directory(test, version, options) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'wgtup-sim-mini-'))
  test.after(() => fs.rmSync(dir, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files(version, options))) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
    fs.writeFileSync(path.join(dir, name), text)
  }
  return dir
}

/** A package of named texts, in their order. */
export function wgt(texts) {
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]))))
}

/** A phone with the small app. */
export function phone(test, version = '1.0.0', { app, ...options } = {}) {
  const made = new Phone({ builtIn: options.builtIn ?? directory(test, version, app), framework: modules('1.0.0'), ...options })
  test.after(() => made.close())
  return made
}

/** Puts bytes into a file of the app's world. */
export function put(phone, name, bytes) {
  phone.disk.write(phone.resolve(name), bytes)
}

/** What install answers: `{ ok }` or `{ code, message }`. */
export function install(boot, file, options = {}) {
  return boot.resolve(`new Promise((done) => plus.runtime.install(${JSON.stringify(file)}, ${JSON.stringify(options)}, (ok) => done({ ok }), done))`)
}
