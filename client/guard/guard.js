// The boot guard: the first statement of app-service.js, before any of the app's own code, because
// that code may throw or hang while it is loaded. It counts the starts of a release that was never
// confirmed, and brings back the one before it. docs/spec/client.md, "The boot guard".
//
// ES5, no imports, nothing but plus.*; name and code are the version of the package it is in. The
// text is fixed for ever once released: tools/build.mjs makes dist/guard.txt of it.
var wgtupBoot = function (name, code) {
  var key = 'wgtup.boot'
  var copy = '_doc/wgtup/back.wgt'
  var loaded = false // the last statement of app-service.js was reached
  var failed = false
  var away = false
  var uncounted = false
  var lived = 0 // milliseconds in the foreground
  var since = 0
  var alarm
  var waits = 0
  var installs = 0 // also where nothing can be written

  // The record, if it is about this very package: what is installed beside us has one of its own.
  function read() {
    try {
      var record = JSON.parse(plus.storage.getItem(key))
      var native = plus.runtime.version + '/' + plus.runtime.versionCode
      if (record.v === 1 && record.native === native && record.to.name === name && String(record.to.code) === code) return record
    } catch (e) {}
    return {}
  }

  // Answers whether it can be read back: a phone with a full disk counts no starts.
  function write(record) {
    var text = JSON.stringify(record)
    try {
      plus.storage.setItem(key, text)
      return plus.storage.getItem(key) === text
    } catch (e) {
      return false
    }
  }

  function restart() {
    if (plus.runtime.restart) plus.runtime.restart()
  }

  // Once more for a start that failed; then back.
  function fail(why, detail) {
    var record = read()
    if (failed || record.phase !== 'trial') return
    failed = true
    record.why = why
    record.detail = String(detail || '').slice(0, 200)
    if (!write(record) || record.starts > 1) leave(record)
    else restart()
  }

  function leave(record) {
    record.phase = 'leaving'
    write(record)
    var back = record.back
    if (!back || record.tries > 4) return plus.nativeUI.alert(record.say)
    if (back.file) check(back.file, install, download, back.kept)
    else download()
  }

  function check(file, good, bad, form) {
    var back = form || read().back || {}
    plus.io.getFileInfo({
      filePath: plus.io.convertLocalFileSystemURL(file),
      digestAlgorithm: 'sha1',
      success: function (info) {
        var same = info.size === back.size && String(info.digest).toLowerCase() === back.sha1
        ;(same ? good : bad)(file)
      },
      fail: bad,
    })
  }

  function install(file) {
    var record = read()
    if (!record.phase) return // another release is being installed
    record.tries = installs = (record.tries || installs) + 1
    write(record)
    plus.runtime.install(file, { force: true }, restart, function () {
      if (record.tries > 4) leave(record)
      else later()
    })
  }

  // What an earlier try left is in the way: the runtime writes beside it.
  function download() {
    plus.io.resolveLocalFileSystemURL(
      copy,
      function (entry) {
        entry.remove(fetch, fetch)
      },
      fetch,
    )
  }

  function fetch() {
    var record = read()
    var urls = (record.back || {}).urls || []
    if (!urls.length) return plus.nativeUI.alert(record.say)
    plus.downloader
      .createDownload(urls[waits % urls.length], { filename: copy, retry: 0, timeout: 30 }, function (task, status) {
        if (status === 200 || status === 206) check(task.filename, install, later)
        else later()
      })
      .start()
  }

  function later() {
    if (waits === 3) plus.nativeUI.alert(read().say)
    setTimeout(download, Math.min(60000, 2000 << Math.min(5, waits++)))
  }

  function wait(record) {
    clearTimeout(alarm)
    since = Date.now()
    alarm = setTimeout(function () {
      fail('ready')
    }, Math.max(0, (+record.wait || 20000) - lived))
  }

  // A start that its user ends at once, or that nobody sees, is no failure; but not without end.
  function pause() {
    var record = read()
    if (away || failed || record.phase !== 'trial') return
    away = true
    clearTimeout(alarm)
    lived += Math.max(0, Date.now() - since)
    uncounted = lived <= 5000 && record.short < 3
    if (!uncounted) return
    record.starts--
    record.short++
    write(record)
  }

  function resume() {
    var record = read()
    if (!away || failed || record.phase !== 'trial') return
    away = false
    if (uncounted) {
      record.starts++
      write(record)
    }
    wait(record)
  }

  // Called when all of the app's code has been evaluated, or would have been.
  function evaluated(record) {
    if (record.phase === 'trial') {
      if (!loaded) fail('load')
      return
    }
    if (record.phase !== 'confirmed' || (loaded && !record.starts)) return
    // A confirmed release that cannot be loaded any more: three times in a row is enough.
    record.starts = loaded ? 0 : record.starts + 1
    record.why = 'load'
    write(record)
    if (record.starts > 2) leave(record)
  }

  function begin() {
    var record = read()
    if (!record.phase) return false
    if (record.phase !== 'confirmed') {
      record.starts = (record.starts || 0) + 1
      write(record)
    }
    if (record.phase === 'leaving' || (record.phase === 'trial' && record.starts > 2)) {
      record.why = record.why || 'start'
      leave(record)
      // Where the way back is gone from the bucket, a newer release may be the only way out.
      return !!record.back && !(record.tries > 4) && record.starts % 5 > 0
    }
    setTimeout(function () {
      evaluated(read())
    }, 0)
    if (record.phase !== 'trial') return false
    wait(record)
    plus.globalEvent.addEventListener('pause', pause)
    plus.globalEvent.addEventListener('resume', resume)
    if (weex.requireModule('plus').getAppState() === 2) pause()
    return false
  }

  var stop = false
  try {
    stop = begin()
  } catch (e) {}
  // What follows in this file did not start before: it might hang, and then nothing could come back.
  if (stop) throw new Error('wgtup: ' + name + ' did not start; the version before it is coming back')
  return {
    version: 1,
    loaded: function () {
      loaded = true
    },
    failed: fail,
  }
}
