import { createSSRApp } from 'vue'
import App from './App.vue'
import { t } from './locale'

export function createApp() {
  const app = createSSRApp(App)
  app.config.globalProperties.$t = t
  return { app }
}
