// Dialogs do not block. They are listed in boot.ui and wait for `choose`.

class Waiting {
  static app = ['setTitle', 'close']

  constructor(shown) {
    this.shown = shown
  }

  setTitle(title) {
    this.shown.title = title
  }

  close() {
    this.shown.closed = true
  }
}

class NativeUI {
  static app = ['confirm', 'alert', 'prompt', 'actionSheet', 'toast', 'closeToast', 'showWaiting', 'closeWaiting']

  constructor(boot) {
    this.boot = boot
  }

  #show(shown) {
    shown.closed = false
    this.boot.ui.push(shown)
    this.boot.phone.emit('ui', { boot: this.boot, ...shown })
    return shown
  }

  #ask(shown, done) {
    shown.choose = (index, more) => {
      shown.closed = true
      done?.({ index, ...more })
    }
    this.#show(shown)
  }

  confirm(message, done, title, buttons) {
    this.#ask({ type: 'confirm', title, message, buttons }, done)
  }

  prompt(message, done, title, tip, buttons) {
    this.#ask({ type: 'prompt', title, message, buttons }, done)
  }

  alert(message, done, title, button) {
    this.#ask({ type: 'alert', title, message, buttons: [button] }, done)
  }

  actionSheet(options, done) {
    this.#ask({ type: 'actionSheet', title: options.title, buttons: options.buttons }, done)
  }

  toast(message) {
    this.#show({ type: 'toast', message })
  }

  closeToast() {
    this.#close('toast')
  }

  showWaiting(title) {
    return new Waiting(this.#show({ type: 'waiting', title }))
  }

  closeWaiting() {
    this.#close('waiting')
  }

  #close(type) {
    for (const shown of this.boot.ui) if (shown.type === type) shown.closed = true
  }
}

export function nativeUI(boot) {
  return new NativeUI(boot)
}
