// Base64, standard and padded (RFC 4648, section 4), in its one spelling.

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const values = new Int8Array(128).fill(-1)
for (let i = 0; i < 64; i++) values[letters.charCodeAt(i)] = i

export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const group = (bytes[i]! << 16) | ((left > 1 ? bytes[i + 1]! : 0) << 8) | (left > 2 ? bytes[i + 2]! : 0)
    text += letters.charAt(group >> 18) + letters.charAt((group >> 12) & 63)
    text += (left > 1 ? letters.charAt((group >> 6) & 63) : '=') + (left > 2 ? letters.charAt(group & 63) : '=')
  }
  return text
}

/**
 * The bytes of a text, or undefined for every text that encodeBase64 does not write: other
 * alphabets, white space, missing padding, trailing bits that are not zero.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  let end = text.length
  while (end > text.length - 2 && end > 0 && text.charAt(end - 1) === '=') end--
  const bytes = new Uint8Array((end * 3) >> 2)
  let bits = 0
  let held = 0
  let at = 0
  for (let i = 0; i < end; i++) {
    const c = text.charCodeAt(i)
    const value = c < 128 ? values[c]! : -1
    if (value < 0) return undefined
    bits = (bits << 6) | value
    held += 6
    if (held >= 8) {
      held -= 8
      bytes[at++] = bits >> held
      bits &= (1 << held) - 1
    }
  }
  return bits === 0 ? bytes : undefined
}
