import { computed, reactive } from 'vue'
import { productById } from '@/modules/catalog'
import { load, save } from '@/shared/storage'

// { id, time, price }: the price when it was liked, to show how it has changed.
const state = reactive({ items: [] })

export function restoreFavourites() {
  const saved = load('favourites', [])
  state.items = Array.isArray(saved) ? saved.filter((item) => productById(item.id)) : []
}

export const favourites = computed(() =>
  state.items.map((item) => {
    const product = productById(item.id)
    return { ...item, product, cheaper: Math.max(0, item.price - product.price) }
  }),
)

export const favouriteCount = computed(() => state.items.length)

export function isFavourite(id) {
  return state.items.some((item) => item.id === id)
}

export function toggleFavourite(id) {
  const liked = isFavourite(id)
  if (liked) state.items = state.items.filter((item) => item.id !== id)
  else state.items.unshift({ id, time: Date.now(), price: productById(id).price })
  save('favourites', state.items)
  return !liked
}
