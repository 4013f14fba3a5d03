// The founding idea, without wgtup's client: one HEAD, two headers, one GET.
// An app does the same with uni.request, uni.downloadFile and
// plus.runtime.install; here Node plays the phone. Usage:
//   node client.mjs URL_OF_latest.wgt RUNNING_VERSION_CODE [FILE]
import { writeFile } from 'node:fs/promises'

const [url, running, file] = process.argv.slice(2)
const head = await fetch(url, { method: 'HEAD' })
const meta = name => [...head.headers].find(([key]) => key.endsWith('-meta-' + name))?.[1]
if (head.ok && Number(meta('version-code')) > Number(running)) {
  const body = new Uint8Array(await (await fetch(url)).arrayBuffer())
  if (file) await writeFile(file, body)
  console.log(`update ${meta('version-name')} ${meta('version-code')} ${body.length}`)
} else console.log(head.ok ? 'none' : `none ${head.status}`)
