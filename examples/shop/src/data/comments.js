const general = [
  { name: '小满', rate: 5, text: '包装很仔细，纸箱里没有一点塑料，东西和图片一样，用着很顺手。' },
  { name: '阿舟', rate: 5, text: '第三次回购了，这次买来送同事，大家都问链接。' },
  { name: '半夏', rate: 4, text: '物流稍微慢了一天，客服主动说明了原因，东西本身没得挑。' },
  { name: '木木', rate: 5, text: '颜色比想象的还好看，摆在家里整个角落都亮了。' },
  { name: '老方', rate: 4, text: '做工扎实，价格也实在，就是希望再多几个颜色可以选。' },
  { name: '一一', rate: 5, text: '给妈妈买的，她说比商场里的轻巧好用，已经推荐给邻居了。' },
]

const byCategory = {
  tea: [
    { name: '听雨', rate: 5, text: '香气很正，回甘明显，冲到第五泡还有味道。' },
    { name: '陆白', rate: 5, text: '早上一杯刚刚好，罐子也漂亮，喝完拿来装豆子。' },
  ],
  kitchen: [
    { name: '灶台边', rate: 5, text: '受热均匀，洗起来也省心，厨房终于不乱了。' },
    { name: '阿禾', rate: 4, text: '份量足，新手用也不会手忙脚乱。' },
  ],
  table: [
    { name: '白露', rate: 5, text: '釉色温润，盛什么都好看，微波炉也能用。' },
    { name: '十三', rate: 4, text: '边缘打磨得很光滑，小朋友用也放心。' },
  ],
  paper: [
    { name: '晚风', rate: 5, text: '纸很厚，钢笔写不洇，翻开能平放，做手账首选。' },
    { name: '南枝', rate: 5, text: '开会记笔记用的，已经写完两本了。' },
  ],
  home: [
    { name: '灯下', rate: 5, text: '光线柔和不刺眼，睡前看书正合适。' },
    { name: '小鹿', rate: 4, text: '摸起来很舒服，猫也喜欢。' },
  ],
  bath: [
    { name: '泡泡', rate: 5, text: '味道淡淡的，洗完不干，全家都在用。' },
    { name: '海盐', rate: 4, text: '吸水很快，晾一会儿就干了。' },
  ],
  bag: [
    { name: '出发', rate: 5, text: '容量比看起来大，电脑水杯雨伞都放得下。' },
    { name: '青山', rate: 4, text: '背着不勒肩，下小雨也没有湿进去。' },
  ],
  plant: [
    { name: '窗边', rate: 5, text: '到家状态很好，浇了一次水就冒新芽了。' },
    { name: '园丁', rate: 5, text: '附的养护卡片写得清楚，第一次没有养死。' },
  ],
}

export function commentsOf(product) {
  const own = byCategory[product.category] || []
  const start = product.sales % general.length
  return [...own, general[start], general[(start + 1) % general.length]]
}
