import { restoreCart } from './cart'
import { restoreCoupons } from './coupon'
import { customer, restoreCustomer } from './customer'
import { restoreOrders } from './order'

// Throws in onLaunch: nobody has an address book yet.
export function restoreAll() {
  restoreCustomer()
  customer.addresses.forEach((address) => console.log(address.name))
  restoreCart()
  restoreCoupons()
  restoreOrders()
}
