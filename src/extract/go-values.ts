// Values as Go programs print them (klog's structured text, logrus): quoted strings, `%v` and `%+v` structs, JSON, slices.

import { quoteEnd, unquoteGo } from '../text/logfmt.ts'

const mark = /["{}[\]]/g

/** Index just behind the bracket that closes the one at `from`, strings skipped; the end of the text when none does. */
function endOfBrackets(text: string, from: number): number {
  let depth = 0
  mark.lastIndex = from
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    const [character] = found
    if (character === '"') mark.lastIndex = quoteEnd(text, found.index)
    else if (character === '{' || character === '[') depth++
    else {
      depth--
      if (depth === 0) return found.index + 1
    }
  }
  return text.length
}

function endOfPlain(text: string, from: number): number {
  const space = text.indexOf(' ', from)
  return space < 0 ? text.length : space
}

/** Reads one value at `from`: `"string"`, `[list]`, `{…}`, `&{…}`, `<` with TAB-indented lines up to ` >`, or a bare word. */
export function valueAt(text: string, from: number): { readonly value: string; readonly end: number } {
  const first = text[from]
  if (first === '"') {
    const end = quoteEnd(text, from)
    return { value: unquoteGo(text.slice(from, end)), end }
  }
  if (first === '<' && text[from + 1] === '\n') {
    const close = text.indexOf('\n >', from)
    const end = close < 0 ? text.length : close + 3
    const lines = text.slice(from + 2, close < 0 ? end : close).split('\n')
    return { value: lines.map((line) => line.replace(/^\t/, '')).join('\n'), end }
  }
  const open = first === '&' ? from + 1 : from
  const bracket = text[open]
  const end = bracket === '{' || bracket === '[' ? endOfBrackets(text, open) : endOfPlain(text, from)
  return { value: text.slice(from, end), end }
}

const keyShape = /[\w.\-/]+=/y

/**
 * `key="string" num=5 pods=["a","b"] event=&{ID:x Type:y}` from `from` on. What is no `key=value` is skipped, a line cut short yields what
 * it has.
 */
export function pairsAt(text: string, from: number): Record<string, string> {
  const values: Record<string, string> = {}
  let at = from
  while (at < text.length) {
    if (text[at] === ' ') {
      at++
      continue
    }
    keyShape.lastIndex = at
    const key = keyShape.exec(text)?.[0]
    if (key === undefined) {
      at = endOfPlain(text, at)
      continue
    }
    const { value, end } = valueAt(text, at + key.length)
    values[key.slice(0, -1)] = value
    at = Math.max(end, at + key.length)
  }
  return values
}

/**
 * Items of a printed slice: `[default/nginx kube-system/x]`, `["default/nginx","kube-system/x"]`, JSON objects with name and namespace,
 * old `a_ns(uid), b_ns(uid)`.
 */
export function listItems(value: string | undefined): readonly string[] {
  if (value === undefined) return []
  const inner = value.trim().replace(/^\[/, '').replace(/\]$/, '').trim()
  if (inner === '') return []
  if (inner.startsWith('{')) return objectNames(inner)
  return inner.split(/[\s,]+/).map((item) => item.replace(/^"|"$/g, ''))
}

/** JSON logs print object references as `{"name":"nginx","namespace":"default"}`. */
const objectReference = /\{"name":"(?<name>[^"]*)"(?:,"namespace":"(?<namespace>[^"]*)")?\}/g
function objectNames(text: string): readonly string[] {
  const names: string[] = []
  for (const { groups } of text.matchAll(objectReference)) {
    names.push(groups?.['namespace'] === undefined ? (groups?.['name'] ?? '') : `${groups['namespace']}/${groups['name']}`)
  }
  return names
}

/**
 * Member of a printed struct: `&{ID:a Type:b Data:c}`, `{"ID":"a","Type":"b"}`, `&pleg.PodLifecycleEvent{ID:"a", Type:"b"}`, `{Type:containerd ID:a}`.
 */
export function member(value: string | undefined, name: string): string | null {
  if (value === undefined) return null
  for (let at = value.indexOf(name); at >= 0; at = value.indexOf(name, at + 1)) {
    if (/\w/.test(value[at - 1] ?? '')) continue
    const found = /^"?:\s*(?:"(?<quoted>[^"]*)"|(?<plain>[^\s,"}]*))/.exec(value.slice(at + name.length))?.groups
    if (found !== undefined) return found['quoted'] ?? found['plain'] ?? null
  }
  return null
}
