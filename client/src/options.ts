import { makeSet, parsePin } from './core/keys.js'
import type { KeySet } from './core/keys.js'

export interface Options {
  /** Public address of the app's folder, e.g. https://cdn.example.com/my-app; several are tried in turn. */
  url: string | string[]
  /** The pins `wgtup init` printed, signing and recovery. */
  publicKeys: string[]
  /** Default: production. */
  channel?: string
  /** Channels that setChannel may choose; default: none but channel. */
  channels?: string[]
  /** Download only on Wi-Fi, except forced releases. Default: false. */
  wifiOnly?: boolean
  /** Whether checks tell the bucket's access log what runs here (no identifier). Default: true. */
  stats?: boolean
  /** Milliseconds in the foreground within which a new release has to be ready: 1,000 to 600,000. Default: 20,000. */
  readyTimeout?: number
  /** What an error that nobody caught means before a new release is ready. Default: fail. */
  errors?: 'fail' | 'ignore'
  /** Milliseconds of work that a patch may cost beyond what its smaller download saves; 0: no patches. Default: 3,000. */
  patchTime?: number
  /** auto: the first page that is drawn confirms, with app.use(updater.plugin). Default: auto. */
  ready?: 'auto' | 'manual'
}

/** sync's: auto follows the mode of the release; the others override it, except force. */
export type SyncMode = 'auto' | 'prompt' | 'silent'

export interface SyncOptions {
  mode?: SyncMode
  /** The user asked: shows what was put off too, and asks at once after a failure. Then mode is prompt unless given. */
  asked?: boolean
}

/** Options with their defaults, checked. */
export interface Settings {
  bases: string[]
  pins: KeySet
  channel: string
  channels: string[]
  wifiOnly: boolean
  stats: boolean
  readyTimeout: number
  patchTime: number
  errors: 'fail' | 'ignore'
  ready: 'auto' | 'manual'
}

/** Throws an error that says what is wrong. */
export function settings(options: Options): Settings {
  const bases = ([] as string[]).concat(options.url).map((url) => String(url).replace(/\/+$/, ''))
  if (bases.length === 0 || !bases.every((url) => /^https?:\/\/[^/]/.test(url))) throw new Error('url: want https://…, got ' + options.url)
  const pins = makeSet((options.publicKeys || []).map(parsePin))
  const channel = options.channel || 'production'
  const channels = options.channels || []
  for (const name of [channel, ...channels]) if (!/^[a-z0-9-]{1,64}$/.test(name)) throw new Error('channel: ' + name)
  const readyTimeout = options.readyTimeout === undefined ? 20000 : options.readyTimeout
  if (typeof readyTimeout !== 'number' || !(readyTimeout >= 1000 && readyTimeout <= 600000)) throw new Error('readyTimeout: want 1000 to 600000 milliseconds, got ' + readyTimeout)
  const patchTime = options.patchTime === undefined ? 3000 : options.patchTime
  if (typeof patchTime !== 'number' || !(patchTime >= 0)) throw new Error('patchTime: want milliseconds, got ' + patchTime)
  return {
    bases,
    pins,
    channel,
    channels,
    wifiOnly: options.wifiOnly === true,
    stats: options.stats !== false,
    readyTimeout,
    patchTime,
    errors: options.errors || 'fail',
    ready: options.ready || 'auto',
  }
}
