// A file server on loopback that can do what object storage does, and what it should not.
import http from 'node:http'

/**
 * @param {Record<string, Buffer|string|((req, res) => void)>} routes by path
 * @returns {Promise<{ url: string, requests: object[], routes: object }>}
 */
export async function serve(test, routes) {
  const requests = []
  const server = http.createServer((req, res) => {
    const { pathname } = new URL(req.url, 'http://x')
    let body = ''
    req.on('data', (chunk) => (body += chunk))
    req.on('end', () => {
      requests.push({ method: req.method, url: req.url, headers: req.headers, body })
      const route = routes[pathname]
      if (typeof route === 'function') return route(req, res)
      if (route === undefined) {
        res.writeHead(404, { 'Content-Type': 'application/xml' })
        return res.end('<Error><Code>NoSuchKey</Code></Error>')
      }
      file(req, res, Buffer.from(route))
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${server.address().port}`, requests, routes }
}

/** A file, with ranges. */
export function file(req, res, data) {
  const range = req.headers.range?.match(/^bytes=(\d+)-$/)
  if (range && Number(range[1]) >= data.length) return res.writeHead(416, { 'Content-Range': `bytes */${data.length}` }).end()
  const from = range ? Number(range[1]) : 0
  const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': data.length - from, ETag: '"1"' }
  if (range) headers['Content-Range'] = `bytes ${from}-${data.length - 1}/${data.length}`
  res.writeHead(range ? 206 : 200, headers)
  res.end(req.method === 'HEAD' ? '' : data.subarray(from))
}
