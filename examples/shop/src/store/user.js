import { reactive } from 'vue'
import { load, save } from '@/utils/storage'
import { setLocale } from '@/locale'

export const user = reactive({
  name: '青禾',
  level: '竹叶会员',
  points: 368,
  locale: 'zh-CN',
  address: { name: '', phone: '', region: '浙江省 杭州市 西湖区', street: '' },
})

export function restoreUser() {
  const saved = load('user', null)
  if (saved) Object.assign(user, saved)
  setLocale(user.locale)
}

export function saveAddress(address) {
  user.address = { ...address }
  save('user', { ...user })
}

export function switchLocale() {
  user.locale = user.locale === 'en' ? 'zh-CN' : 'en'
  setLocale(user.locale)
  save('user', { ...user })
}

export function hasAddress() {
  return !!(user.address.name && user.address.phone && user.address.street)
}
