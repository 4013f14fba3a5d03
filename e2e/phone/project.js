// A project with the real command: a store, keys, and what phones see of it.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const binaries = fs.mkdtempSync(path.join(os.tmpdir(), 'wgtup-e2e-bin-'))
process.on('exit', () => fs.rmSync(binaries, { recursive: true, force: true }))

const built = new Map()

/** A command of this module, built once. */
export function binary(name) {
  if (!built.has(name)) {
    const file = path.join(binaries, path.basename(name) + '.exe')
    execFileSync('go', ['build', '-o', file, './' + name], { cwd: root })
    built.set(name, file)
  }
  return built.get(name)
}

/** Starts a server that says in lines of text where it is, and ends with the test as it likes to be ended. */
function server(t, file, args, end) {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  t.after(async () => {
    const ended = once(child, 'exit')
    end(child)
    if (child.exitCode === null && child.signalCode === null) await ended
  })
  return { child, line: async () => (await lines.next()).value }
}

export class Project {
  /** @param {'s3'|'dir'} kind of store: versitygw, or a folder behind wgtup serve */
  static async make(t, kind, app) {
    const project = new Project()
    project.command = binary('cmd/wgtup')
    project.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'wgtup-e2e-project-'))
    t.after(() => fs.rmSync(project.dir, { recursive: true, force: true }))
    project.env = { ...process.env, CI: '1', LC_ALL: 'C', WGTUP_BY: 'tester', WGTUP_COMMIT: '0123456789ab' }
    let store = 'dir:./bucket'
    if (kind === 's3') {
      const gateway = server(t, binary('e2e/gateway'), [], (child) => child.stdin.end())
      gateway.child.stdin.write('\n')
      const place = JSON.parse(await gateway.line())
      store = place.store
      project.public = place.public
      Object.assign(project.env, place.env)
    } else {
      const serve = ['serve', '--store', 'dir:' + path.join(project.dir, 'bucket'), '--addr', '127.0.0.1:0']
      project.public = (await server(t, project.command, serve, (child) => child.kill()).line()).trim()
    }
    const init = project.ok('init', '--store', store, '--public-url', project.public, '--app', app, '-y', '--json')
    project.pins = JSON.parse(init).keys
    return project
  }

  /** Runs the command, which must succeed, and answers what it prints. */
  ok(...args) {
    return execFileSync(this.command, args, { cwd: this.dir, env: this.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  }

  /** A build with this project's keys in it, as a directory. */
  build(files, name) {
    const dir = path.join(this.dir, 'build-' + name)
    for (const [file, data] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true })
      fs.writeFileSync(path.join(dir, file), data)
    }
    return dir
  }
}
