import { createSSRApp } from 'vue'
import App from './App.vue'
import { t } from './locale'
import { updater } from './update'

export function createApp() {
  const app = createSSRApp(App)
  app.config.globalProperties.$t = t
  app.use(updater.plugin)
  return { app }
}
