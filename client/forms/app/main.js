import { createSSRApp } from 'vue'
import App from './App.vue'
import { updater } from './update'

export function createApp() {
  const app = createSSRApp(App)
  app.use(updater.plugin)
  return { app }
}
