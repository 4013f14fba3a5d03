// Applies the patches in the files that are named, in node or jsc: put behind a bundle of the client's patch module.
// Prints for each the milliseconds that opening and making took, or what went wrong.
const node = typeof process !== 'undefined'
const now = node ? () => performance.now() : () => preciseTime() * 1000
for (const name of node ? process.argv.slice(2) : arguments) {
  const all = node ? require('fs').readFileSync(name) : readFile(name, 'binary')
  let at = 0
  const number = () => {
    at += 4
    return (all[at - 4] | (all[at - 3] << 8) | (all[at - 2] << 16) | (all[at - 1] << 24)) >>> 0
  }
  const bytes = () => {
    const length = number()
    at += length
    return all.subarray(at - length, at)
  }
  const base = []
  for (let n = number(); n > 0; n--) {
    const [name, data] = [bytes(), bytes()]
    base.push({ name, data, size: data.length, crc: patch.crc32(data) })
  }
  const [delta, want] = [bytes(), bytes()]
  const start = now()
  const job = new patch.Patch(base, delta, 200 << 20)
  const pieces = job.make(job.uses.map((file) => file.data))
  const took = now() - start
  let same = true
  at = 0
  for (const piece of pieces) for (const b of piece.bytes || piece.file.data) if (b !== want[at++]) same = false
  ;(node ? console.log : print)(same && at === want.length ? took.toFixed(1) : 'another package')
}
