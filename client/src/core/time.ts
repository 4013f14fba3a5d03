// Instants of the protocol: UTC, to the second, spelled 2026-11-22T15:00:00Z.

const spelling = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/

/**
 * Milliseconds since 1970, or NaN if the text is no such instant. Not Date.parse, which takes other
 * spellings and, in some engines, February 30.
 */
export function parseTime(text: string): number {
  const parts = spelling.exec(text)
  if (!parts) return NaN
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [number, number, number, number, number, number]
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return NaN
  return (((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days since 1970; the year begins in March here, so that the leap day is its last. */
function days(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const m = month > 2 ? month - 3 : month + 9
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * m + 2) / 5) + day - 719469
}
