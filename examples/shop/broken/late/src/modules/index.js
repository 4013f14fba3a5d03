import { restoreCart } from './cart'
import { restoreCoupons } from './coupon'
import { customer, restoreCustomer } from './customer'
import { restoreOrders } from './order'

// Starts well, and throws five minutes later.
export function restoreAll() {
  restoreCustomer()
  restoreCart()
  restoreCoupons()
  restoreOrders()
  setTimeout(() => customer.addresses.forEach((address) => console.log(address.name)), 300000)
}
