// The shop updates itself by patches: real builds, the real command, a store in a folder.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import test from 'node:test'
import { Clock, Phone } from '../../simulator/src/index.js'
import { modules } from '../../simulator/test/shop.js'
import { Project } from './project.js'
import { shopAddress, shopFiles, shopId } from './shop.js'
import { platforms, sameTree } from './world.js'

const byPatch = ['patches']
const both = ['patches', 'packages']
const whole = ['packages']

/** A project whose apps ship 1.0.0, and what its phones do. */
async function shop(t) {
  const project = await Project.make(t, 'dir', shopId)
  const files = {}
  const tree = (version) => project.build((files[version] ??= shopFiles(version, project.pins)), version)
  const builtIn = tree('1.0.0')
  project.ok('publish', '--base', builtIn)
  /** Publishes a version; answers what its document says of the release. */
  const publish = async (version) => {
    project.ok('publish', tree(version), '--mode', 'force')
    const { payload } = await (await fetch(project.public + '/channels/production/release.json')).json()
    return JSON.parse(Buffer.from(payload, 'base64')).releases.at(-1)
  }
  return { project, files, builtIn, publish }
}

/** A phone that took the first release whole: from what apps ship no patch is applied. */
async function customer(t, { project, files, builtIn }, platform) {
  const phone = new Phone({ builtIn, framework: modules('1.0.0'), platform, clock: new Clock(Date.now()) })
  t.after(() => phone.close())
  phone.network.route(shopAddress, project.public)
  const its = { phone, installs: [] }
  phone.on('install', ({ file }) => its.installs.push(crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex')))
  its.start = async () => {
    phone.kill('user')
    await phone.start({ run: 3000 })
    for (let n = 0; n < 10 && (await phone.run(3000, () => Boolean(phone.launching))); n++) await phone.run(3000)
    return phone.boot
  }
  /** What it downloaded since the last call, in order: patches or packages. */
  its.downloads = () => phone.network.log.splice(0).map(({ url }) => /\/(packages|patches)\//.exec(url)?.[1]).filter((it, n, all) => it && it !== all[n - 1])
  /** It runs a version, whole. */
  its.runs = (version) => {
    assert.deepEqual([phone.boot.version, phone.boot.whiteScreen, phone.boot.errors], [version, false, []])
    assert.match(phone.boot.page.text, /明前龙井/)
    assert.ok(sameTree(phone.resolve('_www'), files[version]), `${version} is not whole`)
  }
  await its.start()
  its.runs('1.0.1')
  assert.deepEqual(its.downloads(), whole)
  return its
}

for (const platform of platforms) {
  test(`${platform}: the shop goes from release to release by patches alone, and over several at once`, async (t) => {
    const at = await shop(t)
    await at.publish('1.0.1')
    const [each, seldom] = [await customer(t, at, platform), await customer(t, at, platform)]
    let release
    for (const version of ['1.1.0', '1.1.1', '1.2.0']) {
      release = await at.publish(version)
      await each.start()
      each.runs(version)
      assert.deepEqual(each.downloads(), byPatch, version)
      assert.equal(each.installs.at(-1), release.package.stored.sha256)
      const smallest = Math.min(...release.patches.map(({ size }) => size))
      assert.ok(smallest < release.package.size / 100, `${version}: ${smallest} of ${release.package.size} bytes`)
    }
    await seldom.start()
    seldom.runs('1.2.0')
    assert.deepEqual(seldom.downloads(), byPatch)
    assert.deepEqual(fs.readFileSync(each.phone.resolve('_www/app-service.js')), fs.readFileSync(seldom.phone.resolve('_www/app-service.js')))
    // Back: what was withdrawn is left for the release before it, which the phone still has.
    at.project.ok('rollback')
    await each.start()
    each.runs('1.1.1')
    assert.deepEqual(each.downloads(), [])
  })

  test(`${platform}: whatever is wrong with base or patch, the shop takes the package, in the same start, once`, async (t) => {
    const at = await shop(t)
    await at.publish('1.0.1')
    const kept = ({ phone }) => phone.resolve('_doc/wgtup/' + fs.readdirSync(phone.resolve('_doc/wgtup'))[0])
    const damage = (file, where) => {
      const data = fs.readFileSync(file)
      data[where(data.length)] ^= 0x55
      fs.writeFileSync(file, data)
    }
    const answer = ({ phone }, fault) => phone.network.fault('/patches/', fault)
    const failures = {
      'the kept package is gone': (its) => fs.rmSync(kept(its)),
      'its directory is damaged': (its) => damage(kept(its), (length) => length - 20),
      'a file that runs is another': ({ phone }) => damage(phone.resolve('_www/app.css'), (length) => length - 3),
      'a file that runs is gone': ({ phone }) => fs.rmSync(phone.resolve('_www/app.css')),
      'the patch is damaged': (its) => answer(its, { rewrite: (it) => (it.body[it.body.length >> 1] ^= 0x55) }),
      'the patch is cut off': (its) => answer(its, { rewrite: (it) => (it.body = it.body.subarray(0, -5)), headers: { 'Content-Length': null } }),
      'the patch is a page that says so': (its) => answer(its, { body: '<html>Not found</html>' }),
      'the patch is gone': (its) => answer(its, { status: 404 }),
    }
    const customers = []
    for (const name in failures) customers.push([name, await customer(t, at, platform)])
    await at.publish('1.2.0')
    for (const [name, its] of customers) {
      failures[name](its)
      await its.start()
      its.runs('1.2.0')
      assert.deepEqual(its.downloads(), both, name)
      its.phone.network.mend()
      await its.start()
      its.runs('1.2.0')
      assert.deepEqual(its.downloads(), [], name)
    }
  })
}
