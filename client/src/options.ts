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
  /** Milliseconds in the foreground within which a new release has to be ready. Default: 20,000. */
  readyTimeout?: number
  /** What an error that nobody caught means before a new release is ready. Default: fail. */
  errors?: 'fail' | 'ignore'
  /** auto: the first page that is drawn confirms, with app.use(updater.plugin). Default: auto. */
  ready?: 'auto' | 'manual'
}

/** sync's: auto follows the mode of the release; the others override it, except force. */
export type SyncMode = 'auto' | 'prompt' | 'silent'

export interface SyncOptions {
  mode?: SyncMode
}
