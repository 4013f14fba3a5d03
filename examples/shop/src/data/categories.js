export const categories = [
  { id: 'tea', name: '茶与咖啡', hint: '一天从一杯热的开始', color: '#dcebdd' },
  { id: 'kitchen', name: '厨房', hint: '好用的锅和顺手的刀', color: '#f6e4d3' },
  { id: 'table', name: '餐具', hint: '碗碟杯筷，越用越亲', color: '#e2e9f3' },
  { id: 'paper', name: '文具', hint: '写下来，就不会忘', color: '#f3ecd2' },
  { id: 'home', name: '家居', hint: '灯光、靠垫和一点点香', color: '#efe0e4' },
  { id: 'bath', name: '洗护', hint: '清清爽爽，干干净净', color: '#dcedf0' },
  { id: 'bag', name: '包袋', hint: '出门前看一眼', color: '#e8e3f2' },
  { id: 'plant', name: '绿植', hint: '给窗台添一点绿', color: '#e0efd4' },
]
