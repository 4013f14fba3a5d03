// Whose package latest.wgt is: the publisher's part of the protocol, said again with the client's
// parts to try them on the vectors of it.
import { higher, include, isKnown, isWithdrawn, parseTime, share } from '../dist/core/index.js'

/** Whether a release is for every device now and nothing in its ramp takes that back later. */
export function full(rollout, now) {
  return share(rollout, now) >= 10000 && (rollout.ramp || []).every((step) => parseTime(step.at) <= now || step.permyriad >= 10000)
}

export function latest(d, now) {
  let best
  for (const r of d.releases) {
    if (!r.landing && eligible(d, r, now) && (best === undefined || !higher(best.version.name, r.version.name))) best = r
  }
  if (best !== undefined) return best
  let lowest = ''
  for (const b of liveBases(d)) {
    const landing = d.releases.find((r) => r.landing && include(r.natives, b) && r.platforms.includes(b.platform))
    const ships = landing ? landing.version.name : b.name
    if (lowest === '' || higher(lowest, ships)) [lowest, best] = [ships, landing]
    else if (best === undefined && !higher(ships, lowest)) best = landing
  }
  return best
}

function eligible(d, r, now) {
  return (
    r.kind === 'wgt' && isKnown(r) && !isWithdrawn(d, r.id) && full(r.rollout, now) &&
    !(d.floor && r.version.code < d.floor.code) &&
    served(d).every((platform) => r.platforms.includes(platform)) &&
    !d.holds.some((hold) => concerns(d, hold.platform)) &&
    liveBases(d).every((base) => include(r.natives, base))
  )
}

function liveBases(d) {
  return d.bases.filter((b) => !b.retired && concerns(d, b.platform))
}

function concerns(d, platform) {
  return served(d).includes(platform)
}

function inField(d, r, platform) {
  const retired = (n) => d.bases.some((b) => b.retired && b.platform === n.platform && b.name === n.name && b.code === n.code)
  return !Array.isArray(r.natives) || r.natives.some((n) => n.platform === platform && !retired(n))
}

function served(d) {
  const has = [...d.bases.filter((b) => !b.retired).map((b) => b.platform), ...d.releases.filter((r) => r.kind === 'wgt' && !r.landing).flatMap((r) => r.platforms.filter((p) => inField(d, r, p)))]
  const mobile = ['android', 'ios'].filter((p) => has.includes(p))
  return mobile.length > 0 ? mobile : ['harmony'].filter((p) => has.includes(p))
}
