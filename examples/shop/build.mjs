#!/usr/bin/env node
// Builds the shop's versions: node build.mjs [--out DIR] [VERSION...]
//
// This folder is version 1.0.0; versions/<v>/ is laid over everything before it (files added or
// changed, remove.txt naming the ones that go), broken/<name>/ over 1.2.0. Each gets wgtup-client in
// src/uni_modules, as HBuilderX would put it there. A finished tree lands in <out>/<v>/, next to
// <out>/<v>.json, which says what it was made of: same inputs, same tree, so it is not built again.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { client, files as clientFiles } from '../../client/tools/files.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const cache = path.resolve(here, '../../.cache/shop')
const rootFiles = ['.npmrc', 'package.json', 'package-lock.json', 'vite.config.js']
const workRoot = path.join(cache, 'work')
const workDir = path.join(workRoot, String(process.pid))
const required = ['manifest.json', 'app-service.js', 'app-config-service.js', '__uniappview.html']

function walk(dir, prefix = '') {
  return fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const name = prefix + entry.name
    return entry.isDirectory() ? walk(path.join(dir, entry.name), name + '/') : [name]
  })
}

const hashes = new Map()
function hashFile(file) {
  if (!hashes.has(file)) hashes.set(file, createHash('sha256').update(fs.readFileSync(file)).digest('hex'))
  return hashes.get(file)
}

// manifest.json is JSON with comments; only these three fields are needed.
function field(manifest, name) {
  const found = fs.readFileSync(manifest, 'utf8').match(new RegExp(`"${name}"\\s*:\\s*"([^"]*)"`))
  if (!found) throw new Error(`${manifest}: no ${name}`)
  return found[1]
}

// The version that each broken/<name> is a failed attempt at.
const attempt = '1.2.0'

// All versions, oldest first, each with its files (path in the project -> file on disk), and the
// broken ones.
function plan() {
  const files = new Map()
  for (const name of rootFiles) files.set(name, path.join(here, name))
  for (const name of walk(path.join(here, 'src'))) files.set('src/' + name, path.join(here, 'src', name))
  const code = clientFiles().filter((name) => !name.endsWith('.md'))
  for (const name of code) files.set('src/uni_modules/wgtup-client/' + name, path.join(client, name))
  const overlays = path.join(here, 'versions')
  const names = fs.readdirSync(overlays).filter((n) => /^\d+\.\d+\.\d+$/.test(n))
  names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  const failures = []
  const versions = [version(field(path.join(here, 'src/manifest.json'), 'versionName'), files)]
  for (const name of names) {
    const dir = path.join(overlays, name)
    for (const file of walk(dir)) {
      if (file !== 'remove.txt') {
        files.set(file, path.join(dir, file))
        continue
      }
      for (const line of fs.readFileSync(path.join(dir, file), 'utf8').split(/\r?\n/)) {
        if (line && !files.delete(line)) throw new Error(`${name}/remove.txt: there is no ${line}`)
      }
    }
    versions.push(version(name, files))
    if (name !== attempt) continue
    for (const failure of fs.readdirSync(path.join(here, 'broken')).sort()) {
      const dir = path.join(here, 'broken', failure)
      const changed = walk(dir).map((file) => [file, path.join(dir, file)])
      failures.push({ ...version('broken/' + failure, new Map([...files, ...changed])), version: attempt })
    }
  }
  return [...versions, ...failures]
}

function version(name, files) {
  const list = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  const hash = createHash('sha256').update(hashFile(fileURLToPath(import.meta.url)))
  for (const [to, from] of list) hash.update(`${to}\0${hashFile(from)}\n`)
  const lock = createHash('sha256').update(hashFile(files.get('package-lock.json')) + hashFile(files.get('.npmrc')))
  return {
    name,
    version: name,
    files: list,
    hash: hash.digest('hex'),
    modules: path.join(cache, 'modules', lock.digest('hex').slice(0, 12)),
  }
}

function measure(dir) {
  const names = walk(dir)
  return { files: names.length, bytes: names.reduce((sum, name) => sum + fs.statSync(path.join(dir, name)).size, 0) }
}

function fresh(v, out) {
  try {
    const stamp = JSON.parse(fs.readFileSync(path.join(out, v.name + '.json'), 'utf8'))
    const now = measure(path.join(out, v.name))
    return stamp.hash === v.hash && stamp.files === now.files && stamp.bytes === now.bytes
  } catch {
    return false
  }
}

// One process works at a time; the others wait and then find the work done. A lock whose owner is gone is taken over.
async function lock() {
  const dir = path.join(cache, 'lock')
  fs.mkdirSync(cache, { recursive: true })
  for (let told = false; ; ) {
    try {
      fs.mkdirSync(dir)
      fs.writeFileSync(path.join(dir, 'pid'), String(process.pid))
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (abandoned(dir)) takeAway(dir)
    else if (!told) console.log(`waiting for another build (${dir})`)
    told = true
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  sweep(workRoot) // what an interrupted run left behind
  const unlock = () => {
    sweep(workDir)
    fs.rmSync(dir, { recursive: true, force: true })
  }
  process.on('exit', unlock)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))
}

function sweep(dir) {
  try {
    fs.rmSync(dir, { recursive: true, force: true })
  } catch {
    // Something still writes there; the next run tries again.
  }
}

// Of several waiters only the one that made the second directory may remove the first.
function takeAway(dir) {
  const guard = dir + '.break'
  try {
    fs.mkdirSync(guard)
  } catch {
    if (older(guard)) fs.rmSync(guard, { recursive: true, force: true })
    return
  }
  if (abandoned(dir)) fs.rmSync(dir, { recursive: true, force: true })
  fs.rmSync(guard, { recursive: true, force: true })
}

