#!/usr/bin/env node
// Starts a compiled app on a simulated phone and tells what it does.
import { parseArgs } from 'node:util'
import { Clock, Phone, wgtupFolder } from './src/index.js'

const usage = `usage: wgtup-sim DIR [options]

Starts the compiled app in DIR (npx uni build -p app makes dist/build/app) on a simulated
phone and tells what it does: its log, its requests, its first page, its errors.

  --platform NAME   android (default) or ios
  --native VERSION  version of the installation package (default 1.0.0)
  --code CODE       its version code (default 100)
  --framework DIR   a project whose node_modules have the base's @dcloudio packages
                    (default: the project that DIR is in)
  --url TO          updates come from TO, e.g. http://127.0.0.1:8080, whatever address the app has
  --url FROM=TO     every request to FROM goes to TO
  --tap TEXT        touches what shows this text, as soon as it is there; may be given again
  --open PATH       a page to open afterwards, as for uni.navigateTo
  --for SECONDS     how long the phone runs, in its own time (default 15)
  --disk DIR        keep the phone in DIR: the next run goes on with it
  --seed N          of everything random (default 1)

Ends with 1 if the app shows nothing.`

async function main() {
  const string = (value) => ({ type: 'string', default: value })
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      platform: string('android'), native: string('1.0.0'), code: string('100'), framework: string(), open: string(),
      url: { type: 'string', multiple: true }, tap: { type: 'string', multiple: true }, for: string('15'), disk: string(), seed: string('1'), help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help || positionals.length !== 1) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  if (!['android', 'ios'].includes(values.platform)) throw new Error(`--platform is android or ios, not ${values.platform}`)
  const phone = new Phone({
    builtIn: positionals[0],
    native: { name: values.native, code: values.code },
    platform: values.platform,
    framework: values.framework,
    disk: values.disk,
    seed: Number(values.seed),
    clock: new Clock(Date.now()),
  })
  for (const route of values.url ?? []) {
    const [, from = wgtupFolder, to = route] = route.match(/^(https?:[^=]+)=(https?:.+)$/) ?? []
    if (!/^https?:\/\/./.test(to)) throw new Error(`--url is an address, or FROM=TO, not ${route}`)
    phone.network.route(from, to)
  }
  try {
    tell(phone)
    const seconds = Number(values.for)
    await phone.start({ run: Math.min(seconds, 1) * 1000 })
    if (values.open && phone.running) phone.boot.evaluate(`uni.navigateTo({ url: ${JSON.stringify(values.open)}, fail: (e) => console.error(e.errMsg) }), 0`)
    const end = phone.clock.elapsed + Math.max(0, seconds - 1) * 1000
    for (const text of values.tap ?? []) await tap(phone, text, end - phone.clock.elapsed)
    await phone.run(end - phone.clock.elapsed)
    return summary(phone)
  } finally {
    await phone.close()
  }
}

async function tap(phone, text, within) {
  const there = () => phone.running && phone.boot.page?.text.includes(text)
  if (!(await phone.run(within, there))) throw new Error(`--tap: nothing showed ${text}`)
  phone.boot.page.tap(text)
}

function tell(phone) {
  const say = (what, text) => console.log(`${(phone.clock.elapsed / 1000).toFixed(2).padStart(8)}  ${what.padEnd(8)} ${text}`)
  phone.on('boot', (boot) => say('start', `${boot.manifest.name} ${boot.version} (${boot.manifest.id}) on ${phone.platform}, base ${phone.native.name}, framework ${phone.framework.version}`))
  phone.on('end', ({ reason }) => reason === 'close' || say('end', reason))
  phone.on('console', ({ level, text }) => say(level, text))
  phone.on('fail', ({ where, stack }) => say('ERROR', `${where}: ${stack}`))
  phone.on('ui', ({ type, title, message }) => say(type, [title, message].filter(Boolean).join(': ')))
  phone.on('open', ({ url }) => say('open', url))
  phone.on('answer', ({ method, url, status, bytes, error }) => say('request', `${method} ${url} ${error ?? `${status}, ${bytes} bytes`}`))
}

function summary(phone) {
  const { boot } = phone
  if (!phone.running) {
    console.log(`\nThe app is not running any more (${boot.reason}).`)
    return 1
  }
  console.log(`\npages     ${boot.pages.join(' > ') || 'none'}`)
  console.log(`shown     ${boot.whiteScreen ? 'NOTHING: a white screen' : JSON.stringify((boot.page?.text ?? '').slice(0, 160))}`)
  console.log(`errors    ${boot.errors.length}`)
  console.log(`requests  ${boot.requests.length}`)
  return boot.whiteScreen ? 1 : 0
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(`wgtup-sim: ${error.message}`)
    process.exitCode = 2
  },
)
