import { createSSRApp } from 'vue'
import App from './App.vue'
import { t } from './locale'

export function createApp() {
  const app = createSSRApp(App)
  app.config.globalProperties.$t = t
  app.component('price-text', app._context.components.missing.default)
  return { app }
}
