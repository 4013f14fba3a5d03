export const banners = [
  { image: '/static/banner/spring.png', title: '春日花事', sub: '新客领券立减 10 元', category: 'plant' },
  { image: '/static/banner/tea.png', title: '明前新茶到店', sub: '头采限量，现炒现发', category: 'tea' },
  { image: '/static/banner/home.png', title: '把灯光调暖一点', sub: '家居小物 2 件 9 折', category: 'home' },
  { image: '/static/banner/plant.png', title: '窗台绿植季', sub: '懒人也能养得活', category: 'plant' },
]
