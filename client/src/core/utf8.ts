// UTF-8 without TextEncoder and TextDecoder, which an app's script engine lacks.

/** The bytes of a text. A lone surrogate, which has none, counts as U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text))
  let at = 0
  for (let i = 0; i < text.length; i++) {
    let c = text.charCodeAt(i)
    if (c < 0x80) {
      bytes[at++] = c
      continue
    }
    if (isSurrogate(c)) {
      if (isPair(text, i)) c = 0x10000 + ((c - 0xd800) << 10) + (text.charCodeAt(++i) - 0xdc00)
      else c = 0xfffd
    }
    if (c < 0x800) {
      bytes[at++] = 0xc0 | (c >> 6)
    } else {
      if (c < 0x10000) {
        bytes[at++] = 0xe0 | (c >> 12)
      } else {
        bytes[at++] = 0xf0 | (c >> 18)
        bytes[at++] = 0x80 | ((c >> 12) & 0x3f)
      }
      bytes[at++] = 0x80 | ((c >> 6) & 0x3f)
    }
    bytes[at++] = 0x80 | (c & 0x3f)
  }
  return bytes
}

/** How many bytes encodeUtf8 writes. */
export function utf8Length(text: string): number {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 0x80) length++
    else if (c < 0x800) length += 2
    else if (isSurrogate(c) && isPair(text, i)) {
      length += 4
      i++
    } else length += 3
  }
  return length
}

/**
 * The text of bytes, or undefined if they are not UTF-8: overlong forms, surrogates and what is
 * above U+10FFFF are refused, nothing is replaced, and a byte order mark is a character.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = ''
  let units: number[] = []
  for (let i = 0; i < bytes.length; ) {
    const c = bytes[i++]!
    if (c < 0x80) {
      units.push(c)
    } else {
      const more = c < 0xc2 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf5 ? 3 : 0
      if (more === 0 || i + more > bytes.length) return undefined
      let point = c & (0x3f >> more)
      for (let n = 0; n < more; n++) {
        const next = bytes[i++]!
        if ((next & 0xc0) !== 0x80) return undefined
        point = (point << 6) | (next & 0x3f)
      }
      if (point < (more === 3 ? 0x10000 : more === 2 ? 0x800 : 0x80) || point > 0x10ffff || isSurrogate(point)) return undefined
      if (point < 0x10000) units.push(point)
      else units.push(0xd7c0 + (point >> 10), 0xdc00 | (point & 0x3ff))
    }
    if (units.length >= 4096) {
      // a call has room for so many arguments, not for 32768
      text += String.fromCharCode.apply(null, units)
      units = []
    }
  }
  return text + String.fromCharCode.apply(null, units)
}

/** Whether a UTF-16 unit is one half of a pair. */
export function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

/** Whether a pair of surrogates stands at a place. */
export function isPair(text: string, at: number): boolean {
  const high = text.charCodeAt(at)
  const low = text.charCodeAt(at + 1) // NaN at the end
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff
}
