// What the runtime reads of a compiled manifest.json.

/** The runtime's own comparison of version names; it has surprises (see the tests). */
export function isHigher(next, current) {
  if (!next) return false
  if (!current) return true
  const a = String(next).split('.')
  const b = String(current).split('.')
  for (let i = 0; i < a.length; i++) {
    if (i >= b.length) return true
    if (!/^[+-]?\d+$/.test(a[i]) || !/^[+-]?\d+$/.test(b[i])) return false
    const [x, y] = [Number(a[i]), Number(b[i])]
    if (x !== y) return x > y
  }
  return false
}

/** The names of the native modules a package asks for. */
export function modules(manifest) {
  return Object.keys(manifest.permissions ?? {})
}

/** What getProperty and install hand to the app. */
export function widgetInfo(manifest) {
  return {
    appid: manifest.id,
    version: String(manifest.version?.name ?? ''),
    versionCode: String(manifest.version?.code ?? ''),
    name: manifest.name,
    description: manifest.description,
    author: manifest.developer?.name,
    email: manifest.developer?.email,
    license: '',
    licensehref: '',
    features: modules(manifest),
  }
}

/** Whether the runtime warns at start that package and base were made by different versions. */
export function runtimeMismatch(manifest, runtimeVersion) {
  const compiler = manifest.plus?.['uni-app']?.compilerVersion
  const allow = manifest.plus?.compatible ?? {}
  if (!compiler || compiler === runtimeVersion || allow.ignoreVersion) return false
  return !String(allow.runtimeVersion ?? '').split(',').includes(runtimeVersion)
}
