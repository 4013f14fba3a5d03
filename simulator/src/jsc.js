// The same service layer in JavaScriptCore, the engine of iOS: does it parse, start and draw?
// Faults, files and what an install does are the business of Phone.
import { execFileSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { framework } from './framework.js'
import { Page } from './view/page.js'

const world = fileURLToPath(new URL('./jsc/world.js', import.meta.url))

/**
 * @param {object} options
 * @param {string} options.app a compiled app @param {string} [options.framework] as for Phone
 * @param {'android'|'ios'} [options.platform] @param {string} [options.script] runs after the app's own code
 * @param {Record<string, { status?: number, headers?: Record<string, string>, body?: Buffer|string }>} [options.answers] by
 *   "GET https://…", without query; anything else fails
 * @param {number} [options.milliseconds] of virtual time @param {boolean} [options.jit]
 * @returns {{ errors, console, messages, requests, installs, page: Page }} page: the first one
 */
export function runInJsc({ app, framework: dir = app, platform = 'ios', native = { name: '1.0.0', code: '100' }, script = '', answers = {}, milliseconds = 12_000, jit = true, jsc = 'jsc' }) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'wgtup-sim-jsc-'))
  try {
    const file = (name, text) => {
      fs.writeFileSync(path.join(work, name), text)
      return path.join(work, name)
    }
    const boot = {
      manifest: JSON.parse(fs.readFileSync(path.join(app, 'manifest.json'), 'utf8')),
      platform,
      native,
      milliseconds,
      answers: Object.fromEntries(Object.entries(answers).map(([what, answer]) => [what, told(answer)])),
      files: [
        ['app-config-service.js', path.resolve(app, 'app-config-service.js')],
        ['framework.js', file('framework.js', framework(dir).text)],
        ['app-service.js', path.resolve(app, 'app-service.js')],
        ['script.js', file('script.js', script)],
      ],
    }
    const out = execFileSync(jsc, [`--useJIT=${jit}`, file('boot.js', `const boot = ${JSON.stringify(boot)}`), world], { encoding: 'utf8', maxBuffer: 1e8 })
    return read(out.split('\n').filter(Boolean).map((line) => JSON.parse(line)))
  } finally {
    fs.rmSync(work, { recursive: true, force: true })
  }
}

// The engine has no digests and no bytes: it is told what a phone would find.
function told({ status = 200, headers = {}, body = '' }) {
  const bytes = Buffer.from(body)
  const hash = (name) => crypto.createHash(name).update(bytes).digest('hex')
  return { status, headers, text: bytes.toString('utf8'), base64: bytes.toString('base64'), size: bytes.length, sha1: hash('sha1'), sha256: hash('sha256') }
}

function read(messages) {
  const of = (type) => messages.filter((message) => message[0] === type).map((message) => message[1])
  const page = new Page(() => {})
  for (const { id, js } of of('view')) if (id === '1') page.eval(js)
  return { messages, errors: of('error'), console: of('console'), requests: of('request'), installs: of('install'), page }
}
