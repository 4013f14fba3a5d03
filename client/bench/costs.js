// Runs in a bare script engine after the core; start is when the core began to load.
var now = typeof preciseTime === 'function' ? function () { return preciseTime() * 1000 } : function () { return performance.now() }
var say = typeof print === 'function' ? print : console.log
var results = [{ what: 'load the core', ms: now() - start }]
var expected = { app: data.app, channel: 'production', trusted: null }

function once(what, run) {
  var from = now()
  run()
  results.push({ what: what, ms: now() - from })
}

// The median of nine, each long enough to be measured.
function warm(what, times, run) {
  var all = []
  for (var n = 0; n < 9; n++) {
    var from = now()
    for (var i = 0; i < times; i++) run()
    all.push((now() - from) / times)
  }
  all.sort(function (a, b) { return a - b })
  results.push({ what: what, ms: all[4] })
}

function open(entry) {
  var opened = core.openEntry(entry.text, expected)
  if (!opened.document) throw opened
  return opened
}

once('read the pins, cold', function () { expected.trusted = core.makeSet(data.pins.map(core.parsePin)) })
once('verify 8 KiB, cold', function () { open(data.entries.small) })
once('verify 32 KiB, cold', function () { open(data.entries.large) })
warm('verify 8 KiB', 1, function () { open(data.entries.small) })
warm('verify 32 KiB', 1, function () { open(data.entries.large) })

var small = open(data.entries.small)
var large = open(data.entries.large)
var text = core.decodeUtf8(small.payload)
warm('parse jcs, 8 KiB', 5, function () { core.parseJcs(text) })
warm('read document, 8 KiB', 5, function () { core.parseDocument(small.payload) })
warm('read document, 32 KiB', 2, function () { core.parseDocument(large.payload) })

var clock = { now: core.parseTime('2026-11-23T12:00:00Z'), network: true }
var next = 0
warm('decide, 8 KiB', 20, function () { core.decide(data.devices[next++ % data.devices.length], small.document, clock) })
warm('decide, 32 KiB', 20, function () { core.decide(data.devices[next++ % data.devices.length], large.document, clock) })

var block = new Uint8Array(256 << 10)
for (var i = 0; i < block.length; i++) block[i] = i * 7
warm('sha256, 1 MB', 1, function () {
  var hash = new core.Sha256()
  for (var i = 0; i < 4; i++) hash.update(block)
  hash.digest()
})
results[results.length - 1].ms *= 1e6 / (1 << 20)
var bundle = core.encodeBase64(block)
warm('base64 decode, 1 MB of bytes', 1, function () { core.decodeBase64(bundle) })
results[results.length - 1].ms *= 1e6 / (256 << 10)
say(JSON.stringify(results))
