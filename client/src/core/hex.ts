const digits = '0123456789abcdef'

/** Lower-case hex, the spelling of every digest in the protocol. */
export function encodeHex(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += digits.charAt(bytes[i]! >> 4) + digits.charAt(bytes[i]! & 15)
  return text
}
