import { computed, reactive } from 'vue'
import { freightOf, totalOf } from '@/modules/cart'
import { productById } from '@/modules/catalog'
import { load, save } from '@/shared/storage'
import { samples } from './samples'

export const STATUS = ['paid', 'shipped', 'finished', 'cancelled']

const state = reactive({ orders: [] })

export const orders = computed(() => state.orders)

export function goodsOf(order) {
  return order.lines
    .map((line) => ({ ...line, product: productById(line.id) }))
    .filter((line) => line.product)
}

function withTotals(order) {
  const total = totalOf(goodsOf(order))
  const freight = freightOf(total)
  return { ...order, total, freight, payable: total + freight - (order.off || 0) }
}

export function restoreOrders() {
  const saved = load('orders', null)
  state.orders = Array.isArray(saved) ? saved : samples.map(withTotals)
}

export function ordersBy(status) {
  return status === 'all' ? state.orders : state.orders.filter((order) => order.status === status)
}

export function countBy(status) {
  return ordersBy(status).length
}

export function orderByNo(no) {
  return state.orders.find((order) => order.no === no)
}

function numberAt(now) {
  const d = new Date(now)
  const parts = [d.getMonth() + 1, d.getDate(), d.getHours(), d.getMinutes(), now % 100]
  return 'Q' + d.getFullYear() + parts.map((part) => String(part).padStart(2, '0')).join('')
}

export function createOrder({ lines, remark, address, coupon }) {
  const now = Date.now()
  const order = withTotals({
    no: numberAt(now),
    time: now,
    status: 'paid',
    lines: lines.map(({ id, spec, count }) => ({ id, spec, count })),
    remark,
    address: { ...address },
    off: coupon ? coupon.off : 0,
  })
  state.orders.unshift(order)
  save('orders', state.orders)
  return order
}

export function setStatus(no, status) {
  const order = orderByNo(no)
  if (!order || !STATUS.includes(status)) return
  order.status = status
  save('orders', state.orders)
}
