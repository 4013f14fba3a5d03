import { createUpdater } from 'wgtup-client'

export const updater = createUpdater({
  url: 'https://forms.wgtup.example/app',
  publicKeys: ['signing:0:formsSigningPlaceholder00000000000000000000=', 'recovery:0:formsRecoveryPlaceholder0000000000000000000='],
})
