(function () {
  var root = document.documentElement, agent = navigator.userAgent
  function speak(zh) { root.setAttribute('data-lang', zh ? 'zh' : 'en'); root.lang = zh ? 'zh-Hans' : 'en' }
  speak(/^zh/i.test(navigator.language || ''))
  document.getElementById('lang').onclick = function () { speak(root.getAttribute('data-lang') === 'en') }
  if (/MicroMessenger/i.test(agent)) root.setAttribute('data-in', 'wechat')
  var on = /OpenHarmony|ArkWeb/i.test(agent) ? 'harmony'
    : /Android/i.test(agent) ? 'android'
    : /iPhone|iPad|iPod/.test(agent) || /Macintosh/.test(agent) && navigator.maxTouchPoints > 1 ? 'ios' : ''
  if (on) root.setAttribute('data-on', on)
  if (on && !document.querySelector('.way.' + on)) root.setAttribute('data-none', '')
})()
