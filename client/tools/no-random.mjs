// Stands in for @stablelib/random, which only the making of keys would call.
export function randomBytes() {
  throw new Error('this package makes no keys')
}
