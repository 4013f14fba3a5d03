// The install page, written by the command, served as a bucket would, in Chromium.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { Chromium } from '../../simulator/src/view/chromium.js'
import { Project } from './project.js'

const readCode = createRequire(new URL('../../simulator/package.json', import.meta.url))('jsqr')
const testdata = new URL('../../apk/testdata/', import.meta.url)
const apk = fs.readFileSync(new URL('shop-2.0.0.apk', testdata))
const agents = {
  android: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36',
  ios: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
  harmony: 'Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0 Safari/537.36 ArkWeb/4.1 Mobile',
  wechat: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0.47',
  desk: undefined,
}
const phone = { width: 360, height: 780 }
const desk = { width: 1280, height: 800 }

let chromium
before(async () => (chromium = await Chromium.launch()))
after(() => chromium.close())

async function project(t) {
  const made = await Project.make(t, 'dir', '__UNI__A1B2C3D')
  const file = (name) => new URL(name, testdata).pathname
  made.ok('publish', '--base', file('shop-1.0.0.apk'))
  made.ok('publish', file('shop-2.0.0.apk'), '--notes', '- Scan a code', '--notes-zh', '- 扫一扫')
  made.ok('publish', '-p', 'ios', '--link', 'https://apps.apple.com/app/id1', '--native', '2.0.0', '--native-code', '200')
  made.url = JSON.parse(made.ok('page', '--title', 'Shop', '--json')).url
  return made
}

/** Opens the page; answers what a person sees. WGTUP_SHOTS=FOLDER keeps the pictures. */
async function open(t, url, name, { agent, size, locale = 'en-US', theme = 'light' }) {
  const context = await chromium.browser.newContext({ viewport: size, userAgent: agents[agent], locale, colorScheme: theme, deviceScaleFactor: 2 })
  t.after(() => context.close())
  const page = await context.newPage()
  const errors = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  const requests = []
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(url)
  const picture = await page.screenshot({ fullPage: true })
  if (process.env.WGTUP_SHOTS) fs.writeFileSync(path.join(process.env.WGTUP_SHOTS, `page-${name}.png`), picture)
  assert.deepEqual(errors.filter((text) => !/favicon/.test(text)), [], name)
  assert.deepEqual(requests.filter((it) => it !== url && !/favicon/.test(it)), [], 'nothing from elsewhere')
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth > 0), false, `${name} is wider than the screen`)
  const visible = (selector) => page.$$eval(selector, (all) => all.filter((it) => it.getClientRects().length > 0).map((it) => it.innerText ?? ''))
  return { page, visible, buttons: await visible('a.button'), text: await page.innerText('main') }
}

test('the right button for each phone, all of them with a QR code at a desk', async (t) => {
  const { url } = await project(t)
  const seen = async (agent, size, more) => open(t, url, agent + (more?.theme ? '-' + more.theme : ''), { agent, size, ...more })
  const android = await seen('android', phone)
  assert.deepEqual(android.buttons, ['Download the app'])
  assert.deepEqual(await android.visible('.scan'), [])
  assert.match(android.text, /Scan a code/)
  assert.doesNotMatch(android.text, /扫一扫/)
  assert.deepEqual((await seen('ios', phone, { theme: 'dark' })).buttons, ['Open the store'])
  const harmony = await seen('harmony', phone)
  assert.deepEqual(harmony.buttons, [])
  assert.match(harmony.text, /There is no app for this system yet/)
  const wechat = await seen('wechat', phone, { locale: 'zh-CN' })
  assert.match(wechat.text, /在浏览器打开/)
  assert.deepEqual(wechat.buttons, ['下载安装包'])
  const wide = await seen('desk', desk)
  assert.deepEqual(wide.buttons, ['Download the app', 'Open the store'])
  assert.equal((await wide.visible('.scan svg')).length, 1)
  assert.doesNotMatch(wide.text, /WeChat/)
})

/** What a camera reads from a picture: the pixels go through the browser, which knows PNG. */
async function scan(page, picture) {
  const { width, height, pixels } = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]))
    const brush = new OffscreenCanvas(image.width, image.height).getContext('2d')
    brush.drawImage(image, 0, 0)
    let text = ''
    for (const byte of brush.getImageData(0, 0, image.width, image.height).data) text += String.fromCharCode(byte)
    return { width: image.width, height: image.height, pixels: btoa(text) }
  }, picture.toString('base64'))
  return readCode(Uint8ClampedArray.from(Buffer.from(pixels, 'base64')), width, height, { inversionAttempts: 'dontInvert' })?.data
}

test('a camera reads the address of the page from the code, in light and dark', async (t) => {
  const { url } = await project(t)
  for (const theme of ['light', 'dark']) {
    const { page } = await open(t, url, 'code-' + theme, { agent: 'desk', size: desk, theme })
    assert.equal(await scan(page, await page.locator('.scan').screenshot()), url, theme)
    assert.equal(await scan(page, await page.locator('h1').first().screenshot()), undefined, 'no code, no address')
  }
})

test('light and dark, Chinese and English: by the phone, and by a tap', async (t) => {
  const { url } = await project(t)
  const back = async (theme) => {
    const { page } = await open(t, url, 'theme-' + theme, { agent: 'desk', size: desk, locale: 'zh-CN', theme })
    return page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  }
  assert.notEqual(await back('light'), await back('dark'))
  const { page, text } = await open(t, url, 'chinese', { agent: 'android', size: phone, locale: 'zh-CN' })
  assert.match(text, /下载与安装/)
  await page.click('#lang')
  assert.match(await page.innerText('main'), /Download and install/)
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
})

test('what the button downloads is the apk, byte for byte', async (t) => {
  const { url } = await project(t)
  const { page } = await open(t, url, 'download', { agent: 'android', size: phone })
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.way.android a.button')])
  const file = fs.readFileSync(await download.path())
  assert.equal(crypto.createHash('sha256').update(file).digest('hex'), crypto.createHash('sha256').update(apk).digest('hex'))
  assert.match(download.suggestedFilename(), /\.apk$/)
})
