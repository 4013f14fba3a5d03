function url(path, query) {
  const text = Object.keys(query)
    .map((key) => key + '=' + encodeURIComponent(query[key]))
    .join('&')
  return '/pages/' + path + (text ? '?' + text : '')
}

export function go(path, query = {}) {
  uni.navigateTo({ url: url(path, query) })
}

export function replace(path, query = {}) {
  uni.redirectTo({ url: url(path, query) })
}

export function back(delay = 0) {
  setTimeout(() => uni.navigateBack(), delay)
}

// The shell page holds the four tabs.
export function openTab(tab) {
  uni.reLaunch({ url: url('index/index', { tab }) })
}
