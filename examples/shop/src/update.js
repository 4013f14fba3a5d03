import { createUpdater } from '@/uni_modules/wgtup-client'

// Nobody has these keys. An app of its own has those that `wgtup init` printed.
export const updater = createUpdater({
  url: 'https://shop.wgtup.example/app',
  publicKeys: [
    'signing:0:placeholder/signing/replaced/by/tests/00000=',
    'recovery:0:placeholder/recovery/replaced/by/tests/0000=',
  ],
})
