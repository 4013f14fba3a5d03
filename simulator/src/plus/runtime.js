import { installFile } from '../install.js'
import { widgetInfo } from '../manifest.js'

export function runtime(boot) {
  const { phone } = boot
  return {
    appid: boot.manifest.id,
    version: phone.native.name,
    versionCode: phone.native.code,
    innerVersion: '1.9.9.81676',
    uniVersion: phone.framework.version,
    launcher: 'default',
    channel: phone.channel,
    arguments: '',
    isRecovery: false,

    // Of the package on disk at this moment, which need not be the one that runs.
    getProperty(appid, done) {
      const manifest = phone.installed()
      done(manifest && manifest.id === appid ? widgetInfo(manifest) : {})
    },

    install(file, options, ok, fail) {
      boot.native(() => installFile(boot, file, options ?? {}, ok, fail))
    },

    restart() {
      boot.at('restart')
      boot.later(() => phone.restart(), 100)
    },

    quit() {
      boot.later(() => phone.kill('quit'), 10)
    },

    openURL(url, fail) {
      boot.opened.push(url)
      phone.emit('open', { boot, url })
      if (phone.refuseURL?.(url)) fail?.({ code: -3, message: 'not supported' })
    },

    openDocument(file, options, ok) {
      boot.opened.push(file)
      ok?.()
    },

    isApplicationExist: () => false,
  }
}
