// The shop's real builds, and phones to put them on.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Phone } from '../src/index.js'

const cache = fileURLToPath(new URL('../../.cache/shop/', import.meta.url))

/** Nobody listens there: the shop asks for updates at every start, and tests talk to this machine only. */
export const nowhere = 'http://127.0.0.1:9'

export const versions = ['1.0.0', '1.0.1', '1.1.0', '1.1.1', '1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.6.0', '2.0.0']

/** The compiled app of a version. */
export function build(version) {
  const dir = path.join(cache, 'out', version)
  if (!fs.existsSync(path.join(dir, 'manifest.json'))) {
    throw new Error(`the shop ${version} is not built; run: node examples/shop/build.mjs`)
  }
  return dir
}

/** The compiler's packages that made a version. */
export function modules(version) {
  const wanted = version === '2.0.0' ? '-50204' : '-40807'
  const root = path.join(cache, 'modules')
  for (const name of fs.readdirSync(root)) {
    const file = path.join(root, name, 'node_modules/@dcloudio/uni-app-plus/package.json')
    if (fs.existsSync(file) && JSON.parse(fs.readFileSync(file)).version.includes(wanted)) return path.join(root, name)
  }
  throw new Error(`the compiler of the shop ${version} is not installed; run: node examples/shop/build.mjs`)
}

/** A phone that is closed when the test ends. */
export function phone(test, { version = '1.0.0', ...options } = {}) {
  const made = new Phone({ builtIn: build(version), framework: modules(version), ...options })
  made.network.route('https://shop.wgtup.example', nowhere)
  test.after(() => made.close())
  return made
}
