import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import test from 'node:test'
import { phone, put, wgt } from './mini.js'

async function setup(t, options) {
  const p = phone(t, '1.0.0', options)
  const boot = await p.start()
  boot.context.run(`
    globalThis.at = (url) => new Promise((ok, fail) => plus.io.resolveLocalFileSystemURL(url, ok, fail))
    globalThis.call = (object, name, ...args) => new Promise((ok, fail) => object[name](...args, ok, fail))
    globalThis.code = (promise) => promise.then(() => 0, (e) => e.code)
    globalThis.read = (file, how = 'readAsText') => new Promise((done) => { const r = new plus.io.FileReader(); r.onloadend = (e) => done(e.target.result); r[how](file) })
    globalThis.doc = () => new Promise((ok, fail) => plus.io.requestFileSystem(plus.io.PRIVATE_DOC, (fs) => ok(fs.root), fail))
  `, 'test')
  return { p, boot, run: (code) => boot.resolve(`(async () => { ${code} })()`) }
}

test('14: what is not there', async (t) => {
  const { run } = await setup(t)
  assert.deepEqual(await run('return at("_doc/none.txt").catch((e) => ({ ...e }))'), { code: 14, message: '文件不存在' })
})

test('12: copyTo and moveTo fail if the target exists', async (t) => {
  const { p, run } = await setup(t)
  put(p, '_doc/a.txt', 'a')
  put(p, '_doc/b.txt', 'b')
  assert.deepEqual(await run('const a = await at("_doc/a.txt"), root = await doc(); return [await code(call(a, "copyTo", root, "b.txt")), await code(call(a, "moveTo", root, "b.txt")), await code(call(a, "moveTo", root, "c.txt"))]'), [12, 12, 0])
  assert.equal(p.disk.read(p.resolve('_doc/c.txt')).toString(), 'a')
})

test('15: _www is read only', async (t) => {
  const { run } = await setup(t)
  assert.deepEqual(await run('const a = await at("_www/manifest.json"); return [await code(call(a, "remove")), await code(call(a, "createWriter")), await code(call(await at("_www"), "getFile", "x", { create: true }))]'), [15, 15, 15])
})

test('directories: create, list, remove; not empty is an error', async (t) => {
  const { p, run } = await setup(t)
  put(p, '_doc/d/a.txt', 'a')
  put(p, '_doc/d/e/b.txt', 'b')
  assert.deepEqual(await run(`
    const d = await at('_doc/d'), list = await call(d.createReader(), 'readEntries')
    const names = list.map((e) => [e.name, e.isFile, e.isDirectory])
    const busy = await code(call(d, 'remove'))
    const meta = await call(list[0], 'getMetadata')
    d.removeRecursively()
    return [names, busy, meta.size, meta.modificationTime instanceof Date]`), [[['a.txt', true, false], ['e', false, true]], 10, 1, true])
  await p.run(100)
  assert.equal(p.disk.exists(p.resolve('_doc/d')), false)
})

test('paths: the converters agree with fullPath', async (t) => {
  const { p, run } = await setup(t)
  put(p, '_doc/d/a.txt', 'a')
  const [full, local, back, url] = await run('const a = await at("_doc/d/a.txt"); return [a.fullPath, plus.io.convertLocalFileSystemURL("_doc/d/a.txt"), plus.io.convertAbsoluteFileSystem(a.fullPath), a.toLocalURL()]')
  assert.equal(full, local)
  assert.equal(back, '_doc/d/a.txt')
  assert.equal(url, 'file://' + full)
  assert.equal(await run(`return (await at(${JSON.stringify(full)})).name`), 'a.txt')
  assert.equal(await run(`return (await at(${JSON.stringify(url)})).name`), 'a.txt')
})

test('text and binary writing, at a position, cut short', async (t) => {
  const { p, run } = await setup(t)
  await run(`
    const file = await call(await doc(), 'getFile', 'w.bin', { create: true }), writer = await call(file, 'createWriter')
    const write = (name, value) => new Promise((done) => { writer.onwriteend = done; writer[name](value) })
    await write('writeAsBinary', 'AAECAw==')
    await write('write', '字')
    writer.seek(1)
    await write('writeAsBinary', '/w==')
    await write('truncate', 6)`)
  assert.deepEqual([...p.disk.read(p.resolve('_doc/w.bin'))], [0, 255, 2, 3, 0xe5, 0xad])
})

