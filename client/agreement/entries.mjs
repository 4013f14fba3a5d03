// Draws entries: chains of key statements and documents that are signed, some of them wrongly.
import fs from 'node:fs'
import { keyFromSeed, pinOf, seal, statement } from '../test/keys.mjs'
import { textOf } from './mutate.mjs'

const type = 'application/vnd.wgtup.release+json'
const keys = Array.from({ length: 16 }, (_, n) => keyFromSeed(Buffer.alloc(32, n + 1)))
const vectors = JSON.parse(fs.readFileSync(new URL('../../testdata/vectors/sign/envelope.json', import.meta.url), 'utf8')).cases

/** An envelope of the vectors, as a question. */
export function vectorEntry(random) {
  const { pins, app, channel, envelope } = random.pick(...vectors)
  return { Entry: Buffer.from(envelope), App: app, Channel: channel, Pins: pins }
}

/** An entry signed by this world's keys, as a question. */
export function signedEntry(world) {
  const document = world.document()
  const { app, channel } = document
  const wrong = (right, ...others) => (world.chance(6) ? world.pick(...others) : right)
  const key = (epoch, role) => keys[epoch * 4 + (role === 'signing' ? 0 : 1)]
  const stranger = () => world.pick(...keys)
  const set = (epoch) => [
    { role: 'signing', key: key(epoch, 'signing'), ...(world.chance(15) && { channels: world.pick(['production'], ['beta', 'production'], ['beta']) }) },
    { role: 'recovery', key: key(epoch, 'recovery') },
    ...(world.chance(20) ? [{ role: world.pick('signing', 'recovery'), key: keys[epoch * 4 + 2] }] : []),
  ]
  const last = world.below(4)
  const sets = [0, 1, 2, 3].map(set)
  const statements = []
  for (let epoch = 1; epoch <= last; epoch++) {
    const signers = [wrong(key(epoch - 1, 'recovery'), stranger(), key(epoch - 1, 'signing'), key(epoch, 'recovery'))]
    statements.push(statement(wrong(app, 'other'), wrong(epoch, epoch + 1, 0), sets[epoch], signers))
  }
  const pinned = wrong(world.below(last + 1), world.below(4))
  document.epoch = wrong(last, 0, 1)
  if (world.chance(3)) document.channel = 'beta'
  if (world.chance(3)) document.app = 'other'
  const signers = [wrong(key(last, 'signing'), stranger(), key(last, 'recovery'))]
  if (world.chance(10)) signers.push(keys[last * 4 + 2])
  const from = world.chance(60) ? pinned : 0
  return {
    Entry: textOf(seal(wrong(type, 'application/vnd.wgtup.keys+json'), textOf(document), statements.slice(from), [...new Set(signers)])),
    App: app,
    Channel: channel,
    Pins: sets[pinned].map((k) => pinOf(k.role, pinned, k.key, k.channels)),
  }
}
