import { BACKSLASH } from '../units/characters.ts'
/** `key=value key="quoted value"` as logrus' TextFormatter and Go's slog print it. */
export interface LogfmtLine {
  readonly pairs: Readonly<Record<string, string>>
  /** Index after the last pair that was understood. */
  readonly end: number
}

const pairHead = /[ \t]*(?<key>[A-Za-z_@][\w.@/-]{0,80})=/y

/** Reads pairs until something is no pair. Quotes follow Go's `%q`. */
export function readLogfmt(text: string): LogfmtLine {
  const pairs: Record<string, string> = {}
  let at = 0
  while (at < text.length) {
    pairHead.lastIndex = at
    const key = pairHead.exec(text)?.groups?.['key']
    if (key === undefined) break
    const from = pairHead.lastIndex
    const end = text[from] === '"' ? quoteEnd(text, from) : bareEnd(text, from)
    pairs[key] = text[from] === '"' ? unquoteGo(text.slice(from, end)) : text.slice(from, end)
    at = end
  }
  return { pairs, end: at }
}

function bareEnd(text: string, from: number): number {
  const blank = text.indexOf(' ', from)
  return blank === -1 ? text.length : blank
}

/** Index behind the closing quote of the string that begins at `from` (a `"`); the end of the text when it was cut before it. */
export function quoteEnd(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let first = quote
    while (first > from + 1 && text.charCodeAt(first - 1) === BACKSLASH) first -= 1
    // Backslashes escape each other, from the left.
    if ((quote - first) % 2 === 0) return quote + 1
  }
  return text.length
}

const simpleEscapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }

/** Undoes Go's `strconv.Quote`; a missing closing quote is forgiven. */
export function unquoteGo(quoted: string): string {
  const inner = quoted.slice(1, quoted.length > 1 && quoted.endsWith('"') ? -1 : undefined)
  if (!inner.includes('\\')) return inner
  // Quotes in quotes are nearly all that is escaped.
  if (!/\\[^"]|\\$/.test(inner)) return inner.replaceAll('\\"', '"')
  return inner.replace(
    /\\(?:x(?<hex>[0-9a-f]{2})|u(?<u4>[0-9a-f]{4})|U(?<u8>[0-9a-f]{8})|(?<plain>.))/gs,
    (_, hex?: string, u4?: string, u8?: string, plain?: string) => {
      const point = hex ?? u4 ?? u8
      if (point === undefined) return simpleEscapes[plain as string] ?? (plain as string)
      const value = Number.parseInt(point, 16)
      return value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd'
    },
  )
}
