// Runs in a bare script engine after the core: every vector, by its verdict.
var say = typeof print === 'function' ? print : console.log
var passed = 0
var failed = []

function check(file, name, ok) {
  if (ok) passed++
  else failed.push(file + ': ' + name)
}

function each(file, run, list) {
  data[file][list || 'cases'].forEach(function (c) {
    var ok = false
    try {
      ok = run(c)
    } catch (error) {
      ok = false
    }
    check(file, c.name, ok)
  })
}

// Whether a text is refused as it should be, or what was read of it is right.
function verdict(accept, read, right) {
  var value
  try {
    value = read()
  } catch (error) {
    return !accept && error instanceof core.Refused && core.refusals.indexOf(error.code) >= 0
  }
  return accept && right(value)
}

function decode(text) {
  var string = core.decodeUtf8(core.decodeBase64(text))
  if (string === undefined) throw new core.Refused('grammar', 'not UTF-8')
  return string
}

function yes() {
  return true
}

each('sign/jcs.json', function (c) {
  return verdict(c.want === 'accept', function () { return core.parseJcs(c.text === undefined ? decode(c.base64) : c.text) }, yes)
})
each('sign/pin.json', function (c) {
  return verdict(c.want === 'accept', function () { return core.parsePin(c.text) }, function (pin) { return pin.id === c.keyid && core.pinText(pin) === c.text })
})
each('sign/keyid.json', function (c) {
  return core.parsePin(c.pin).id === c.keyid
})
each('sign/envelope.json', function (c) {
  return verdict(
    c.want === 'accept',
    function () { return core.openEnvelope(core.parseEnvelope(c.envelope), c.payloadType, c.app, c.channel, core.makeSet(c.pins.map(core.parsePin))) },
    function (set) { return set.epoch === c.epoch && core.setDigest(set) === c.set },
  )
})
each('release/document.json', function (c) {
  var payload = c.base64 ? core.decodeBase64(c.base64) : core.encodeUtf8(c.payload)
  return verdict(c.parse, function () { return core.parseDocument(payload) }, yes)
})
each('release/version-order.json', function (c) {
  return core.higher(c.next, c.current) === c.higher
})
each('release/rollout.json', function (c) {
  return core.share(c.rollout, core.parseTime(c.now)) === c.share
})
each('release/cohort.json', function (c) {
  return core.cohort(c.install, c.salt) === c.cohort
})
each('release/cohort.json', function (c) {
  return core.testerHash(c.app, c.install) === c.hash
}, 'testers')
each('release/latest.json', function (c) {
  return core.parseDocument(core.encodeUtf8(data['release/latest.json'].documents[c.document])) !== undefined
})
each('release/decide.json', function (c) {
  var document = core.parseDocument(core.encodeUtf8(data['release/decide.json'].documents[c.document]))
  var got = core.decide(c.device, document, { now: core.parseTime(c.clock.now), network: c.clock.network || false })
  var version = got.version || {}
  var want = c.want.version || {}
  return (
    got.action === c.want.action && got.reason === c.want.reason && got.release === c.want.release && got.mode === c.want.mode &&
    got.force === c.want.force && got.size === c.want.size && (got.patch && got.patch.from) === c.want.patchFrom &&
    version.name === want.name && version.code === want.code
  )
})
say(JSON.stringify({ passed: passed, failed: failed }))
