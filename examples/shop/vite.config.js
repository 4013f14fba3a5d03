import { defineConfig } from 'vite'
import uni from '@dcloudio/vite-plugin-uni'
import { wgtup } from './src/uni_modules/wgtup-client/vite.cjs'

export default defineConfig({
  plugins: [uni(), wgtup()],
  css: {
    preprocessorOptions: {
      scss: { quietDeps: true },
    },
  },
})
