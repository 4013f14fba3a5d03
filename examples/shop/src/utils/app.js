// The version of the resources that are running: a hot update changes it, the native shell stays.
export function appVersion() {
  try {
    const info = uni.getAppBaseInfo()
    return info.appWgtVersion || info.appVersion || ''
  } catch (e) {
    return ''
  }
}

export function toast(title, icon = 'none') {
  uni.showToast({ title, icon, duration: 1600 })
}

export function confirm(title, content) {
  return new Promise((resolve) => {
    uni.showModal({
      title,
      content,
      success: (res) => resolve(!!res.confirm),
      fail: () => resolve(false),
    })
  })
}

export function go(path, query = {}) {
  const text = Object.keys(query)
    .map((key) => key + '=' + encodeURIComponent(query[key]))
    .join('&')
  uni.navigateTo({ url: '/pages/' + path + (text ? '?' + text : '') })
}
