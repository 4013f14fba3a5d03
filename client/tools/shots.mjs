#!/usr/bin/env node
// Pictures of the dialog, drawn by the real view layer: node tools/shots.mjs DIR [STATE...]
// With all states also dialog-<language>.png, which the readmes show.
import fs from 'node:fs'
import path from 'node:path'
import { states } from '../forms/dialogs.mjs'
import { build, modules, nowhere } from '../forms/project.mjs'
import { Phone } from '../../simulator/src/index.js'
import { Chromium } from '../../simulator/src/view/chromium.js'

const [dir, ...wanted] = process.argv.slice(2)
fs.mkdirSync(dir, { recursive: true })
const app = await build({ form: 'uni_modules', layout: 'cli', compiler: '4.87' })
const chromium = await Chromium.launch()
for (const language of ['zh-Hans', 'en']) {
  for (const theme of ['light', 'dark']) {
    const phone = new Phone({ builtIn: app, framework: modules('4.87'), language, theme, view: chromium.view })
    phone.network.route('https://forms.wgtup.example', nowhere)
    const boot = await phone.start()
    boot.evaluate("uni.navigateTo({ url: '/pages/dialog/dialog' }), 0")
    await phone.run(1500)
    const screen = boot.top.drawing.page
    for (const [name, state] of Object.entries(states(language))) {
      if (wanted.length && !wanted.includes(name)) continue
      for (const it of [{ phase: 'idle' }, { ...state, phase: 'offered' }, state]) boot.evaluate(`getApp().globalData.show(${JSON.stringify(it)})`)
      await phone.run(300)
      await screen.evaluate(() => Promise.all(document.getAnimations().map((it) => (it.effect.getComputedTiming().iterations === 1 ? it.finished : 0))))
      await screen.screenshot({ path: path.join(dir, `${name}-${language}-${theme}.png`) })
    }
    if (boot.errors.length || chromium.errors.length) console.error(boot.errors, chromium.errors)
    await phone.close()
  }
}

for (const language of wanted.length ? [] : ['zh-Hans', 'en']) {
  const names = ['offered-%-light', 'downloading-%-light', 'offered-%-dark', 'failed-%-dark'].map((name) => name.replace('%', language))
  const data = (name) => fs.readFileSync(path.join(dir, name + '.png')).toString('base64')
  const images = names.map((name) => `<img width="216" style="margin:6px;border-radius:14px" src="data:image/png;base64,${data(name)}">`)
  const sheet = await chromium.browser.newPage({ viewport: { width: 912, height: 480 } })
  await sheet.setContent(`<body style="margin:0;font-size:0">${images.join('')}</body>`)
  await sheet.screenshot({ path: path.join(dir, `dialog-${language}.png`), omitBackground: true })
}
await chromium.close()
