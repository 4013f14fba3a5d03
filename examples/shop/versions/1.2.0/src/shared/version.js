// The version of the resources that are running: a hot update changes it, the native shell stays.
export function appVersion() {
  try {
    const info = uni.getAppBaseInfo()
    return info.appWgtVersion || info.appVersion || ''
  } catch (e) {
    return ''
  }
}