test('Android: the end of a slice counts in, and 0 means everything', async (t) => {
  const { p, run } = await setup(t)
  put(p, '_doc/a.txt', '0123456789')
  const slices = (list) => run(`const file = await call(await at('_doc/a.txt'), 'file'); return Promise.all(${JSON.stringify(list)}.map(([a, b]) => read(file.slice(a, b))))`)
  assert.deepEqual(await slices([[0, 3], [4, 7], [8, 100], [0, 0], [3, -1]]), ['0123', '4567', '89', '0123456789', '0123456789'])
})

test('iOS: a slice as a browser makes it (not documented)', async (t) => {
  const { p, run } = await setup(t, { platform: 'ios' })
  put(p, '_doc/a.txt', '0123456789')
  assert.equal(await run(`return read((await call(await at('_doc/a.txt'), 'file')).slice(0, 3))`), '012')
})

test('binary reading is a data url; old bases break it into lines', async (t) => {
  const { p, run } = await setup(t)
  const bytes = randomBytes(200)
  put(p, '_doc/a.bin', bytes)
  const url = `return read(await call(await at('_doc/a.bin'), 'file'), 'readAsDataURL')`
  assert.equal(await run(url), 'data:application/octet-stream;base64,' + bytes.toString('base64'))
  p.base64Lines = true
  assert.match(await run(url), /\n/)
  assert.deepEqual(Buffer.from((await run(url)).split(',')[1], 'base64'), bytes)
})

test('digests: capitals and SHA-256 on Android, no digest for what nobody knows', async (t) => {
  const { p, run } = await setup(t)
  const bytes = randomBytes(1000)
  put(p, '_doc/a.bin', bytes)
  const info = (name) => run(`return new Promise((success, fail) => plus.io.getFileInfo({ filePath: '_doc/a.bin', ${name ? `digestAlgorithm: '${name}',` : ''} success, fail }))`)
  const hex = (name) => createHash(name).update(bytes).digest('hex').toUpperCase()
  assert.deepEqual(await info(), { size: 1000, digest: hex('md5') })
  assert.deepEqual(await info('sha1'), { size: 1000, digest: hex('sha1') })
  assert.deepEqual(await info('SHA-256'), { size: 1000, digest: hex('sha256') })
  assert.deepEqual(await info('whirlpool'), { size: 1000 })
  assert.equal((await run(`return new Promise((success, fail) => uni.getFileInfo({ filePath: '_doc/a.bin', digestAlgorithm: 'sha1', success, fail }))`)).digest, hex('sha1'))
})

test('digests on iOS: md5 and sha1 in small letters, no more', async (t) => {
  const { p, run } = await setup(t, { platform: 'ios' })
  put(p, '_doc/a.bin', 'x')
  const info = (name) => run(`return new Promise((success, fail) => plus.io.getFileInfo({ filePath: '_doc/a.bin', digestAlgorithm: '${name}', success, fail }))`)
  assert.equal((await info('sha1')).digest, createHash('sha1').update('x').digest('hex'))
  assert.deepEqual(await info('SHA-256'), { size: 1 })
})

test('uni.saveFile keeps a file where the cleaning does not reach it', async (t) => {
  const { p, boot } = await setup(t)
  put(p, '_doc/uniapp_temp_1/download/a.wgt', 'x')
  const { savedFilePath } = await boot.resolve(`new Promise((success, fail) => uni.saveFile({ tempFilePath: '_doc/uniapp_temp_1/download/a.wgt', success, fail }))`)
  assert.match(savedFilePath, /^_doc\/uniapp_save\/\d+\.wgt$/)
  await p.run(15_000)
  assert.equal(p.disk.exists(p.resolve(savedFilePath)), true)
  assert.equal(p.disk.exists(p.resolve('_doc/uniapp_temp_1')), false)
})

test('a full disk: writing is an error', async (t) => {
  const { p, run } = await setup(t)
  p.disk.free = 10
  assert.equal(await run(`
    const file = await call(await doc(), 'getFile', 'w.bin', { create: true }), writer = await call(file, 'createWriter')
    return new Promise((done) => { writer.onerror = () => done(writer.error.code); writer.write('x'.repeat(100)) })`), 10)
})

test('plus.zip.decompress', async (t) => {
  const { p, run } = await setup(t)
  put(p, '_doc/a.zip', wgt({ 'x/a.txt': 'a', 'b.txt': 'b' }))
  assert.equal(await run(`await new Promise((ok, fail) => plus.zip.decompress('_doc/a.zip', '_doc/out/', ok, fail)); return read(await call(await at('_doc/out/x/a.txt'), 'file'))`), 'a')
  assert.equal(await run(`return code(new Promise((ok, fail) => plus.zip.decompress('_doc/none.zip', '_doc/out/', ok, fail)))`), -4)
})
