import tea from './tea'
import kitchen from './kitchen'
import table from './table'
import paper from './paper'
import home from './home'
import bath from './bath'
import bag from './bag'
import plant from './plant'

const tables = { tea, kitchen, table, paper, home, bath, bag, plant }

export const products = Object.keys(tables).flatMap((category) =>
  tables[category].map((product) => ({ ...product, category })),
)
