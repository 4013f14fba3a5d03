// Prices are kept in fen (1/100 yuan) everywhere and become text only here.

export function yuan(fen) {
  const value = Math.round(Number(fen) || 0)
  const sign = value < 0 ? '-' : ''
  const abs = Math.abs(value)
  return sign + Math.floor(abs / 100) + '.' + String(abs % 100).padStart(2, '0')
}

export function splitPrice(fen) {
  const [integer, decimal] = yuan(fen).split('.')
  return { integer, decimal }
}

export function discount(price, was) {
  if (!was || was <= price) return ''
  const value = Math.round((price / was) * 100) / 10
  // Less than 5% off is not worth a label.
  return value > 9.5 ? '' : value + ' 折'
}

export function sales(count) {
  if (!(count > 0)) return '0'
  if (count >= 10000) return (Math.floor(count / 1000) / 10).toFixed(1) + ' 万'
  return String(count)
}

function two(number) {
  return String(number).padStart(2, '0')
}

export function dateTime(ms) {
  const d = new Date(ms)
  if (Number.isNaN(d.getTime())) return ''
  return (
    d.getFullYear() + '-' + two(d.getMonth() + 1) + '-' + two(d.getDate()) +
    ' ' + two(d.getHours()) + ':' + two(d.getMinutes())
  )
}

export function date(ms) {
  return dateTime(ms).slice(0, 10)
}

export function maskPhone(phone) {
  return String(phone || '').replace(/^(\d{3})\d{4}(\d{4})$/, '$1****$2')
}
