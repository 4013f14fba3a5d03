// Readers that copy a parsed value into a typed one: names match exactly, null is never accepted
// for a known member, members that are not known are left out.

import { Refused } from './refused.js'
import { parseTime } from './time.js'
import type { Json, JsonObject } from './jcs.js'

/** Reads a value that stands at a path; undefined means that it is missing. */
export type Reader<T> = (value: Json | undefined, path: string) => T

export const text: Reader<string> = (value, path) => {
  if (typeof value !== 'string') throw wrong(value, path, 'a string')
  return value
}

export const integer: Reader<number> = (value, path) => {
  if (typeof value !== 'number') throw wrong(value, path, 'an integer')
  return value
}

export const flag: Reader<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw wrong(value, path, 'true or false')
  return value
}

export const time: Reader<string> = (value, path) => {
  const instant = text(value, path)
  if (isNaN(parseTime(instant))) throw bad(path + ' is not a time')
  return instant
}

export function list<T>(reader: Reader<T>): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrong(value, path, 'an array')
    return value.map((member, i) => reader(member, path + '[' + i + ']'))
  }
}

/** An object of any names, without a prototype. */
export function map<T>(reader: Reader<T>): Reader<{ [name: string]: T }> {
  return (value, path) => {
    const from = members(value, path)
    const into: { [name: string]: T } = Object.create(null)
    for (const name of Object.keys(from)) into[name] = reader(from[name], path + '.' + name)
    return into
  }
}

interface Fields {
  [name: string]: Reader<unknown>
}

type Read<F extends Fields> = { [name in keyof F]: ReturnType<F[name]> }

/** An object: every member of required must be there, those of optional may be left out. */
export function object<R extends Fields, O extends Fields = {}>(required: R, optional?: O): Reader<Read<R> & Partial<Read<O>>> {
  const always = Object.keys(required)
  const sometimes = Object.keys(optional || {})
  return (value, path) => {
    const from = members(value, path)
    const into: { [name: string]: unknown } = {}
    for (const name of always) into[name] = required[name]!(from[name], join(path, name))
    for (const name of sometimes) {
      if (from[name] !== undefined) into[name] = optional![name]!(from[name], join(path, name))
    }
    return into as Read<R> & Partial<Read<O>>
  }
}

export function members(value: Json | undefined, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(value, path, 'an object')
  return value
}

function join(path: string, name: string): string {
  return path === '' ? name : path + '.' + name
}

function bad(detail: string): Refused {
  return new Refused('document', detail)
}

function wrong(value: Json | undefined, path: string, want: string): Refused {
  return bad(path + (value === undefined ? ' is missing' : ' is not ' + want))
}
