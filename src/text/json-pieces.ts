/** A piece is handed on from this length. */
const PIECE_LENGTH = 65_536

/** Bidirectional and C1 controls are escaped, so that printing the JSON to a terminal is safe; its meaning is the same. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

export const escapeUnseen = (json: string): string =>
  json.replace(unseen, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/**
 * A value that is made when its turn comes, and let go when it is written: of a hundred thousand kills one at a time is plain.
 */
export class Lazy {
  readonly make: () => unknown
  constructor(make: () => unknown) {
    this.make = make
  }
}

/**
 * What `JSON.stringify(value, null, indent)` gives, unseen characters escaped, in pieces: V8 takes half a gigabyte of text at most. `depth`: so many levels are walked,
 * what lies below is written by V8.
 */
export function* jsonPieces(value: unknown, indent: 0 | 2, depth: number): Generator<string> {
  let held = ''
  for (const text of written(value, indent, depth, '')) {
    held += text
    if (held.length < PIECE_LENGTH) continue
    yield escapeUnseen(held)
    held = ''
  }
  if (held !== '') yield escapeUnseen(held)
}

function* written(given: unknown, indent: 0 | 2, depth: number, margin: string): Generator<string> {
  const value = given instanceof Lazy ? given.make() : given
  if (depth === 0 || typeof value !== 'object' || value === null) {
    const text = JSON.stringify(value, null, indent)
    yield indent === 0 || margin === '' ? text : text.replaceAll('\n', `\n${margin}`)
    return
  }
  const isList = Array.isArray(value)
  const entries = isList ? value.map((item) => ['', item] as const) : Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) {
    yield isList ? '[]' : '{}'
    return
  }
  const inner = indent === 0 ? '' : `${margin}  `
  const feed = indent === 0 ? '' : `\n${inner}`
  yield isList ? '[' : '{'
  for (const [at, [key, item]] of entries.entries()) {
    const name = isList ? '' : `${JSON.stringify(key)}:${indent === 0 ? '' : ' '}`
    yield `${at === 0 ? '' : ','}${feed}${name}`
    yield* written(item, indent, depth - 1, inner)
  }
  yield `${indent === 0 ? '' : `\n${margin}`}${isList ? ']' : '}'}`
}
