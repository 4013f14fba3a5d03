// States of an updater that the dialog shows, for the tests and for the pictures.

const notes = {
  'zh-Hans': '- 优惠券上线：领券中心可领取新人礼，结算时自动选最优\n- 购物车支持批量删除\n- 修复部分机型上图片不显示的问题',
  en: '- Coupons: collect them in the coupon centre, the best one is picked at the checkout\n- Delete several things from the cart at once\n- Fixed: pictures that stayed empty on some phones',
}

/** @param {'zh-Hans'|'en'} language */
export function states(language) {
  const offer = {
    action: 'wgt',
    release: 'r2',
    version: { name: '1.1.0', code: 110 },
    mode: 'prompt',
    notes: notes[language],
    size: 3_276_800,
    downloaded: false,
  }
  const forced = { ...offer, mode: 'force' }
  const full = { ...offer, action: 'native', version: { name: '2.0.0', code: 200 }, size: 0, native: { url: 'https://example.com/app.apk' } }
  const going = { received: 1_310_720, total: 3_276_800 }
  return {
    offered: { phase: 'offered', offer },
    'offered-downloaded': { phase: 'offered', offer: { ...offer, downloaded: true } },
    'offered-plain': { phase: 'offered', offer: { ...offer, notes: '' } },
    'offered-long': { phase: 'offered', offer: { ...offer, notes: Array(9).fill(offer.notes).join('\n') } },
    forced: { phase: 'offered', offer: forced },
    full: { phase: 'offered', offer: full },
    'full-forced': { phase: 'offered', offer: { ...full, mode: 'force' } },
    wifi: { phase: 'wifi', offer },
    downloading: { phase: 'downloading', offer, ...going },
    'downloading-forced': { phase: 'downloading', offer: forced, ...going },
    installing: { phase: 'installing', offer },
    downloaded: { phase: 'downloaded', offer, pending: { release: 'r2' } },
    verifying: { phase: 'downloaded', offer },
    restart: { phase: 'restart', offer },
    'restart-forced': { phase: 'restart', offer: forced },
    failed: { phase: 'failed', offer, problem: 'download' },
    'failed-forced': { phase: 'failed', offer: forced, problem: 'storage' },
    reinstall: { phase: 'reinstall', offer, problem: 'install' },
    stuck: { phase: 'reinstall', problem: 'no-way-back' },
    'reinstall-full': { phase: 'reinstall', offer: { ...full, mode: 'force' }, problem: 'install' },
  }
}
