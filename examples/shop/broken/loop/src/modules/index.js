import { restoreCart } from './cart'
import { restoreCoupons } from './coupon'
import { restoreCustomer } from './customer'
import { restoreOrders } from './order'

// Never ends: the day jumps over the last one.
const days = []
for (let day = 1; day !== 32; day += 2) days[day % 31] = day

export function restoreAll() {
  restoreCustomer()
  restoreCart()
  restoreCoupons()
  restoreOrders()
  console.log(days.length)
}
