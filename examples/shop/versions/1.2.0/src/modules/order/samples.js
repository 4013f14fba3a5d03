// A new customer sees two old orders, so that the page is not empty.
export const samples = [
  {
    no: 'Q20260315100271',
    time: Date.UTC(2026, 2, 15, 2, 27),
    status: 'shipped',
    lines: [
      { id: 'tea-01', spec: '100 克', count: 1 },
      { id: 'table-05', spec: '月白', count: 2 },
    ],
    remark: '',
  },
  {
    no: 'Q20260302184410',
    time: Date.UTC(2026, 2, 2, 10, 44),
    status: 'finished',
    lines: [{ id: 'paper-02', spec: '点阵', count: 3 }],
    remark: '麻烦用纸箱包装，谢谢',
  },
]
