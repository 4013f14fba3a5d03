import { categoryById, products } from '@/modules/catalog'

// Where a word was found decides how much it counts.
const WEIGHTS = { name: 10, sub: 5, category: 4, tags: 3, specs: 2, desc: 1 }

// What people type -> what the shop says.
const SYNONYMS = {
  茶叶: '茶',
  咖啡豆: '咖啡',
  杯子: '杯',
  碗碟: '碗',
  本子: '本',
  笔记本子: '笔记本',
  灯: '灯',
  香皂: '皂',
  洗头水: '洗发水',
  书包: '双肩包',
  雨伞: '伞',
  花: '花',
  植物: '绿植',
}

export function normalise(text) {
  return String(text || '')
    .toLowerCase()
    // full-width letters, digits and spaces
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\s,，。、·]+/g, ' ')
    .trim()
}

function fieldsOf(product) {
  const category = categoryById(product.category)
  return {
    name: normalise(product.name),
    sub: normalise(product.sub),
    category: normalise(category && category.name),
    tags: normalise(product.tags.join(' ')),
    specs: normalise(product.specs.join(' ')),
    desc: normalise(product.desc.join(' ')),
  }
}

let index = null

function entries() {
  if (!index) index = products.map((product) => ({ product, fields: fieldsOf(product) }))
  return index
}

function wordScore(fields, word) {
  let score = 0
  for (const name in WEIGHTS) {
    const at = fields[name].indexOf(word)
    if (at >= 0) score += WEIGHTS[name] + (name === 'name' && at === 0 ? 5 : 0)
  }
  return score
}

// "棉 巾": every word has to be found somewhere. A text without spaces that finds nothing is taken apart,
// and then half of its characters are enough.
export function search(text) {
  const words = normalise(text).split(' ').filter(Boolean)
  if (!words.length) return []
  const exact = rank((fields) => {
    let sum = 0
    for (const word of words) {
      const score = Math.max(wordScore(fields, word), wordScore(fields, SYNONYMS[word] || word))
      if (!score) return 0
      sum += score
    }
    return sum
  })
  if (exact.length || words.length > 1) return exact

  const chars = [...new Set(words[0])]
  return rank((fields) => {
    const found = chars.filter((char) => fields.name.includes(char) || fields.sub.includes(char))
    return found.length * 2 >= chars.length ? found.length : 0
  })
}

function rank(score) {
  return entries()
    .map((entry) => ({ product: entry.product, score: score(entry.fields) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score || b.product.sales - a.product.sales)
    .map((hit) => hit.product)
}

export function suggestions(text, count = 6) {
  const wanted = normalise(text)
  if (!wanted) return []
  return entries()
    .filter((entry) => entry.fields.name.includes(wanted))
    .slice(0, count)
    .map((entry) => entry.product.name)
}

export { clearHistory, history, hotWords, remember, restoreHistory } from './history'
