// A very small app with the real client and the real guard in it, in the shape in which the
// compiler makes one. Cases that need a real build take the shop (shop.js).
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { guard } from '../../client/guard/wrap.mjs'
import { appid, files } from '../../simulator/test/mini.js'

const client = fileURLToPath(new URL('../../client/', import.meta.url))
const { buildSync } = createRequire(client + 'package.json')('esbuild')

/** The address that the app has. */
export const address = 'https://app.example/my-app'

/** The client as an app's own build would bundle it: a script that makes `wgtup`. */
export const bundle = buildSync({
  absWorkingDir: client, entryPoints: ['dist/index.js'], bundle: true, format: 'iife', globalName: 'wgtup',
  target: 'es2015', write: false, logLevel: 'silent',
}).outputFiles[0].text

/**
 * The files of a version.
 * @param {string} version
 * @param {object} options
 * @param {string[]} options.pins @param {object} [options.options] more of createUpdater's
 * @param {string} [options.onLaunch] default: updater.sync()
 * @param {string} [options.load] code that runs while the app is loaded
 * @param {string} [options.render] code that runs while the first page is drawn
 * @param {boolean} [options.guarded] @param {string} [options.ready] auto: the plugin confirms
 * @param {object} [options.manifest] @param {string[]} [options.permissions] @param {object} [options.extra] more files
 */
export function app(version, { pins, options = {}, onLaunch = 'updater.sync()', load = '', render = '', guarded = true, ready = 'auto', code, ...more }) {
  const made = files(version, { onLaunch, render, ...more })
  const settings = { url: address, publicKeys: pins, ready, ...options }
  const service = made['app-service.js']
    .replace('(function (vue) {', `${bundle}
var updater = wgtup.createUpdater(${JSON.stringify(settings)});
['checked', 'offered', 'downloaded', 'restarting', 'confirmed', 'recovered', 'problem'].forEach(function (name) {
  updater.on(name, function (it) { console.log('wgtup ' + name + ' ' + JSON.stringify(it)) })
});
$&
  ${load}`)
    .replace(`app.provide(`, `app.use(updater.plugin)\n  $&`)
  const manifest = JSON.parse(made['manifest.json'])
  if (code !== undefined) manifest.version.code = String(code)
  return {
    ...made,
    'app-service.js': guarded ? guard(service, manifest.version) : service,
    'manifest.json': JSON.stringify(manifest),
  }
}

export { appid }
