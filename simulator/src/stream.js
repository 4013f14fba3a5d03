// The native module behind uni.request.

const redirects = [301, 302, 303, 307, 308]

export function stream(boot) {
  return {
    fetch: (options, done) => fetch(boot, options, options.body, done),
    fetchWithArrayBuffer: (binary, options, done) => fetch(boot, options, Buffer.from(binary.base64, 'base64'), done),
  }
}

function fetch(boot, { method = 'GET', url, headers, type, timeout }, body, done) {
  const { network } = boot.phone
  const record = { via: 'stream', method, url, headers, status: 0, bytes: 0 }
  boot.requests.push(record)
  const chunks = []
  let answer
  const fail = (errorMsg) => {
    boot.clear(alarm)
    record.error = errorMsg
    boot.phone.emit('answer', record)
    done({ ok: false, status: -1, statusText: '', data: null, headers: {}, errorMsg })
  }
  const stop = network.send(boot, { method, url, headers, body, follow: redirects }, {
    head(it) {
      answer = it
      record.status = it.status
    },
    data(chunk) {
      record.bytes += chunk.length
      chunks.push(chunk)
    },
    end() {
      boot.clear(alarm)
      boot.phone.emit('answer', record)
      const data = Buffer.concat(chunks)
      const ok = answer.status >= 200 && answer.status <= 299
      done({
        ok,
        status: answer.status,
        statusText: answer.statusText,
        data: data.toString(type === 'base64' && ok ? 'base64' : 'utf8'),
        headers: answer.object(network.headerCase),
        errorMsg: '',
      })
    },
    error: fail,
  })
  const alarm = boot.timer(() => {
    stop()
    fail('timeout')
  }, timeout)
}
