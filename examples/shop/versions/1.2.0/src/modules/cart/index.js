export { FREE_FROM, freightOf, missingForFree, totalOf } from './rules'
export { allChecked, cartCount, chosen, chosenCount, chosenTotal, lines, restoreCart } from './state'
export { addToCart, removeChosen, removeLine, setCount, toggle, toggleAll } from './actions'
