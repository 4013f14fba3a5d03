// What a user writes in TypeScript; it only has to compile.
import { createUpdater } from 'wgtup-client'
import type { Check, Options, Problem, State, UpdateOffer, Updater } from 'wgtup-client'
import { wgtup } from 'wgtup-client/vite'

const options: Options = { url: ['https://a.example/app', 'https://b.example/app'], publicKeys: [], wifiOnly: true }
export const updater: Updater = createUpdater(options)

export async function whatIsNew(): Promise<string> {
  const check: Check = await updater.check()
  if (!check.ok) return explain(check.problem)
  const offer: UpdateOffer | undefined = check.offer
  return offer ? offer.version.name + ' ' + offer.notes : ''
}

function explain(problem: Problem | undefined): string {
  switch (problem) {
    case 'offline':
      return 'no network'
    default:
      return String(problem)
  }
}

const leave: () => void = updater.on('change', (state: State) => {
  const percent: number = state.total > 0 ? (state.received / state.total) * 100 : 0
  uni.showToast({ title: percent.toFixed(0) + '%' })
})
leave()
updater.on('recovered', ({ release, why }) => console.log(release.length + why.length))
updater.sync({ mode: 'prompt' }).then((check) => check.reason)

const plugin: { name: string } = wgtup()
plus.runtime.getProperty(plus.runtime.appid!, () => plugin.name)

// @ts-expect-error a wrong option
createUpdater({ url: 'https://a.example', publicKey: [] })
// @ts-expect-error a wrong event
updater.on('changed', () => {})
