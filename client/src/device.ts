// This phone as decide sees it.

import { contentOf } from './memory.js'
import type { Device } from './core/device.js'
import type { Version } from './core/version.js'
import type { Run, Saved } from './memory.js'

/** known: what counts as running, if it still does. */
export function deviceOf(saved: Saved, app: Pick<Device, 'app' | 'platform' | 'channel' | 'native'>, running: Version, known: Run | undefined): Device {
  const runs = known !== undefined && isSame(known, running) ? known : undefined
  return {
    ...app,
    running: { ...running, ...(runs !== undefined ? { release: runs.release, channel: runs.channel } : {}) },
    // The base of a patch is what runs, and its package, which has the directory.
    held: saved.files.map((kept) => kept.content).filter((content) => runs !== undefined && content === contentOf(runs.release)),
    install: saved.install,
    bad: saved.bad.map(({ release, content, native }) => (content === '' ? { release, native } : { content, native })),
  }
}

export function isSame(a: Version, b: Version): boolean {
  return a.name === b.name && a.code === b.code
}
