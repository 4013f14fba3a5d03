// What a start costs while a release is on trial: runs in jsc before and after the client, with a
// phone that answers at once, so that only JavaScript is measured.
var now = function () { return preciseTime() * 1000 }
var stored = {
  'wgtup.boot': JSON.stringify(data.boot),
  'wgtup.state': JSON.stringify(data.state),
}
var plus = {
  os: { name: 'iOS', language: 'zh-Hans' },
  runtime: {
    appid: data.app, version: '2.0.0', versionCode: '200',
    getProperty: function (app, done) { done({ version: '1.2.0', versionCode: '120' }) },
    restart: function () {},
  },
  storage: {
    getItem: function (key) { return key in stored ? stored[key] : null },
    setItem: function (key, text) { stored[key] = text },
    removeItem: function (key) { delete stored[key] },
  },
  globalEvent: { addEventListener: function () {} },
  io: { resolveLocalFileSystemURL: function (url, ok, fail) { fail({}) } },
}
var uni = { getLocale: function () { return 'zh-Hans' }, onError: function () {}, offError: function () {}, onAppShow: function () {} }
var weex = { requireModule: function () { return { getAppState: function () { return 1 } } } }
var setTimeout = function () { return 1 }
var clearTimeout = function () {}
var console = { error: print }
var results = []

function measure(what, work) {
  var from = now()
  work()
  drainMicrotasks()
  results.push({ what: what, ms: now() - from })
}

var updater
measure('the boot guard', function () { (0, eval)(data.guard) })
measure('load the client', function () { (0, eval)(data.client) })
measure('createUpdater', function () { updater = wgtup.createUpdater(data.options) })
measure('ready()', function () { updater.ready() })
if (JSON.parse(stored['wgtup.boot']).phase !== 'confirmed') throw new Error('not confirmed: ' + stored['wgtup.boot'])
print(JSON.stringify(results))
