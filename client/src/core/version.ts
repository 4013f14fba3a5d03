/** What a manifest says: the name decides; the code is compared only by stores. */
export interface Version {
  name: string
  code: number
}

/** A build number as decisions see it: one that is no decimal integer counts as 0. */
export function codeOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0
}

/**
 * The order of uni-app's runtime, by which plus.runtime.install accepts a package without force
 * (observed on Android): it walks the segments of the next name; a current name that has run out
 * is lower, a segment that is no number ends in "not higher".
 */
export function higher(next: string, current: string): boolean {
  if (next === '') return false
  if (current === '') return true
  const to = segments(next)
  const from = segments(current)
  for (let i = 0; i < to.length; i++) {
    if (i >= from.length) return true
    const a = parseInt32(to[i]!)
    if (isNaN(a)) return false
    const b = parseInt32(from[i]!)
    if (isNaN(b)) return false
    if (a !== b) return a > b
  }
  return false
}

/** As Java splits: empty segments at the end do not count, so dots alone have none. */
function segments(name: string): string[] {
  const all = name.split('.')
  while (all.length > 0 && all[all.length - 1] === '') all.pop()
  return all
}

/** As Java's Integer.parseInt: 32 bits, a sign allowed. */
function parseInt32(text: string): number {
  const value = /^[+-]?[0-9]+$/.test(text) ? Number(text) : NaN
  return value >= -0x80000000 && value <= 0x7fffffff ? value : NaN
}
