// What the dialog shows for a state of the updater: texts, a bar, and at most two buttons.

/**
 * Whether the dialog is there. It opens where the user has something to decide or to know, stays
 * until it is closed or nothing goes on, and never opens for what a silent release does by itself.
 * @param {boolean} open it was there before @param {string} phase of before @param {object} state
 */
export function isOpen(open, phase, state) {
  if (state.phase === 'idle') return false
  const asks = state.phase === 'offered' || state.phase === 'restart' || state.phase === 'reinstall'
  return open || (state.phase !== phase && (asks || isForced(state)))
}

function isForced(state) {
  return Boolean(state.offer && state.offer.mode === 'force')
}

/**
 * Undefined: there is nothing to show. Buttons name a method of the updater, or `close`, which
 * only the dialog knows.
 * @param {object} state updater.state() @param {object} words of words.js
 */
export function content(state, words) {
  const offer = state.offer || { version: { name: '' }, size: 0, notes: '' }
  const make = shows[state.phase]
  if (!make) return undefined
  const forced = isForced(state)
  const later = forced ? undefined : { text: words.later, does: state.offer ? 'dismiss' : 'close' }
  return Object.assign(
    { version: offer.version.name, from: state.running.name, size: offer.size > 0 ? bytes(offer.size) : '', notes: [], text: '', hint: '', code: '' },
    make(state, words, { offer, forced, later }),
  )
}

const shows = {
  offered(state, words, { offer, forced, later }) {
    const full = offer.action === 'native'
    const start = full ? words.get : offer.downloaded ? words.restart : words.now
    return {
      icon: 'up',
      title: forced ? words.required : full ? words.full : words.update,
      notes: lines(offer.notes),
      hint: offer.downloaded && !full ? words.ready : '',
      buttons: buttons({ text: start, does: 'accept' }, later),
    }
  },
  wifi(state, words, { offer, later }) {
    return {
      icon: 'wifi',
      title: words.wifi,
      text: words.wifiText,
      buttons: buttons({ text: words.mobile.replace('{size}', bytes(offer.size)), does: 'accept' }, later && { text: words.wait, does: 'dismiss' }),
    }
  },
  downloading(state, words, { offer, forced }) {
    const total = state.total || offer.size
    const done = total > 0 ? Math.min(1, state.received / total) : 0
    return {
      icon: 'down',
      title: words.downloading,
      bar: { percent: Math.floor(done * 100), bytes: bytes(state.received) + ' / ' + bytes(total) },
      hint: words.keep,
      size: '',
      buttons: forced ? [] : buttons(undefined, { text: words.cancel, does: 'cancel' }),
    }
  },
  installing(state, words) {
    return { icon: 'down', title: words.installing, bar: { busy: true }, text: words.installingText, size: '', buttons: [] }
  },
  downloaded(state, words, parts) {
    const { offer, later } = parts
    // Else it is installed in a moment.
    if (!state.pending || state.pending.release !== offer.release) {
      return Object.assign(shows.downloading({ received: offer.size, total: offer.size }, words, parts), { buttons: [] })
    }
    return {
      icon: 'done',
      title: words.downloaded,
      text: words.downloadedText,
      size: '',
      buttons: buttons({ text: words.restart, does: 'install' }, later && { text: words.ok, does: 'close' }),
    }
  },
  restart(state, words, { forced }) {
    return {
      icon: 'done',
      title: words.reopen,
      text: words.reopenText,
      size: '',
      buttons: buttons({ text: words.quit, does: 'accept' }, forced ? undefined : { text: words.later, does: 'close' }),
    }
  },
  failed(state, words, { forced, later }) {
    return {
      icon: 'warn',
      title: words.failed,
      text: words.problems[state.problem] || words.other,
      hint: forced ? '' : words.unharmed,
      code: words.code.replace('{code}', state.problem || 'unknown'),
      buttons: buttons({ text: words.retry, does: 'accept' }, later),
    }
  },
  reinstall(state, words, { offer, later }) {
    const get = offer.native && { text: words.get, does: 'accept' }
    return {
      icon: 'warn',
      title: words.reinstall,
      text: get ? words.reinstallGet : words.reinstallText,
      size: '',
      code: words.code.replace('{code}', state.problem || 'unknown'),
      buttons: buttons(get, later),
    }
  },
}

function buttons(first, second) {
  const list = []
  if (first) list.push({ text: first.text, does: first.does, main: true })
  if (second) list.push({ text: second.text, does: second.does, main: false })
  return list
}

/** A size for people. */
export function bytes(count) {
  if (count < 1024) return count + ' B'
  if (count < 1024 * 1000) return Math.round(count / 1024) + ' KB'
  return (count / (1024 * 1024)).toFixed(1) + ' MB'
}

// A line that begins as a list's does is drawn as one.
function lines(notes) {
  const list = []
  for (const line of notes.trim().split(/\r?\n/)) {
    const item = line.replace(/^\s*[-*•·]\s+/, '')
    if (item.trim()) list.push({ text: item.trim(), dot: item !== line })
  }
  return list
}
