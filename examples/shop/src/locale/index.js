import { reactive } from 'vue'
import zh from './zh-CN'
import en from './en'

const messages = { 'zh-CN': zh, en }
const state = reactive({ locale: 'zh-CN' })

export function locale() {
  return state.locale
}

export function setLocale(name) {
  if (messages[name]) state.locale = name
}

// t('cart.total', { count: 3 }) looks up the key and fills {count}; an unknown key comes back as it is.
export function t(key, params) {
  const find = (table) => key.split('.').reduce((at, part) => (at ? at[part] : undefined), table)
  const text = find(messages[state.locale]) || find(zh) || key
  if (!params) return text
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in params ? params[name] : all))
}
