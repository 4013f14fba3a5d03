export function os(boot) {
  const { phone } = boot
  return { name: phone.platform === 'ios' ? 'iOS' : 'Android', version: phone.osVersion, language: phone.language, vendor: phone.platform === 'ios' ? 'Apple' : 'Google' }
}
