import { productById } from '@/modules/catalog'

export const FREE_FROM = 9900
export const FREIGHT = 800

export function freightOf(total) {
  return total === 0 || total >= FREE_FROM ? 0 : FREIGHT
}

export function missingForFree(total) {
  return Math.max(0, FREE_FROM - total)
}

// Never less than one, never more than there are.
export function clamp(id, count) {
  const stock = productById(id).stock
  return Math.max(1, Math.min(stock, Math.floor(Number(count)) || 1))
}

export function totalOf(lines) {
  return lines.reduce((sum, line) => sum + line.count * line.product.price, 0)
}

export function countOf(lines) {
  return lines.reduce((sum, line) => sum + line.count, 0)
}
