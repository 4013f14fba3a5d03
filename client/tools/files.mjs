// The files of the package, as npm publishes them and as a uni_modules folder holds them.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const client = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** Paths below the client's folder, sorted; `npm pack` has the same. */
export function files() {
  const { files } = JSON.parse(fs.readFileSync(path.join(client, 'package.json'), 'utf8'))
  const always = ['package.json', 'readme.md', 'license.md']
  return [...always, ...files].flatMap(below).sort()
}

function below(name) {
  const at = path.join(client, name)
  if (!fs.existsSync(at)) throw new Error(`${at} is missing; run: npm run build (in ${client})`)
  if (!fs.statSync(at).isDirectory()) return [name]
  return fs.readdirSync(at).flatMap((entry) => below(`${name}/${entry}`))
}
