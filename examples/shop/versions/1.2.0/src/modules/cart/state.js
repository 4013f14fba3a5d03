import { computed, reactive } from 'vue'
import { productById } from '@/modules/catalog'
import { load, save } from '@/shared/storage'
import { clamp, countOf, totalOf } from './rules'

export const state = reactive({ lines: [] })

export function restoreCart() {
  const saved = load('cart', [])
  state.lines = (Array.isArray(saved) ? saved : [])
    .filter((line) => productById(line.id))
    .map((line) => ({ ...line, count: clamp(line.id, line.count) }))
}

export function persist() {
  save('cart', state.lines)
}

export const lines = computed(() =>
  state.lines.map((line) => ({ ...line, product: productById(line.id) })),
)
export const chosen = computed(() => lines.value.filter((line) => line.checked))
export const cartCount = computed(() => countOf(state.lines))
export const chosenCount = computed(() => countOf(chosen.value))
export const chosenTotal = computed(() => totalOf(chosen.value))
export const allChecked = computed(
  () => state.lines.length > 0 && state.lines.every((line) => line.checked),
)
