// Native work that answers later, with a value or with { code, message }; it never throws.

const messages = { 10: '未知错误', 12: '文件或目录已存在', 14: '文件不存在', 15: '路径不允许访问' }

export function failed(code, message = messages[code]) {
  return Object.assign(new Error(message), { native: { code, message } })
}

export function answer(boot, work, ok, fail) {
  boot.native(async () => {
    await boot.sleep()
    let value
    try {
      value = await work()
    } catch (error) {
      if (error.point) throw error
      return fail?.(error.native ?? { code: 10, message: error.message })
    }
    ok?.(value)
  })
}
