// plus.runtime.install, step by step as the Android runtime does it. The app goes on running
// meanwhile, on resources that change under it, and the phone may die between any two steps.
import path from 'node:path'
import { isHigher, modules, widgetInfo } from './manifest.js'
import { entries } from './zip.js'

class Refused extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

/** @param {import('./boot.js').Boot} boot */
export async function installFile(boot, url, { force = false }, ok, fail) {
  const { phone } = boot
  const told = (answer) => phone.emit('installed', { boot, url, ...answer })
  phone.emit('install', { boot, url, file: phone.resolve(url), force: force === true })
  const before = boot.installing
  let free
  boot.installing = new Promise((resolve) => (free = resolve))
  await before // one at a time
  await boot.sleep()
  try {
    const info = await install(boot, phone.resolve(url), force === true)
    told({ version: info.version })
    ok?.(info)
  } catch (error) {
    if (error.point) throw error
    const refusal = answerOf(boot, error)
    told(refusal)
    fail?.(refusal)
  } finally {
    if (!boot.dead) free()
  }
}

// What iOS answers is not documented: there no code of Android's may be expected.
function answerOf(boot, error) {
  const code = error instanceof Refused ? error.code : 10
  return { code: boot.platform === 'ios' ? -100 : code, message: error.message }
}

async function install(boot, file, force) {
  const stat = boot.phone.disk.stat(file)
  const type = path.extname(file).toLowerCase()
  if (!['.wgt', '.wgtu', '.apk'].includes(type)) throw new Refused(-1201, 'WGT/WGTU文件格式错误')
  if (!stat) throw new Refused(-4, '文件不存在')
  if (!stat.isFile()) throw new Refused(-1201, 'WGT/WGTU文件格式错误')
  if (type === '.apk') return openInstaller(boot, file)
  if (type === '.wgtu') throw new Error('wgtu packages are not simulated')
  return replace(boot, file, force)
}

// Success means that the system's installer was opened, not that anything was installed.
function openInstaller(boot, file) {
  const { phone } = boot
  if (boot.platform === 'ios') throw new Refused(-1201, 'WGT/WGTU文件格式错误')
  if (phone.channel === 'google') throw new Refused(-99, 'the package installer is not part of this base')
  boot.opened.push(file)
  phone.emit('open', { boot, url: file })
  return { pname: 'simulated', version: '', name: '' }
}

async function replace(boot, file, force) {
  const { disk, dirs, resources } = boot.phone
  const current = boot.phone.installed() ?? boot.manifest
  const backup = resources.unpacked && disk.exists(dirs.www)
  boot.at('install.begin')
  if (backup) {
    disk.remove(dirs.backup)
    disk.rename(dirs.www, dirs.backup)
  } else {
    disk.remove(dirs.www)
  }
  boot.at('install.renamed')
  let manifest
  try {
    await unzip(boot, disk.read(file), dirs.www)
    boot.at('install.unzipped')
    manifest = check(boot, current, force)
  } catch (error) {
    if (error.point) throw error
    boot.at('install.restore')
    disk.remove(dirs.www)
    boot.at('install.removed')
    if (backup) disk.rename(dirs.backup, dirs.www)
    boot.at('install.restored')
    throw error
  }
  boot.at('install.checked')
  disk.remove(dirs.backup)
  boot.at('install.unbacked')
  resources.save({ ...resources.record, installed: manifest.version.name })
  boot.at('install.recorded')
  return widgetInfo(manifest)
}

async function unzip(boot, zip, www) {
  const { disk, osVersion } = boot.phone
  disk.mkdir(www)
  if (zip.length < 4 || zip.readUInt32LE(0) !== 0x04034b50) {
    if (Number.parseInt(osVersion) < 15) return // no entries, no error: the manifest is missing later
    throw new Error(`Entry at offset zero has invalid LFH signature ${zip.subarray(0, 4).toString('hex')}`)
  }
  for (const entry of entries(zip)) {
    const target = path.join(www, entry.name)
    boot.at('install.entry')
    if (entry.directory) {
      disk.mkdir(target)
      continue
    }
    const data = entry.data()
    if (data.length > 1) {
      disk.write(target, data.subarray(0, data.length >> 1))
      boot.at('install.half')
    }
    disk.write(target, data)
    await boot.sleep(1 + data.length / 10_000_000)
  }
}

function check(boot, current, force) {
  const { disk, dirs } = boot.phone
  const file = path.join(dirs.www, 'manifest.json')
  if (!disk.exists(file)) throw new Refused(-1202, 'WGT安装包中manifest.json文件不存在')
  const next = disk.json(file)
  if (!next?.version) throw new Refused(-1203, 'WGT安装包中manifest.json文件格式错误')
  if (!force && !isHigher(next.version.name, current.version?.name)) {
    throw new Refused(-1205, 'WGT安装包中manifest.json文件的version版本不匹配')
  }
  if (next.id !== current.id) throw new Refused(-1204, 'WGT安装包中manifest.json文件的appid不匹配')
  const missing = force ? [] : missingModules(boot, current, next)
  if (missing.length) throw new Refused(-1229, `HTML5+ Runtime缺少升级包manifest.json中配置的模块:${missing.join(',')}`)
  const uni = next.plus?.['uni-app']
  if (uni && uni.control !== 'uni-v3') throw new Refused(1250, 'component mode not supported')
  return next
}

function missingModules(boot, current, next) {
  const there = modules(current).map((name) => name.toLowerCase())
  if (!there.length) return []
  const registered = boot.phone.native.modules.map((name) => name.toLowerCase())
  return modules(next)
    .map((name) => name.toLowerCase())
    .filter((name) => !there.includes(name) && !registered.includes(name))
}
