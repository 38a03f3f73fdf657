import { stampAt } from './stamp-shapes.ts'

/** One part of a front, and how others of its kind are matched. */
export interface FrontPart {
  readonly kind: 'stamp' | 'partial-stamp' | 'uptime' | 'number' | 'level' | 'facility' | 'word' | 'blank' | 'mark'
  readonly text: string
  /** Source of a regular expression for the same part of other lines. */
  readonly source: string
}

const levelNames = 'emerg|emergency|panic|alert|crit|critical|fatal|severe|err|error|warn|warning|notice|info|information|debug|trace'
const level = new RegExp(String.raw`(?:${levelNames})(?![\w.-])`, 'iy')
const facility = new RegExp(String.raw`(?:kern|user|daemon|syslog|auth|local\d)\.(?:${levelNames})(?![\w.-])`, 'iy')
const quotes = /(?:>+ ?)+/y
const word = /[\p{L}\p{N}_][\p{L}\p{N}_.@/+-]*/uy
const number = /\d+(?![\w-]|\.\w)/y
const blanks = /[ \t]+/y
/** `[ 833.807]`: the kernel's clock as a house's tools shorten it. Only behind a bracket, and only before a kernel's text. */
const uptime = /(?<=\[ *)\d{1,8}\.\d{2,9}(?=\])/y

/** Cuts what stands before a kernel's text into its parts. */
export function partsOf(front: string): FrontPart[] {
  const parts: FrontPart[] = []
  for (let at = 0; at < front.length; ) {
    const part = partAt(front, at)
    parts.push(part)
    at += part.text.length
  }
  return parts
}

function partAt(front: string, at: number): FrontPart {
  const stamp = stampAt(front, at)
  if (stamp !== null) {
    const text = front.slice(at, at + stamp.length)
    return { kind: stamp.whole ? 'stamp' : 'partial-stamp', text, source: stamp.source }
  }
  const quote = at === 0 ? matched(quotes, front, at) : null
  if (quote !== null) return { kind: 'mark', text: quote, source: '(?:>+ ?)+' }
  const blank = matched(blanks, front, at)
  if (blank !== null) return { kind: 'blank', text: blank, source: at + blank.length === front.length ? escaped(blank) : '[ \\t]+' }
  const clock = matched(uptime, front, at)
  if (clock !== null) return { kind: 'uptime', text: clock, source: String.raw`\d{1,8}\.\d{2,9}` }
  const named = matched(facility, front, at)
  if (named !== null) return { kind: 'facility', text: named, source: String.raw`[a-z]+\d?\.[a-z]+` }
  const severity = matched(level, front, at)
  if (severity !== null) return { kind: 'level', text: severity, source: `(?:${levelNames})` }
  const digits = matched(number, front, at)
  if (digits !== null) return { kind: 'number', text: digits, source: String.raw`\d{1,20}` }
  const name = matched(word, front, at)
  if (name !== null) return { kind: 'word', text: name, source: wordSource(name) }
  // By code points: half of a surrogate pair matches nothing.
  const mark = String.fromCodePoint(front.codePointAt(at) as number)
  return { kind: 'mark', text: mark, source: escaped(mark) }
}

/** Other numbers may stand in the same word (`node7`, `node12`), other digits in a hash. */
function wordSource(name: string): string {
  if (/^[0-9a-f-]{8,}$/.test(name) && /\d/.test(name)) return '[0-9a-f-]{8,}'
  return escaped(name).replace(/\d+/g, String.raw`\d+`)
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

function matched(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}
