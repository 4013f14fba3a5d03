import { categories } from '@/data/categories'
import { products } from '@/data/products'

const byId = {}
products.forEach((product) => {
  byId[product.id] = product
})

export { categories, products }

export function productById(id) {
  return byId[id]
}

export function categoryById(id) {
  return categories.find((category) => category.id === id)
}

export function productsOf(category) {
  return category ? products.filter((product) => product.category === category) : products
}

export function image(product) {
  return '/static/goods/' + product.id + '.png'
}

export function freshProducts(count = 6) {
  return products.filter((product) => product.tags.includes('新品')).slice(0, count)
}

export function hotProducts(count = 10) {
  return [...products].sort((a, b) => b.sales - a.sales).slice(0, count)
}

export function sortProducts(list, order) {
  const copy = [...list]
  if (order === 'sales') copy.sort((a, b) => b.sales - a.sales)
  if (order === 'price-up') copy.sort((a, b) => a.price - b.price)
  if (order === 'price-down') copy.sort((a, b) => b.price - a.price)
  return copy
}

export function related(product, count = 4) {
  return products
    .filter((other) => other.category === product.category && other.id !== product.id)
    .slice(0, count)
}
