/** Orders documents: first by epoch, then by sequence. */
export interface Position {
  epoch: number
  sequence: number
}

/** Negative, 0 or positive. */
export function compare(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.sequence - b.sequence
}

/** Where an entry lies under the app's prefix. */
export function journalKey(channel: string, position: Position): string {
  const digits = String(position.sequence)
  return 'channels/' + channel + '/journal/' + position.epoch + '/' + '0000000000'.slice(digits.length) + digits + '.json'
}

/** Where the copy of the newest entry lies. */
export function documentKey(channel: string): string {
  return 'channels/' + channel + '/release.json'
}

/** Where a package lies; extension is wgt, apk or ipa. */
export function packageKey(sha256: string, extension: string): string {
  return 'packages/' + sha256 + '.' + extension
}

/** Where a patch lies. */
export function patchKey(sha256: string): string {
  return 'patches/' + sha256 + '.patch'
}
