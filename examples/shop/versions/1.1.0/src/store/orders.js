import { computed, reactive } from 'vue'
import { freightOf } from '@/store/cart'
import { productById } from '@/store/catalog'
import { load, save } from '@/utils/storage'

export const STATUS = ['paid', 'shipped', 'finished', 'cancelled']

const state = reactive({ orders: [] })

// A new customer sees two old orders, so that the page is not empty.
function samples() {
  const day = 24 * 3600 * 1000
  return [
    {
      no: 'Q20260315100271',
      time: Date.UTC(2026, 2, 15, 2, 27),
      status: 'shipped',
      lines: [
        { id: 'tea-01', spec: '100 克', count: 1 },
        { id: 'table-05', spec: '月白', count: 2 },
      ],
      remark: '',
    },
    {
      no: 'Q20260302184410',
      time: Date.UTC(2026, 2, 15, 2, 27) - 13 * day,
      status: 'finished',
      lines: [{ id: 'paper-02', spec: '点阵', count: 3 }],
      remark: '麻烦用纸箱包装，谢谢',
    },
  ].map(withTotals)
}

function withTotals(order) {
  const total = order.lines.reduce((sum, line) => {
    const product = productById(line.id)
    return product ? sum + product.price * line.count : sum
  }, 0)
  const freight = freightOf(total)
  return { ...order, total, freight, payable: total + freight - (order.off || 0) }
}

export function restoreOrders() {
  const saved = load('orders', null)
  state.orders = Array.isArray(saved) ? saved : samples()
}

function persist() {
  save('orders', state.orders)
}

export const orders = computed(() => state.orders)

export function ordersBy(status) {
  return status === 'all' ? state.orders : state.orders.filter((order) => order.status === status)
}

export function countBy(status) {
  return ordersBy(status).length
}

export function orderByNo(no) {
  return state.orders.find((order) => order.no === no)
}

function newNumber(now) {
  const d = new Date(now)
  const part = (n, size = 2) => String(n).padStart(size, '0')
  return (
    'Q' + d.getFullYear() + part(d.getMonth() + 1) + part(d.getDate()) +
    part(d.getHours()) + part(d.getMinutes()) + part(now % 100)
  )
}

export function createOrder(lines, remark, address, coupon) {
  const now = Date.now()
  const order = withTotals({
    no: newNumber(now),
    time: now,
    status: 'paid',
    lines: lines.map(({ id, spec, count }) => ({ id, spec, count })),
    remark,
    address: { ...address },
    off: coupon ? coupon.off : 0,
  })
  state.orders.unshift(order)
  persist()
  return order
}

export function setStatus(no, status) {
  const order = orderByNo(no)
  if (!order || !STATUS.includes(status)) return
  order.status = status
  persist()
}
