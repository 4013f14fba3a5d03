// plus.io. Android writes digests in capital letters, and knows every algorithm Java knows.
import crypto from 'node:crypto'
import { answer, failed } from './answer.js'
import { DirectoryEntry, entry } from './entry.js'
import { FileReader } from './file.js'

const documented = { md5: 'md5', sha1: 'sha1' }
const java = { ...documented, 'sha-1': 'sha1', 'sha-256': 'sha256', 'sha-512': 'sha512' }

export function io(boot) {
  const { phone } = boot
  return {
    PRIVATE_WWW: 1,
    PRIVATE_DOC: 2,
    PUBLIC_DOCUMENTS: 3,
    PUBLIC_DOWNLOADS: 4,
    FileReader,

    requestFileSystem(type, ok, fail) {
      answer(boot, () => {
        const dir = [phone.resources.dir, phone.dirs.doc, phone.dirs.documents, phone.dirs.downloads][type - 1]
        if (!dir) throw failed(10)
        phone.disk.mkdir(dir)
        return { name: ['_www', '_doc', '_documents', '_downloads'][type - 1], root: new DirectoryEntry(boot, dir) }
      }, ok, fail)
    },

    resolveLocalFileSystemURL(url, ok, fail) {
      answer(boot, () => entry(boot, phone.resolve(url)), ok, fail)
    },

    convertLocalFileSystemURL: (url) => phone.resolve(url),
    convertAbsoluteFileSystem: (file) => phone.relative(phone.resolve(file)),

    getFileInfo({ filePath, digestAlgorithm = 'md5', success, fail, complete }) {
      const done = (then) => (value) => {
        then?.(value)
        complete?.(value)
      }
      answer(boot, () => {
        const found = entry(boot, phone.resolve(filePath))
        if (!found.isFile) throw failed(10)
        const data = phone.disk.read(found.fullPath)
        return { size: data.length, digest: digest(boot, digestAlgorithm, data) }
      }, done(success), done(fail))
    },
  }
}

// An algorithm nobody knows: no digest, and no error. Beyond md5 and sha1 iOS is not documented.
function digest(boot, name, data) {
  const ios = boot.platform === 'ios'
  const algorithm = (ios ? documented : java)[String(name).toLowerCase()]
  if (!algorithm) return undefined
  const hex = crypto.createHash(algorithm).update(data).digest('hex')
  return ios ? hex : hex.toUpperCase()
}
