const day = 24 * 3600 * 1000

export const coupons = [
  { id: 'new-10', title: '新人见面礼', off: 1000, from: 5900, category: '', days: 30 * day },
  { id: 'all-20', title: '全场满减券', off: 2000, from: 14900, category: '', days: 15 * day },
  { id: 'tea-15', title: '茶与咖啡专享', off: 1500, from: 9900, category: 'tea', days: 15 * day },
  { id: 'plant-12', title: '窗台绿植季', off: 1200, from: 6900, category: 'plant', days: 7 * day },
  { id: 'paper-5', title: '开学文具券', off: 500, from: 2900, category: 'paper', days: 45 * day },
  { id: 'home-30', title: '家居焕新券', off: 3000, from: 19900, category: 'home', days: 10 * day },
]
