// The shop on a phone, the real command, a real S3 server: what issue 3 calls done.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { Clock, Phone } from '../../simulator/src/index.js'
import { modules } from '../../simulator/test/shop.js'
import { Project } from './project.js'
import { shopAddress, shopFiles, shopId } from './shop.js'
import { platforms } from './world.js'

for (const [platform, kind] of [['android', 's3'], ['ios', 'dir']]) {
  test(`${platform}, ${kind}: 1.0.0 updates itself to 1.1.0, comes back from a 1.2.0 that throws at start and never takes it again, takes 1.3.0`, async (t) => {
    const project = await Project.make(t, kind, shopId)
    const tree = (name) => project.build(shopFiles(name, project.pins), name)
    const builtIn = tree('1.0.0')
    project.ok('publish', '--base', builtIn)

    const phone = new Phone({ builtIn, framework: modules('1.0.0'), platform, clock: new Clock(Date.now()) })
    t.after(() => phone.close())
    phone.network.route(shopAddress, project.public)
    const settle = async () => {
      for (let n = 0; n < 10 && (await phone.run(3000, () => Boolean(phone.launching))); n++) await phone.run(3000)
      return phone.boot
    }
    const start = async () => {
      phone.kill('user')
      await phone.start({ run: 3000 })
      return settle()
    }
    /** The user says yes. */
    const accept = async () => {
      assert.match(phone.boot.page.text, /发现新版本/)
      phone.boot.page.tap('立即更新')
      return settle()
    }

    let boot = await start()
    assert.deepEqual([boot.version, boot.whiteScreen, boot.errors], ['1.0.0', false, []])
    assert.doesNotMatch(boot.page.text, /发现新版本/)

    project.ok('publish', tree('1.1.0'), '--notes', '领券中心')
    boot = await start()
    assert.match(boot.page.text, /1\.1\.0/)
    assert.match(boot.page.text, /领券中心/)
    boot = await accept()
    assert.deepEqual([boot.version, boot.whiteScreen, boot.errors], ['1.1.0', false, []])
    assert.match(boot.requests.map((it) => it.url).join(' '), /r=110&n=100/)

    project.ok('publish', tree('broken/load'))
    boot = await start()
    const before = phone.boots.length
    boot = await accept()
    assert.deepEqual(phone.boots.slice(before).map((it) => it.version), ['1.2.0', '1.2.0', '1.1.0'], 'once more, then back')
    assert.deepEqual([boot.version, boot.whiteScreen, boot.errors], ['1.1.0', false, []])
    assert.match(phone.network.log.map((it) => it.url).join(' '), /failed-load\.r3/)

    for (let n = 0; n < 5; n++) {
      boot = await start()
      assert.equal(boot.version, '1.1.0')
      assert.doesNotMatch(boot.page.text, /发现新版本/)
      await phone.run(24 * 3600_000)
    }
    assert.equal(phone.boots.filter((it) => it.version === '1.2.0').length, 2)

    project.ok('publish', tree('1.3.0'))
    boot = await start()
    boot = await accept()
    assert.deepEqual([boot.version, boot.whiteScreen, boot.errors], ['1.3.0', false, []])
    boot = await start()
    assert.equal(boot.version, '1.3.0')
  })
}

test('wgtup-sim BUILD --url: what a developer sees of the same, without a test', async (t) => {
  const project = await Project.make(t, 'dir', shopId)
  const builtIn = project.build(shopFiles('1.0.0', project.pins), '1.0.0')
  project.ok('publish', '--base', builtIn)
  project.ok('publish', project.build(shopFiles('1.1.0', project.pins), '1.1.0'))
  const cli = fileURLToPath(new URL('../../simulator/cli.js', import.meta.url))
  const out = execFileSync(process.execPath, [cli, builtIn, '--framework', modules('1.0.0'), '--url', project.public, '--tap', '立即更新', '--for', '60'], { encoding: 'utf8' })
  assert.match(out, /start +青禾小铺 1\.0\.0[^]*request +HEAD https:\/\/shop\.wgtup\.example\/app\/channels\/production\/release\.json[^]*end +restart\n[^]*start +青禾小铺 1\.1\.0[^]*errors +0\n/)
})
