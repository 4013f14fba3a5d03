// The shop's real builds, with the keys of a test in them.
import fs from 'node:fs'
import path from 'node:path'
import { build } from '../../simulator/test/shop.js'

export const shopId = '__UNI__5A0B1C2'

/** The address that the shop has. */
export const shopAddress = 'https://shop.wgtup.example/app'

const placeholders = [/signing:0:placeholder[^"']*/, /recovery:0:placeholder[^"']*/]

/** The files of a build, e.g. '1.1.0' or 'broken/load', for apps that pin these keys. */
export function shopFiles(version, pins) {
  const dir = build(version)
  const names = fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((it) => it.isFile()).map((it) => path.relative(dir, path.join(it.parentPath ?? it.path, it.name)))
  const files = Object.fromEntries(names.map((name) => [name.split(path.sep).join('/'), fs.readFileSync(path.join(dir, name))]))
  let code = files['app-service.js'].toString()
  for (const [at, placeholder] of placeholders.entries()) {
    if (!placeholder.test(code)) throw new Error(`the shop ${version} has no ${placeholder}: node examples/shop/build.mjs`)
    code = code.replace(placeholder, pins[at])
  }
  // manifest.json last, as packages have it
  const { 'manifest.json': manifest, ...rest } = files
  return { ...rest, 'app-service.js': Buffer.from(code), 'manifest.json': manifest }
}
