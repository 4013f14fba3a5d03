const PREFIX = 'shop.'

export function load(key, fallback) {
  try {
    const value = uni.getStorageSync(PREFIX + key)
    return value === '' || value === undefined || value === null ? fallback : value
  } catch (e) {
    console.warn('storage read failed', key)
    return fallback
  }
}

export function save(key, value) {
  try {
    uni.setStorageSync(PREFIX + key, value)
    return true
  } catch (e) {
    console.warn('storage write failed', key)
    return false
  }
}
