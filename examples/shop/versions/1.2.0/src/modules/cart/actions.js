import { clamp } from './rules'
import { allChecked, persist, state } from './state'

function change(id, spec, edit) {
  const line = state.lines.find((item) => item.id === id && item.spec === spec)
  if (!line) return false
  const result = edit(line)
  persist()
  return result
}

export function addToCart(id, spec, count = 1) {
  const known = state.lines.some((line) => line.id === id && line.spec === spec)
  if (!known) {
    state.lines.unshift({ id, spec, count: clamp(id, count), checked: true })
    persist()
    return true
  }
  return change(id, spec, (line) => {
    const before = line.count
    line.count = clamp(id, before + count)
    line.checked = true
    return line.count > before
  })
}

export function setCount(id, spec, count) {
  change(id, spec, (line) => {
    line.count = clamp(id, count)
  })
}

export function toggle(id, spec) {
  change(id, spec, (line) => {
    line.checked = !line.checked
  })
}

export function toggleAll() {
  const checked = !allChecked.value
  state.lines.forEach((line) => {
    line.checked = checked
  })
  persist()
}

function keep(test) {
  state.lines = state.lines.filter(test)
  persist()
}

export function removeLine(id, spec) {
  keep((line) => line.id !== id || line.spec !== spec)
}

export function removeChosen() {
  keep((line) => !line.checked)
}
