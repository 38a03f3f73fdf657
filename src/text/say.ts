import type { InstantDigits, Phrase, PhrasePart } from '../model/diagnosis.ts'
import { withoutEcho } from './echo.ts'
import { shownName } from './nameless.ts'

type Value = Exclude<PhrasePart, string> | string | number | Phrase

/**
 * Makes a phrase of typed values: say`the limit of ${bytes(limit)} was hit by ${code(comm)}`. A bare string or number is plain text that
 * comes from us, never from a log: what a log said goes in by `code`, so that every output escapes it. `echo.ts` says when a kind's word stays away from its name.
 */
export function say(strings: TemplateStringsArray, ...values: readonly Value[]): Phrase {
  const parts: PhrasePart[] = []
  const add = (part: PhrasePart): void => {
    const last = parts.at(-1)
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else if (typeof part === 'object' && 'code' in part && typeof last === 'string') {
      parts.pop()
      const before = withoutEcho(last, part.code)
      parts.push(...(before === '' ? [part] : [before, part]))
    } else if (part !== '') parts.push(part)
  }
  strings.forEach((text, i) => {
    add(text)
    if (i >= values.length) return
    const value = values[i] as Value
    if (typeof value === 'number') add(String(value))
    else if (Array.isArray(value)) for (const part of value as Phrase) add(part)
    else add(value as PhrasePart)
  })
  return parts
}

/** A size, printed by each output with a binary unit and three significant digits. */
export const bytes = (value: number): PhrasePart => ({ bytes: value })
/** A name, path, id or kernel word: shown in code style, escaped by the output. */
export const code = (text: string): PhrasePart => ({ code: shownName(text) })
/** A share, 0–1. */
export const percent = (share: number): PhrasePart => ({ percent: share })
/** A length of time in seconds. */
export const seconds = (value: number): PhrasePart => ({ seconds: value })
/** An instant in µs since the epoch, with the digits its source had. */
export const instant = (epochUs: number, digits: InstantDigits = 0): PhrasePart => ({ instantUs: epochUs, digits })
/** A number of things, printed with thousands separated. */
export const count = (value: number): PhrasePart => ({ count: value })
