// The uni framework is not in the package: on a phone it lives in the native base. Here it is
// bundled from the public packages of the compiler, once per version.
import crypto from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import vm from 'node:vm'

// The one part that is closed in the base: what app-service.js calls to make the app.
const glue = `
import * as fwModule from '@dcloudio/uni-app-plus/dist/uni.runtime.esm.js'
import * as VueModule from '@dcloudio/uni-app-vue/dist/vue.runtime.esm.prod.js'
import { initApp } from '@dcloudio/uni-app-plus/dist/uni.vue.js'
import * as VueShared from '@vue/shared'
const fw = fwModule.default
const Vue = { ...VueModule }
Vue.createVueApp = Vue.createApp = (component, props) => {
  const app = VueModule.createApp(component, props)
  const mount = app.mount
  app.mount = (selector) => {
    const vm = mount(selector)
    if (selector === '#app') fw.__registerApp(vm)
    return vm
  }
  initApp(app)
  return app
}
fw.uni.VueShared = VueShared
const { uni, getApp, getCurrentPages, __definePage, __registerApp, __registerPage, UniServiceJSBridge } = fw
Object.assign(globalThis, { Vue, __VUE__: Vue, VueShared, uni, wx: uni, getApp, getCurrentPages, __definePage, __registerApp, __registerPage, UniServiceJSBridge })
`

const loaded = new Map()

/**
 * The framework of a project.
 * @param {string} dir a directory with node_modules/@dcloudio, or one below it
 * @returns {{ version: string, script: vm.Script, text: string }} version as in manifest.json, e.g. "4.87"
 */
export function framework(dir) {
  const root = project(dir)
  const require = createRequire(path.join(root, 'package.json'))
  const home = (name) => path.dirname(require.resolve(name + '/package.json'))
  const build = readJSON(path.join(home('@dcloudio/uni-app-plus'), 'package.json')).version
  const esbuild = require('esbuild')
  const key = crypto.createHash('sha256').update(`${build}\n${esbuild.version}\n${glue}`).digest('hex').slice(0, 16)
  if (loaded.has(key)) return loaded.get(key)

  const text = cached(`framework-${key}.js`, () => bundle(esbuild, root, home))
  const found = { version: runtimeVersion(build), text, script: new vm.Script(text, { filename: 'framework.js' }) }
  loaded.set(key, found)
  return found
}

// Only a directory that is ours: the text becomes code.
function cached(name, make) {
  const uid = process.getuid?.() ?? 0
  const dir = path.join(os.tmpdir(), `wgtup-sim-${uid}`)
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (fs.lstatSync(dir).uid !== uid) return make()
  const file = path.join(dir, name)
  if (!fs.existsSync(file)) {
    fs.writeFileSync(`${file}.${process.pid}`, make())
    fs.renameSync(`${file}.${process.pid}`, file)
  }
  return fs.readFileSync(file, 'utf8')
}

function bundle(esbuild, root, home) {
  const result = esbuild.buildSync({
    stdin: { contents: glue, resolveDir: root },
    bundle: true,
    format: 'iife',
    target: 'es2017',
    write: false,
    logLevel: 'silent',
    nodePaths: [path.join(root, 'node_modules')],
    alias: { vue: path.join(home('@dcloudio/uni-app-vue'), 'dist/vue.runtime.esm.prod.js') },
    define: {
      'process.env.NODE_ENV': '"production"',
      global: 'globalThis',
      'exports.platform': '__VUE_PLATFORM__',
    },
    banner: { js: 'var __VUE_PLATFORM__ = weex.config.env.platform;' },
  })
  return result.outputFiles[0].text
}

// 3.0.0-4080720251210001 was made by compiler 4.87.
function runtimeVersion(build) {
  const [, major, minor, patch] = build.match(/-(?:alpha-)?(\d)(\d\d)(\d\d)\d/) ?? []
  return `${Number(major)}.${Number(minor)}${Number(patch)}`
}

function project(dir) {
  for (let at = path.resolve(dir); ; at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, 'node_modules/@dcloudio/uni-app-plus'))) return at
    if (at === path.dirname(at)) {
      throw new Error(`find framework: no node_modules/@dcloudio/uni-app-plus in ${dir} or above`)
    }
  }
}

function readJSON(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'))
}
