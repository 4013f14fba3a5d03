// Everything a package finds on `plus`: these members and no others. What is missing here is
// undefined for the app, and calling it is a TypeError, as on a phone without that module.
import { downloader } from './downloader.js'
import { globalEvent } from './globalEvent.js'
import { io } from './io.js'
import { key } from './key.js'
import { nativeUI } from './nativeUI.js'
import { navigator } from './navigator.js'
import { networkinfo } from './networkinfo.js'
import { os } from './os.js'
import { runtime } from './runtime.js'
import { screen } from './screen.js'
import { storage } from './storage.js'
import { webview } from './webview.js'
import { zip } from './zip.js'

const modules = { globalEvent, os, runtime, webview, navigator, screen, key, nativeUI, networkinfo, storage, io, downloader, zip }

/** @param {import('../boot.js').Boot} boot */
export function plus(boot) {
  return Object.fromEntries(Object.entries(modules).map(([name, make]) => [name, make(boot)]))
}

/** Takes members away: 'io', 'runtime.restart'. @param {object} plus in the app's world */
export function without(plus, names) {
  for (const name of names) {
    const [module, member] = name.split('.')
    delete (member ? plus[module] : plus)[member ?? module]
  }
}
