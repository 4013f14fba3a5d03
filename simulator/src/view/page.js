// What a webview would draw, without drawing it: the tree that the service layer's vdSync
// operations build, good enough to read texts and to tap on things.

const [DICT, PAGE_CREATE, PAGE_CREATED, CREATE, INSERT, REMOVE, SET_ATTRIBUTE, REMOVE_ATTRIBUTE] = [0, 1, 2, 3, 4, 5, 6, 7]
const [ADD_EVENT, REMOVE_EVENT, SET_TEXT, EVENT] = [8, 9, 10, 20]

export class Page {
  /** @param {(type: string, data) => void} send to the service layer */
  constructor(send) {
    this.send = send
    this.clear()
  }

  clear() {
    this.options = null // of PAGE_CREATE: route, css, platform …
    this.ready = false
    this.nodes = new Map([[0, { id: 0, tag: '#page', children: [], attrs: {}, events: new Set() }]])
  }

  get route() {
    return this.options?.route
  }

  /** Something is on the screen. A component that failed leaves a comment. */
  get drawn() {
    return this.ready && [...this.nodes.values()].some((node) => node.id !== 0 && node.tag !== '#comment')
  }

  get text() {
    return this.drawn ? textOf(this.nodes.get(0)) : ''
  }

  /** What evalJS would run in the webview. */
  eval(js) {
    const call = js.match(/subscribeHandler\("([^"]+)",(.*),\d+\)$/s)
    if (!call) return
    if (call[1] === 'onWebviewReady') this.send('onWebviewReady', {})
    if (call[1] === 'vdSync') this.apply(JSON.parse(call[2]))
  }

  apply(actions) {
    let dict = []
    const word = (index) => (Array.isArray(index) ? Object.fromEntries(index.map(([k, v]) => [dict[k], dict[v]])) : dict[index])
    for (const [type, ...rest] of actions) {
      const node = this.nodes.get(rest[0])
      switch (type) {
        case DICT: dict = rest[0]; break
        case PAGE_CREATE: this.clear(); this.options = rest[0]; break
        case PAGE_CREATED: this.ready = true; break
        case CREATE: this.#create(rest, dict, word); break
        case INSERT: if (node) this.#place(node, rest[1], rest[2]); break
        case REMOVE: if (node) this.#remove(node); break
        case SET_ATTRIBUTE: if (node) node.attrs[word(rest[1])] = word(rest[2]); break
        case REMOVE_ATTRIBUTE: if (node) delete node.attrs[word(rest[1])]; break
        case ADD_EVENT: node?.events.add(word(rest[1])); break
        case REMOVE_EVENT: node?.events.delete(word(rest[1])); break
        case SET_TEXT: if (node) setText(node, word(rest[1])); break
      }
    }
  }

  #create([id, tag, parent, anchor, extras = {}], dict, word) {
    const node = { id, tag: word(tag), children: [], attrs: extras.a ? word(extras.a) : {}, events: new Set() }
    for (const [name] of extras.e ?? []) node.events.add(dict[name])
    if (extras.t !== undefined) setText(node, word(extras.t))
    this.nodes.set(id, node)
    this.#place(node, parent, anchor)
  }

  #place(node, parent, anchor) {
    if (node.parent) node.parent.children = node.parent.children.filter((child) => child !== node)
    node.parent = this.nodes.get(parent)
    if (!node.parent) return
    const before = node.parent.children.findIndex((child) => child.id === anchor)
    node.parent.children.splice(before < 0 ? node.parent.children.length : before, 0, node)
  }

  #remove(node) {
    if (node.parent) node.parent.children = node.parent.children.filter((child) => child !== node)
    const drop = (it) => {
      this.nodes.delete(it.id)
      it.children.forEach(drop)
    }
    drop(node)
  }

  /** The innermost nodes for which `test` holds. */
  find(test) {
    return [...this.nodes.values()].filter((node) => test(node) && !node.children.some((child) => test(child)))
  }

  /** Touches the nth thing that shows this text and listens to touches. */
  tap(text, nth = 0) {
    const targets = this.find((node) => textOf(node).includes(text)).map(listener).filter(Boolean)
    const target = targets[nth]
    if (!target) throw new Error(`tap: nothing to touch with the text ${JSON.stringify(text)}`)
    this.fire(target, 'onClick')
  }

  fire(node, type, detail = {}) {
    const at = { id: '', dataset: {}, offsetLeft: 0, offsetTop: 0 }
    this.send('vdSync', [[EVENT, node.id, { type, timeStamp: 0, target: at, currentTarget: at, detail, touches: [], changedTouches: [] }]])
  }
}

function setText(node, text) {
  node.text = text
  node.children = []
}

function textOf(node) {
  return (node.text ?? '') + node.children.map(textOf).join('')
}

function listener(node) {
  for (let at = node; at; at = at.parent) if (at.events.has('onClick')) return at
}
