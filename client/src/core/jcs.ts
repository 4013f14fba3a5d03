// The JSON that wgtup signs: RFC 8785 narrowed to non-negative integers. One value has exactly one
// spelling, and only that one is read; JSON.parse would also take other spellings, and the last of
// two members with one name. The grammar is in the Go package jcs and in docs/spec/protocol.md.

import { Refused } from './refused.js'
import { isPair, isSurrogate } from './utf8.js'

export type Json = null | boolean | number | string | Json[] | JsonObject

/** An object without a prototype: a member named __proto__ is a member. */
export interface JsonObject {
  [name: string]: Json
}

/** The deepest nesting of objects and arrays. */
export const maxDepth = 32

/** Reads one canonical value and refuses (code grammar) every other spelling of it. */
export function parseJcs(text: string): Json {
  const parser = new Parser(text)
  const value = parser.value(0)
  if (parser.at !== text.length) throw parser.fail('text after the value')
  return value
}

const quote = 0x22
const backslash = 0x5c
const escapes: { [letter: string]: string } = { '"': '"', '\\': '\\', b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' }
const unicodeEscape = /^u00(0[0-7be-f]|1[0-9a-f])$/

class Parser {
  at = 0

  constructor(private readonly text: string) {}

  fail(reason: string): Refused {
    return new Refused('grammar', 'at ' + this.at + ': ' + reason)
  }

  value(depth: number): Json {
    switch (this.text.charAt(this.at)) {
      case '{':
        return this.object(depth + 1)
      case '[':
        return this.array(depth + 1)
      case '"':
        return this.string()
      case 't':
        return this.word('true', true)
      case 'f':
        return this.word('false', false)
      case 'n':
        return this.word('null', null)
    }
    return this.integer()
  }

  private accept(character: string): boolean {
    if (this.text.charAt(this.at) !== character) return false
    this.at++
    return true
  }

  private word(word: string, value: Json): Json {
    if (this.text.substr(this.at, word.length) !== word) throw this.fail('expected a value')
    this.at += word.length
    return value
  }

  private object(depth: number): JsonObject {
    if (depth > maxDepth) throw this.fail('nested too deep')
    this.at++
    const members: JsonObject = Object.create(null)
    if (this.accept('}')) return members
    for (let last: string | undefined; ; ) {
      const name = this.string()
      // strings compare by UTF-16 units, which is the order RFC 8785 asks for
      if (last !== undefined && last >= name) throw this.fail('members out of order or twice')
      last = name
      if (!this.accept(':')) throw this.fail("expected ':'")
      members[name] = this.value(depth)
      if (this.accept('}')) return members
      if (!this.accept(',')) throw this.fail("expected ',' or '}'")
    }
  }

  private array(depth: number): Json[] {
    if (depth > maxDepth) throw this.fail('nested too deep')
    this.at++
    const values: Json[] = []
    if (this.accept(']')) return values
    for (;;) {
      values.push(this.value(depth))
      if (this.accept(']')) return values
      if (!this.accept(',')) throw this.fail("expected ',' or ']'")
    }
  }

  private integer(): number {
    const start = this.at
    while (this.text.charCodeAt(this.at) >= 0x30 && this.text.charCodeAt(this.at) <= 0x39) this.at++
    const digits = this.text.slice(start, this.at)
    if (digits === '') throw this.fail('expected a value')
    if (digits.length > 1 && digits.charAt(0) === '0') throw this.fail('leading zero')
    // 2^53 and 2^53 + 1 both read as 2^53, which is already above the limit
    if (Number(digits) > 9007199254740991) throw this.fail('number too large')
    return Number(digits)
  }

  private string(): string {
    const text = this.text
    if (text.charCodeAt(this.at) !== quote) throw this.fail('expected a string')
    let value = ''
    let from = ++this.at
    for (;;) {
      const c = text.charCodeAt(this.at) // NaN at the end
      if (c === quote) {
        value += text.slice(from, this.at++)
        return value
      }
      if (c === backslash) {
        value += text.slice(from, this.at) + this.escape()
        from = this.at
      } else if (c >= 0x20 && !isSurrogate(c)) {
        this.at++
      } else if (isPair(text, this.at)) {
        this.at += 2
      } else {
        throw this.fail(c < 0x20 ? 'control character in a string' : c >= 0x20 ? 'half a character' : 'string without an end')
      }
    }
  }

  /** Accepts an escape only where an encoder has to write it. */
  private escape(): string {
    const letter = this.text.charAt(this.at + 1)
    const short = letter === '' ? undefined : escapes[letter]
    if (short !== undefined) {
      this.at += 2
      return short
    }
    const code = this.text.substr(this.at + 1, 5)
    if (!unicodeEscape.test(code)) throw this.fail('escape that is not canonical')
    this.at += 6
    return String.fromCharCode(parseInt(code.slice(1), 16))
  }
}
