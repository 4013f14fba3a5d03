export const stories = [
  { image: '/static/story/pick.png', title: '采', text: '清明前后二十天，我们住在山里。茶是早上六点采的，带着露水，当天就下锅。' },
  { image: '/static/story/kiln.png', title: '烧', text: '碗和杯子来自景德镇的一座小窑，一个月开一次，每一窑的釉色都不一样。' },
  { image: '/static/story/pack.png', title: '寄', text: '纸箱、纸绳、碎纸条，包裹里没有一点塑料。收到之后，请把它们放进可回收的桶里。' },
]
