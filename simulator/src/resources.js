// Which package a start runs: the one unpacked from the installation package, or an installed
// wgt. Rules per platform; a cover install is noticed here, at the next start, and not before.
import { isHigher } from './manifest.js'

// What happens to an installed wgt when the installation package is replaced.
//   drop: the built-in package runs, whichever is newer (Android)
//   newer: the built-in package runs only if its version is higher
//   keep: the wgt goes on
// The rule of iOS is not documented; test an app with all three.
export const coverRules = ['drop', 'newer', 'keep']

export class Resources {
  /** @param {import('./phone.js').Phone} phone @param {'liberate'|'normal'} runmode normal: run from the installation package until the first wgt */
  constructor(phone, runmode, coverRule) {
    this.phone = phone
    this.runmode = runmode
    this.coverRule = coverRule
    this.recordFile = phone.disk.path('record.json')
  }

  get record() {
    return this.phone.disk.json(this.recordFile) ?? {}
  }

  save(record) {
    this.phone.disk.replace(this.recordFile, JSON.stringify(record))
  }

  /** The directory that `_www` means. */
  get dir() {
    return this.unpacked ? this.phone.dirs.www : this.phone.apk.builtIn
  }

  get unpacked() {
    return this.runmode === 'liberate' || Boolean(this.record.installed)
  }

  /** Makes ready what this start runs, and answers its manifest. @param {import('./boot.js').Boot} boot */
  prepare(boot) {
    const { disk, apk, dirs } = this.phone
    const { record } = this
    const builtIn = disk.json(`${apk.builtIn}/manifest.json`)
    const replaced = record.apkTime !== apk.time
    const higher = record.installed && isHigher(builtIn.version.name, record.installed)
    if (!record.installed ? replaced : this.#drops(replaced, higher)) {
      this.#useBuiltIn(boot)
    } else if (this.unpacked && !disk.json(`${dirs.www}/manifest.json`)) {
      this.#useBuiltIn(boot)
    } else if (replaced) {
      this.save({ ...record, apkTime: apk.time })
    }
    return disk.json(`${this.dir}/manifest.json`)
  }

  #drops(replaced, higher) {
    return this.coverRule === 'drop' ? replaced || higher : this.coverRule === 'newer' && higher
  }

  // The install record goes first. Whether a real unpacking can be cut in half is not known;
  // here it happens at once.
  #useBuiltIn(boot) {
    const { disk, apk, dirs } = this.phone
    boot.at('start.record')
    this.save({ apkTime: apk.time })
    if (this.runmode !== 'liberate') return
    boot.at('start.unpack')
    disk.remove(dirs.fresh)
    disk.copy(apk.builtIn, dirs.fresh)
    disk.remove(dirs.www)
    boot.at('start.swap')
    disk.rename(dirs.fresh, dirs.www)
  }
}
