/** An installed app: what a wgt never changes (plus.runtime.version and versionCode). */
export interface Native {
  platform: string
  name: string
  code: number
}

/** Native version codes, both ends included; without max it has no upper end. */
export interface CodeRange {
  min: number
  max?: number
}

/** The installed apps a release fits: a list, or a range on each of its platforms. */
export type Natives = Native[] | CodeRange

/** Whether an installed app is meant. */
export function include(natives: Natives | undefined, native: Native): boolean {
  if (natives === undefined) return false
  if (Array.isArray(natives)) {
    return natives.some((n) => n.platform === native.platform && n.name === native.name && n.code === native.code)
  }
  return native.code >= natives.min && (natives.max === undefined || native.code <= natives.max)
}
