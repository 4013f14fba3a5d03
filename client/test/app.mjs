// The small app of the simulator's tests, with the client and the boot guard in it.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { guard } from '../guard/wrap.mjs'
import { files } from '../../simulator/test/mini.js'

const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife', globalName: 'wgtup', target: 'es2015', minify: true, logLevel: 'warning' })
const client = outputFiles[0].text

/**
 * The files of a version. `options` are createUpdater's; `early` runs before the client, `load` after the first page's
 * definition, `onLaunch` and `render` in the app; `plugin: false` leaves the confirmation to the app's own code.
 */
export function appFiles(version, { options, early = '', load = '', onLaunch = 'updater.sync()', render = '', plugin = true, guarded = true, ...more } = {}) {
  const made = files(version, { load, onLaunch, render, ...more })
  const { version: of } = JSON.parse(made['manifest.json'])
  const updater = `\n${early}\n${client}\nvar updater = wgtup.createUpdater(${JSON.stringify(options)});\n`
  const code = made['app-service.js']
    .replace('(function (vue) {', (start) => updater + start)
    .replace("app.mount('#app')", (mount) => (plugin ? `app.use(updater.plugin)\n  ${mount}` : mount))
  made['app-service.js'] = guarded ? guard(code, of) : code
  return made
}
