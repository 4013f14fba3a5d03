import { computed, reactive } from 'vue'
import { coupons as catalogue } from '@/data/coupons'
import { load, save } from '@/shared/storage'

// What the customer has taken: { id, until, used }
const state = reactive({ mine: [] })

export function restoreCoupons() {
  const saved = load('coupons', [])
  state.mine = Array.isArray(saved) ? saved : []
}

function persist() {
  save('coupons', state.mine)
}

function info(id) {
  return catalogue.find((coupon) => coupon.id === id)
}

export const offers = computed(() =>
  catalogue.map((coupon) => ({
    ...coupon,
    taken: state.mine.some((mine) => mine.id === coupon.id),
  })),
)

export const wallet = computed(() =>
  state.mine
    .map((mine) => ({ ...info(mine.id), ...mine }))
    .filter((coupon) => coupon.off)
    .map((coupon) => ({ ...coupon, expired: coupon.until < Date.now() })),
)

export const usableCount = computed(
  () => wallet.value.filter((coupon) => !coupon.used && !coupon.expired).length,
)

export function takeCoupon(id) {
  const coupon = info(id)
  if (!coupon || state.mine.some((mine) => mine.id === id)) return false
  state.mine.unshift({ id, until: Date.now() + coupon.days, used: false })
  persist()
  return true
}

export function useCoupon(id) {
  const mine = state.mine.find((coupon) => coupon.id === id)
  if (!mine) return
  mine.used = true
  persist()
}

// The part of the cart that a coupon counts: everything, or one category.
function amountFor(coupon, lines) {
  return lines
    .filter((line) => !coupon.category || line.product.category === coupon.category)
    .reduce((sum, line) => sum + line.product.price * line.count, 0)
}

export function usableFor(lines) {
  return wallet.value
    .filter((coupon) => !coupon.used && !coupon.expired && amountFor(coupon, lines) >= coupon.from)
    .sort((a, b) => b.off - a.off)
}
