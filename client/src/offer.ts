// A decision as people see it.

import { findRelease } from './core/document.js'
import type { Decision } from './core/decide.js'
import type { Document } from './core/document.js'
import type { UpdateOffer } from './events.js'

/** Undefined when there is nothing to offer. */
export function offerOf(decision: Decision, document: Document, language: string): UpdateOffer | undefined {
  const release = findRelease(document, decision.release || '')
  if (decision.action === 'none' || release === undefined) return undefined
  const offer: UpdateOffer = {
    action: decision.action,
    release: release.id,
    version: release.version,
    mode: decision.mode || 'prompt',
    notes: inLanguage(release.notes || {}, language),
    size: decision.size || 0,
    downloaded: false,
  }
  if (release.native !== undefined) offer.native = release.native
  return offer
}

/** zh-Hans-CN finds zh-Hans, zh-CN, zh, or any other Chinese; else English, else what comes first. */
function inLanguage(notes: { [tag: string]: string }, language: string): string {
  const tags = Object.keys(notes)
  const wanted = language.toLowerCase().split('-')
  for (const parts of [wanted, ['en']]) {
    for (let length = parts.length; length > 0; length--) {
      const start = parts.slice(0, length).join('-')
      const tag = tags.filter((t) => t.toLowerCase() === start)[0] || tags.filter((t) => t.toLowerCase().indexOf(start + '-') === 0)[0]
      if (tag !== undefined) return notes[tag]!
    }
  }
  return tags.length > 0 ? notes[tags[0]!]! : ''
}