function older(dir) {
  try {
    return Date.now() - fs.statSync(dir).mtimeMs > 10_000
  } catch {
    return false
  }
}

function abandoned(dir) {
  let pid
  try {
    pid = Number(fs.readFileSync(path.join(dir, 'pid'), 'utf8'))
  } catch {}
  // Between mkdir and the pid file, or a crash exactly there.
  if (!pid) return older(dir)
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

const running = new Set()
process.on('exit', () => running.forEach((child) => child.kill()))

function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    running.add(child)
    child.stdout.on('data', (data) => (text += data))
    child.stderr.on('data', (data) => (text += data))
    child.on('error', reject)
    child.on('close', (code) => {
      running.delete(child)
      if (code === 0) resolve(text)
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}\n${text.slice(-4000)}`))
    })
  })
}

async function install(v) {
  if (fs.existsSync(path.join(v.modules, 'installed'))) return
  const started = Date.now()
  fs.rmSync(v.modules, { recursive: true, force: true })
  fs.mkdirSync(v.modules, { recursive: true })
  for (const [to, from] of v.files) {
    if (rootFiles.includes(to)) fs.copyFileSync(from, path.join(v.modules, to))
  }
  const windows = process.platform === 'win32'
  await run(windows ? 'npm.cmd' : 'npm', ['ci', '--prefer-offline'], { cwd: v.modules, shell: windows })
  fs.writeFileSync(path.join(v.modules, 'installed'), '')
  console.log(`${v.name}  installed its packages in ${seconds(started)}`)
}

async function build(v, out) {
  const started = Date.now()
  const work = path.join(workDir, v.name)
  for (const [to, from] of v.files) {
    const file = path.join(work, to)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.copyFileSync(from, file)
  }
  fs.symlinkSync(path.join(v.modules, 'node_modules'), path.join(work, 'node_modules'), 'junction')

  const env = { NODE_ENV: 'production' }
  for (const name in process.env) if (!/^(UNI|VITE|NODE)_/.test(name)) env[name] = process.env[name]
  const uni = path.join(work, 'node_modules/@dcloudio/vite-plugin-uni/bin/uni.js')
  const text = await run(process.execPath, [uni, 'build', '-p', 'app'], { cwd: work, env })

  // The compiler may end with 0 and still have failed.
  const tree = path.join(work, 'dist/build/app')
  for (const name of required) {
    if (!fs.existsSync(path.join(tree, name))) throw new Error(`${v.name}: the build made no ${name}\n${text.slice(-4000)}`)
  }
  const source = path.join(work, 'src/manifest.json')
  const made = JSON.parse(fs.readFileSync(path.join(tree, 'manifest.json'), 'utf8'))
  const expected = [field(source, 'appid'), v.version, field(source, 'versionCode')].join(' ')
  const got = [made.id, made.version.name, made.version.code].join(' ')
  if (got !== expected) throw new Error(`${v.name}: the built manifest says ${got}, not ${expected}`)

  const size = measure(tree)
  const target = path.join(out, v.name)
  const aside = path.join(workDir, v.name + '.old')
  const stamp = target + '.json'
  fs.mkdirSync(path.dirname(target), { recursive: true })
  fs.rmSync(stamp, { force: true })
  move(target, aside)
  move(tree, target)
  fs.writeFileSync(stamp, JSON.stringify({ hash: v.hash, ...size }) + '\n')
  fs.rmSync(aside, { recursive: true, force: true })
  fs.rmSync(work, { recursive: true, force: true })
  console.log(`${v.name}  ${size.files} files, ${size.bytes} bytes, built in ${seconds(started)}`)
}

function move(from, to) {
  if (!fs.existsSync(from)) return
  try {
    fs.renameSync(from, to)
  } catch (error) {
    if (error.code !== 'EXDEV') throw error
    fs.cpSync(from, to, { recursive: true })
    fs.rmSync(from, { recursive: true, force: true })
  }
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(1) + ' s'
}

async function main() {
  const args = process.argv.slice(2)
  let out = path.join(cache, 'out')
  const wanted = []
  while (args.length) {
    const arg = args.shift()
    if (arg === '--out' && args.length) out = path.resolve(args.shift())
    else if (arg.startsWith('-')) throw new Error('usage: node build.mjs [--out DIR] [VERSION...]')
    else wanted.push(arg)
  }
  const versions = plan()
  for (const name of wanted) {
    if (!versions.some((v) => v.name === name)) {
      throw new Error(`no version ${name}; there are ${versions.map((v) => v.name).join(' ')}`)
    }
  }
  const chosen = versions.filter((v) => !wanted.length || wanted.includes(v.name))
  const stale = () => chosen.filter((v) => !fresh(v, out))
  if (stale().length) {
    await lock()
    const todo = stale()
    const known = new Set(versions.map((v) => path.basename(v.modules)))
    const modules = path.join(cache, 'modules')
    for (const name of fs.existsSync(modules) ? fs.readdirSync(modules) : []) {
      if (!known.has(name)) fs.rmSync(path.join(modules, name), { recursive: true, force: true })
    }
    for (const v of todo) await install(v)
    const jobs = Math.min(2, os.cpus().length)
    await Promise.all(
      Array.from({ length: jobs }, async () => {
        for (let v; (v = todo.shift()); ) await build(v, out)
      }),
    )
  }
  console.log(`${chosen.length} build${chosen.length === 1 ? '' : 's'} in ${out}`)
}

main().catch((error) => {
  console.error(error.message)
  process.exit(1)
})
