export function toast(title, icon = 'none') {
  uni.showToast({ title, icon, duration: 1600 })
}

export function success(title) {
  toast(title, 'success')
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
