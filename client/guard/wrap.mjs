// Puts the boot guard into a compiled app-service.js. Package wgt does the same in Go.
import fs from 'node:fs'

const head = '/*wgtup-guard 1*/'
const tail = '\n/*wgtup-guard end*/wgtupBoot.loaded();\n'

/** The guarded form of a script. @param {{ name: string, code: string|number }} version of the package */
export function guard(script, { name, code }) {
  if (isGuarded(script)) return script
  return `${guardText()}(${JSON.stringify(String(name))},${JSON.stringify(String(Number(code)))});\n${script}${tail}`
}

export function isGuarded(script) {
  return script.startsWith(head)
}

/** The guard's text, without the version that it is called with. */
export function guardText() {
  return fs.readFileSync(new URL('../dist/guard.txt', import.meta.url), 'utf8')
}
