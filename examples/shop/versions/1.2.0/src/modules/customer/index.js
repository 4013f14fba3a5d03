import { reactive } from 'vue'
import { load, save } from '@/shared/storage'
import { setLocale } from '@/locale'

export const customer = reactive({
  name: '青禾',
  level: '竹叶会员',
  points: 368,
  locale: 'zh-CN',
  address: { name: '', phone: '', region: '浙江省 杭州市 西湖区', street: '' },
})

export function restoreCustomer() {
  const saved = load('user', null)
  if (saved) Object.assign(customer, saved)
  setLocale(customer.locale)
}

export function saveAddress(address) {
  customer.address = { ...address }
  save('user', { ...customer })
}

export function switchLocale() {
  customer.locale = customer.locale === 'en' ? 'zh-CN' : 'en'
  setLocale(customer.locale)
  save('user', { ...customer })
}

export function hasAddress() {
  return !!(customer.address.name && customer.address.phone && customer.address.street)
}
