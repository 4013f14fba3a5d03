// This phone as decide sees it.

import type { Device } from './core/device.js'
import type { Version } from './core/version.js'
import type { Run, Saved } from './memory.js'

/** known: what counts as running, if it still does. */
export function deviceOf(saved: Saved, app: Pick<Device, 'app' | 'platform' | 'channel' | 'native'>, running: Version, known: Run | undefined): Device {
  return {
    ...app,
    running: { ...running, ...(known !== undefined && isSame(known, running) ? { release: known.release, channel: known.channel } : {}) },
    held: saved.files.map((kept) => kept.content),
    install: saved.install,
    bad: saved.bad.map(({ release, content, native }) => (content === '' ? { release, native } : { content, native })),
  }
}

export function isSame(a: Version, b: Version): boolean {
  return a.name === b.name && a.code === b.code
}
