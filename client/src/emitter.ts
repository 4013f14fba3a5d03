import type { Events } from './events.js'

type Listener<E extends keyof Events> = (payload: Events[E]) => void

/** Listeners by event. What they throw is theirs. */
export class Emitter {
  private readonly listeners: { [E in keyof Events]?: Listener<E>[] } = {}

  on<E extends keyof Events>(event: E, listener: Listener<E>): () => void {
    const all = this.of(event)
    all.push(listener)
    return () => {
      const at = all.indexOf(listener)
      if (at >= 0) all.splice(at, 1)
    }
  }

  has(event: keyof Events): boolean {
    return this.of(event).length > 0
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const listener of this.of(event).slice()) {
      try {
        listener(payload)
      } catch (error) {
        console.error('wgtup: a listener of ' + event, error)
      }
    }
  }

  private of<E extends keyof Events>(event: E): Listener<E>[] {
    const all = this.listeners as { [name: string]: Listener<E>[] | undefined }
    return all[event] || (all[event] = [])
  }
}

declare const console: { error(...parts: unknown[]): void }
