import { restoreCart } from './cart'
import { restoreCoupons } from './coupon'
import { restoreCustomer } from './customer'
import { restoreOrders } from './order'

// Everything the app remembers, in the order it is needed.
export function restoreAll() {
  restoreCustomer()
  restoreCart()
  restoreCoupons()
  restoreOrders()
}
