import { products } from '@/modules/catalog'

// The labels in the shop carry "QH:" and the number of the product; anything else is searched for.
export function understand(code) {
  const text = String(code || '').trim()
  const id = text.replace(/^QH:/i, '').toLowerCase()
  const product = products.find((item) => item.id === id)
  return product ? { product } : { word: text }
}

export function scan() {
  return new Promise((resolve, reject) => {
    uni.scanCode({
      scanType: ['qrCode', 'barCode'],
      success: (res) => resolve(understand(res.result)),
      fail: reject,
    })
  })
}
