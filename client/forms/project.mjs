// Projects that use the package, and what the real compiler makes of them. A build is kept in
// /.cache/forms, named after everything that went into it.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { client, files } from '../tools/files.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, '../..')
const cache = path.join(root, '.cache/forms')
const run = promisify(execFile)

/** Where nobody listens, for phones that must not ask the world. */
export const nowhere = 'http://127.0.0.1:9'

export const compilers = ['4.87', '5.24']

/** The packages of a compiler, installed by examples/shop/build.mjs. */
export function modules(compiler) {
  const wanted = { 4.87: '-40807', 5.24: '-50204' }[compiler]
  const sets = path.join(root, '.cache/shop/modules')
  for (const name of fs.existsSync(sets) ? fs.readdirSync(sets) : []) {
    const file = path.join(sets, name, 'node_modules/@dcloudio/uni-app-plus/package.json')
    if (fs.existsSync(file) && JSON.parse(fs.readFileSync(file)).version.includes(wanted)) return path.join(sets, name)
  }
  throw new Error(`the compiler ${compiler} is not installed; run: node examples/shop/build.mjs`)
}

/**
 * Builds forms/app with the package in it.
 * @param {object} options
 * @param {'npm'|'uni_modules'} options.form
 * @param {'cli'|'hbuilderx'} options.layout sources in src/, or at the top as HBuilderX has them
 * @param {string} options.compiler @param {'app'|'h5'} [options.platform] @param {boolean} [options.sourcemap]
 * @returns {Promise<string>} the folder of the build
 */
export async function build({ form, layout, compiler, platform = 'app', sourcemap = false }) {
  const set = modules(compiler)
  const project = plan(form, layout, sourcemap)
  const name = [form, layout, compiler, platform, ...(sourcemap ? ['maps'] : [])].join('-')
  const hash = createHash('sha256').update([name, path.basename(set), fs.readFileSync(fileURLToPath(import.meta.url))].join('\n'))
  for (const [file, text] of project) hash.update(`${file}\0${createHash('sha256').update(text).digest('hex')}\n`)
  const out = path.join(cache, `${name}-${hash.digest('hex').slice(0, 16)}`)
  if (fs.existsSync(out)) return out

  fs.mkdirSync(cache, { recursive: true })
  for (const old of fs.readdirSync(cache)) if (old.slice(0, -17) === name) fs.rmSync(path.join(cache, old), { recursive: true, force: true })
  const host = fs.mkdtempSync(path.join(cache, '.work-'))
  try {
    const dir = path.join(host, 'project')
    for (const [name, text] of project) {
      fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
      fs.writeFileSync(path.join(dir, name), text)
    }
    fs.symlinkSync(path.join(set, 'node_modules'), path.join(host, 'node_modules'), 'junction')
    // The compiler looks into package.json for its own plugins; HBuilderX has that in a folder of its own.
    const cwd = layout === 'cli' ? dir : host
    const { dependencies, devDependencies } = JSON.parse(fs.readFileSync(path.join(set, 'package.json'), 'utf8'))
    if (platform === 'h5') dependencies['@dcloudio/uni-h5'] = dependencies['@dcloudio/uni-app']
    fs.writeFileSync(path.join(cwd, 'package.json'), JSON.stringify({ name: 'forms', private: true, dependencies, devDependencies }))
    const env = { NODE_ENV: 'production', VITE_ROOT_DIR: dir, UNI_INPUT_DIR: path.join(dir, layout === 'cli' ? 'src' : '.'), UNI_OUTPUT_DIR: path.join(host, 'out') }
    for (const name in process.env) if (!/^(UNI|VITE|NODE)_/.test(name)) env[name] = process.env[name]
    const uni = path.join(set, 'node_modules/@dcloudio/vite-plugin-uni/bin/uni.js')
    const { stdout, stderr } = await run(process.execPath, [uni, 'build', '-p', platform], { cwd, env, maxBuffer: 1 << 24 })
    // The compiler may end with 0 and still have failed.
    const main = platform === 'app' ? 'app-service.js' : 'index.html'
    if (!fs.existsSync(path.join(host, 'out', main))) throw new Error(`the build made no ${main}\n${stdout}${stderr}`)
    move(path.join(host, 'out'), out)
    return out
  } finally {
    fs.rmSync(host, { recursive: true, force: true })
  }
}

const page = '<!DOCTYPE html><html><head><meta charset="UTF-8"><title>forms</title></head><body><div id="app"></div><script type="module" src="/{src}main.js"></script></body></html>\n'

// The files of a project: what its developer does, and the package.
function plan(form, layout, sourcemap) {
  const src = layout === 'cli' ? 'src/' : ''
  const project = new Map([['index.html', page.replace('{src}', src)]])
  const app = path.join(here, 'app')
  for (const name of fs.readdirSync(app, { recursive: true })) {
    const file = path.join(app, name)
    if (fs.statSync(file).isFile()) project.set(src + name.split(path.sep).join('/'), fs.readFileSync(file, 'utf8'))
  }
  const home = form === 'npm' ? 'node_modules/wgtup-client' : src + 'uni_modules/wgtup-client'
  const code = files().filter((name) => !name.endsWith('.md'))
  for (const name of code) project.set(`${home}/${name}`, fs.readFileSync(path.join(client, name)))
  const edit = (name, from, to) => project.set(name, project.get(name).replace(from, to))
  if (form === 'npm') edit(src + 'pages.json', '{', '{\n  "easycom": { "custom": { "^wgtup-(.*)": "wgtup-client/components/wgtup-$1/wgtup-$1.vue" } },')
  else edit(src + 'update.js', "'wgtup-client'", "'@/uni_modules/wgtup-client'")
  const plugin = form === 'npm' ? 'wgtup-client/vite' : `./${src}uni_modules/wgtup-client/vite.cjs`
  project.set(
    'vite.config.js',
    `import { defineConfig } from 'vite'
import uni from '@dcloudio/vite-plugin-uni'
import { wgtup } from '${plugin}'

export default defineConfig({ plugins: [uni(), wgtup()], build: { sourcemap: ${sourcemap} } })
`,
  )
  return project
}

/** A project of one strict TypeScript file with a compiler's types; answers its folder. */
export function typesProject(compiler, resolution) {
  const dir = path.join(cache, `types-${compiler}-${resolution}`)
  fs.rmSync(dir, { recursive: true, force: true })
  for (const name of files()) {
    const to = path.join(dir, 'node_modules/wgtup-client', name)
    fs.mkdirSync(path.dirname(to), { recursive: true })
    fs.copyFileSync(path.join(client, name), to)
  }
  fs.copyFileSync(path.join(here, 'types/app.ts'), path.join(dir, 'app.ts'))
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'ES2015',
    module: 'ESNext',
    moduleResolution: resolution,
    lib: ['ESNext', 'DOM'],
    types: [path.join(modules(compiler), 'node_modules/@dcloudio/types')],
    skipLibCheck: false,
  }
  fs.writeFileSync(path.join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }))
  return dir
}

// Somebody who built the same may have been faster.
function move(from, to) {
  try {
    fs.renameSync(from, to)
  } catch (error) {
    if (!fs.existsSync(to)) throw error
  }
}
