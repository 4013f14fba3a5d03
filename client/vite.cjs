// The Vite plugin: puts the boot guard into what the uni-app compiler made. CommonJS, because a
// vite.config.js without "type": "module" cannot load anything else.

const file = 'app-service.js'
const platforms = ['app', 'app-plus', 'app-harmony']

/** The plugin. It changes the app's service script and its source map, and nothing for H5 and mini-programs. */
exports.wgtup = function wgtup() {
  return {
    name: 'wgtup-client',
    enforce: 'post',
    apply: 'build',
    generateBundle: {
      // after everything that still rewrites code there
      order: 'post',
      async handler(options, bundle) {
        const script = bundle[file]
        const manifest = bundle['manifest.json']
        if (!platforms.includes(process.env.UNI_PLATFORM) || !script || !manifest) return
        const { guard, isGuarded } = await import('./guard/wrap.mjs')
        if (isGuarded(script.code)) return
        const code = script.code.replace(inlineMap, (all, start, data) => start + encode(lower(decode(data))))
        script.code = guard(code, JSON.parse(String(manifest.source)).version)
        if (script.map) script.map.mappings = ';' + script.map.mappings
        const map = bundle[file + '.map']
        if (map) map.source = lower(String(map.source))
      },
    },
  }
}

const inlineMap = /(\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,)([\w+/=]+)/

/** The source map of code that begins one line lower: below the guard. */
function lower(json) {
  const map = JSON.parse(json)
  map.mappings = ';' + map.mappings
  return JSON.stringify(map)
}

const decode = (data) => Buffer.from(data, 'base64').toString('utf8')
const encode = (text) => Buffer.from(text, 'utf8').toString('base64')
