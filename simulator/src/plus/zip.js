import fs from 'node:fs'
import path from 'node:path'
import { entries } from '../zip.js'

export function zip(boot) {
  return {
    decompress(file, target, ok, fail) {
      boot.native(async () => {
        await boot.sleep()
        try {
          const to = boot.phone.resolve(target)
          for (const entry of entries(boot.phone.disk.read(boot.phone.resolve(file)))) {
            boot.at('zip.entry')
            if (entry.directory) boot.phone.disk.mkdir(path.join(to, entry.name))
            else boot.phone.disk.write(path.join(to, entry.name), entry.data())
          }
        } catch (error) {
          if (error.point) throw error
          return fail?.({ code: fs.existsSync(boot.phone.resolve(file)) ? -1 : -4, message: error.message })
        }
        ok?.()
      })
    },
  }
}
