import { restoreCart } from './cart'
import { restoreCoupons } from './coupon'
import { restoreCustomer } from './customer'
import { restoreFavourites } from './favourite'
import { restoreOrders } from './order'
import { restoreHistory } from './search'

// Everything the app remembers, in the order it is needed.
export function restoreAll() {
  restoreCustomer()
  restoreCart()
  restoreCoupons()
  restoreOrders()
  restoreFavourites()
  restoreHistory()
}
