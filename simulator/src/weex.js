// The other half of the native surface: weex.config and weex.requireModule.
import { stream } from './stream.js'

export function weex(boot) {
  const { phone } = boot
  const modules = {
    stream: stream(boot),
    plus: systemInfo(boot),
    globalEvent: { addEventListener: (name, fn) => boot.modules.globalEvent.add(name, fn) },
  }
  return {
    config: {
      env: { platform: phone.platform === 'ios' ? 'iOS' : 'Android', scale: 3, deviceWidth: 1080, deviceHeight: 2340 },
      preload: false,
      bundleUrl: '',
    },
    requireModule(name) {
      if (!(name in modules)) throw new Error(`the simulated phone has no weex module ${name}`)
      return modules[name]
    },
  }
}

function systemInfo(boot) {
  const { phone, manifest } = boot
  const ios = phone.platform === 'ios'
  return {
    getLanguage: () => phone.language,
    getRedirectInfo: () => ({}),
    getAppState: () => 1,
    getSystemInfoSync: () => ({
      osName: ios ? 'ios' : 'android',
      osVersion: phone.osVersion,
      osLanguage: phone.language,
      osTheme: phone.theme,
      deviceBrand: ios ? 'apple' : 'simulated',
      deviceModel: ios ? 'iPhone15,2' : 'SIM-1',
      deviceId: phone.deviceId,
      deviceType: 'phone',
      deviceOrientation: 'portrait',
      hostLanguage: phone.language,
      hostTheme: phone.theme,
      appId: manifest.id,
      appName: manifest.name,
      appVersion: phone.native.name,
      appVersionCode: phone.native.code,
      appWgtVersion: boot.version,
      uniCompileVersion: manifest.plus?.['uni-app']?.compilerVersion,
      uniRuntimeVersion: phone.framework.version,
      uniPlatform: 'app',
    }),
    getSystemSetting: () => ({ bluetoothEnabled: false, locationEnabled: false, wifiEnabled: phone.network.type === 'wifi', deviceOrientation: 'portrait' }),
    getAppAuthorizeSetting: () => ({}),
    setLanguage() {},
    sendNativeEvent() {},
  }
}
