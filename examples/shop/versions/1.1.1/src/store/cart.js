import { computed, reactive } from 'vue'
import { productById } from '@/store/catalog'
import { load, save } from '@/utils/storage'

export const FREE_FROM = 9900
export const FREIGHT = 800

const state = reactive({ lines: [] })

export function restoreCart() {
  const saved = load('cart', [])
  state.lines = (Array.isArray(saved) ? saved : [])
    .filter((line) => productById(line.id))
    .map((line) => ({ ...line, count: clamp(line.id, line.count) }))
}

// Never less than one, never more than there are.
function clamp(id, count) {
  const stock = productById(id).stock
  return Math.max(1, Math.min(stock, Math.floor(Number(count)) || 1))
}

function persist() {
  save('cart', state.lines)
}

export const lines = computed(() =>
  state.lines.map((line) => ({ ...line, product: productById(line.id) })),
)

export const cartCount = computed(() => state.lines.reduce((sum, line) => sum + line.count, 0))

export const chosen = computed(() => lines.value.filter((line) => line.checked))

export const chosenCount = computed(() => chosen.value.reduce((sum, line) => sum + line.count, 0))

export const chosenTotal = computed(() =>
  chosen.value.reduce((sum, line) => sum + line.count * line.product.price, 0),
)

export const allChecked = computed(
  () => state.lines.length > 0 && state.lines.every((line) => line.checked),
)

export function freightOf(total) {
  return total === 0 || total >= FREE_FROM ? 0 : FREIGHT
}

function find(id, spec) {
  return state.lines.find((line) => line.id === id && line.spec === spec)
}

export function addToCart(id, spec, count = 1) {
  const line = find(id, spec)
  if (line) {
    const before = line.count
    line.count = clamp(id, line.count + count)
    line.checked = true
    persist()
    return line.count > before
  }
  state.lines.unshift({ id, spec, count: clamp(id, count), checked: true })
  persist()
  return true
}

export function setCount(id, spec, count) {
  const line = find(id, spec)
  if (!line) return
  line.count = clamp(id, count)
  persist()
}

export function toggle(id, spec) {
  const line = find(id, spec)
  if (!line) return
  line.checked = !line.checked
  persist()
}

export function toggleAll() {
  const checked = !allChecked.value
  state.lines.forEach((line) => {
    line.checked = checked
  })
  persist()
}

export function removeLine(id, spec) {
  state.lines = state.lines.filter((line) => line.id !== id || line.spec !== spec)
  persist()
}

export function removeChosen() {
  state.lines = state.lines.filter((line) => !line.checked)
  persist()
}
