import { computed, reactive } from 'vue'
import { load, save } from '@/shared/storage'

const LIMIT = 12
const state = reactive({ words: [] })

export const hotWords = ['龙井', '挂耳咖啡', '马克杯', '手帐', '毛巾', '多肉', '雨伞', '蜡烛']
export const history = computed(() => state.words)

export function restoreHistory() {
  const saved = load('search', [])
  state.words = Array.isArray(saved) ? saved.slice(0, LIMIT) : []
}

export function remember(word) {
  const text = word.trim()
  if (!text) return
  state.words = [text, ...state.words.filter((other) => other !== text)].slice(0, LIMIT)
  save('search', state.words)
}

export function clearHistory() {
  state.words = []
  save('search', [])
}
