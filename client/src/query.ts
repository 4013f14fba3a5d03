// What a check tells the bucket's access log: versions and counts, no identifier. docs/spec/protocol.md, 2.2.

import type { Saved } from './memory.js'

/** How many events go with one check. */
const most = 10

export interface Told {
  query: string
  /** The day that is counted by it, and the events in it: forgotten once an answer came. */
  day: string
  events: string[]
}

export function tell(saved: Saved, running: number, native: number, platform: string, now: number): Told {
  const date = new Date(now)
  const day = date.getFullYear() + '-' + (date.getMonth() + 1) + '-' + date.getDate()
  const events = saved.events.slice(0, most)
  const parts = ['r=' + running, 'n=' + native, 'p=' + platform]
  if (saved.day !== day) parts.push('d=1')
  if (events.length > 0) parts.push('e=' + events.join(','))
  return { query: '?' + parts.join('&'), day, events }
}
