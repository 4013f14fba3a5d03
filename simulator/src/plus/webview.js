// Webviews: containers of pages. What is in them is drawn by `phone.view`.
import { Page } from '../view/page.js'
import { insets } from './navigator.js'

class Webview {
  static app = ['id', 'evalJS', 'show', 'hide', 'close', 'getStyle', 'setStyle', 'addEventListener', 'removeEventListener', 'children', 'append', 'getSafeAreaInsets', 'getURL', 'beginPullToRefresh', 'endPullToRefresh', 'canBack', 'back']

  constructor(boot, id, url, style) {
    this.boot = boot
    this.id = id
    this.url = url
    this.style = style ?? {}
    this.listeners = []
    this.page = null
    this.queue = []
  }

  /** The webview loads its document from the resources that are there now. */
  open() {
    const { boot } = this
    this.resources = boot.phone.installed()?.version?.name
    this.page = new Page((type, data) => (this.drawing && type === 'onWebviewReady') || this.send(type, data))
    this.drawing = boot.phone.view?.(this)
    for (const js of this.queue.splice(0)) this.evalJS(js)
    if (!this.drawing) boot.timer(() => this.send('onWebviewReady', {}), 20)
  }

  /** A message from the view to the service layer. */
  send(type, data) {
    if (this.closed) return
    this.boot.modules.globalEvent.fire('plusMessage', { data: { type: 'subscribeHandler', args: { type, data, pageId: this.id } } })
  }

  evalJS(js) {
    if (this.closed) return
    if (!this.page) return void this.queue.push(js)
    this.page.eval(js)
    this.drawing?.eval(js)
  }

  show(animation, duration, done) {
    this.boot.timer(() => {
      this.shown = true
      this.drawing?.show?.()
      this.fire('show')
      done?.()
    }, Number(duration) || 1)
  }

  hide() {
    this.shown = false
    this.fire('hide')
  }

  close() {
    if (this.closed) return
    this.fire('close')
    this.closed = true
    this.drawing?.close()
    this.boot.views.delete(this.id)
  }

  getStyle() {
    return this.style
  }

  setStyle(style) {
    this.style = { ...this.style, ...style }
  }

  addEventListener(name, fn) {
    this.listeners.push({ name, fn })
  }

  removeEventListener(name, fn) {
    this.listeners = this.listeners.filter((it) => it.name !== name || it.fn !== fn)
  }

  fire(name, event = {}) {
    for (const it of this.listeners) if (it.name === name) it.fn(event)
  }

  children() {
    return []
  }

  append() {}

  getSafeAreaInsets() {
    return insets
  }

  getURL() {
    return this.url
  }

  beginPullToRefresh() {
    this.fire('pullToRefresh')
  }

  endPullToRefresh() {}

  canBack(done) {
    done({ canBack: false })
  }

  back() {}
}

class Webviews {
  static app = ['create', 'getWebviewById', 'getLaunchWebview', 'currentWebview']

  constructor(boot) {
    this.boot = boot
    this.launch = new Webview(boot, '1', '_www/__uniappview.html')
    boot.views.set('1', this.launch)
    boot.undo.add(() => [...boot.views.values()].forEach((view) => view.drawing?.close()))
  }

  openLaunch() {
    this.launch.open()
  }

  create(url, id, style) {
    const view = new Webview(this.boot, String(id), url, style)
    this.boot.views.set(view.id, view)
    this.boot.timer(() => view.closed || view.open(), 5)
    return view
  }

  getWebviewById(id) {
    return this.boot.views.get(String(id)) ?? null
  }

  getLaunchWebview() {
    return this.launch
  }

  currentWebview() {
    return this.launch
  }
}

export function webview(boot) {
  return new Webviews(boot)
}
