import type { Extractor } from '../extract/define-extractor.ts'
import { BRACE_OPEN, BRACKET_OPEN, PAREN_CLOSE, PAREN_OPEN, SPACE, TAB } from '../units/characters.ts'
import { witnessLiterals } from '../witness/index.ts'
import type { Literals } from './search/literals.ts'
import { readyFor } from './search/ready-literals.ts'

/**
 * Which lines are read at all. The rule is about content and place only, never about how the bytes were cut into chunks:
 * a line is taken when it
 * - stands in the head (`HEAD_LINES` lines that begin within `HEAD_BYTES`) or in the tail (`TAIL_LINES` within `TAIL_BYTES`),
 * - holds a literal of an extractor, or the first sampled literal of its kind in its block (`sampleBlock`),
 * - follows a line that holds one and left a parenthesis open (`FOLLOW_LINES`, for names with a raw line break), or is an indented
 *   continuation of a taken line,
 * - heads the run of indented lines in which a literal stands,
 * - comes while an extractor is wantsNext or the wrapping must be read in full.
 */
export const HEAD_LINES = 400
export const HEAD_BYTES = 65_536
export const TAIL_LINES = 20
export const TAIL_BYTES = 65_536
export const FOLLOW_LINES = 2
/** How far before a line its record may begin, and how far back a change of wrapping is looked for. */
export const BACK_BYTES = 65_536
export const SAMPLE_BYTES = 1_048_576
/** From here on blocks are eight times as long: a long log pairs its clocks often enough. */
const LONG_FROM = 64 * SAMPLE_BYTES
const LONG_BYTES = 8 * SAMPLE_BYTES
/** Lines are cut here; one-line JSON exports hold many records in a line and get more. */
export const LINE_BYTES = 1_048_576
export const JSON_LINE_BYTES = 16_777_216
/** Lines that a format is detected from. */
export const SNIFF_LINES = 64

/**
 * Taken once a block: `audit(` stamps and kernel lines of syslog pair the boot clock with the wall clock, and show that a source
 * holds kernel messages at all.
 */
const AUDIT = 'audit('
const sampledLiterals = [AUDIT, ' kernel: ']

/** A journal writes a MESSAGE with unprintable bytes as an array of numbers: no literal can be seen in it. */
const opaqueLiterals = ['"MESSAGE":[', '"MESSAGE" : [']

/** The extractors' literals in all their forms. */
export function literalsOf(extractors: readonly Extractor[]): Literals {
  const known = literalsKnown.get(extractors)
  if (known !== undefined) return known
  const made = readyFor(extractors)?.literals ?? makeLiterals(extractors)
  literalsKnown.set(extractors, made)
  return made
}

const literalsKnown = new WeakMap<readonly Extractor[], Literals>()

function makeLiterals(extractors: readonly Extractor[]): Literals {
  const own = new Set([...opaqueLiterals, ...witnessLiterals])
  const deciding = new Set(own)
  for (const { literals, lives } of extractors)
    for (const literal of literals)
      for (const form of formsOf(literal)) {
        own.add(form)
        if (lives?.literals.includes(literal) !== true) deciding.add(form)
      }
  const inner = heldByOthers([...own])
  // Nobody needs every audit stamp of a log that may hold millions: a literal for them is sampled, too.
  const kept = [...own].filter((literal) => {
    // One that decides is not given up for one inside it that does not.
    const isHeld = (other: string): boolean =>
      other !== literal && literal.includes(other) && (deciding.has(other) || !deciding.has(literal))
    return !literal.includes(AUDIT) && !inner.some(isHeld)
  })
  const first = kept.filter((literal) => deciding.has(literal))
  const lives = kept.filter((literal) => !deciding.has(literal))
  const sampled = sampledLiterals.filter((literal) => !kept.includes(literal))
  const telling = [...new Set(extractors.flatMap((extractor) => extractor.lives?.telling ?? []))]
  return { all: [...first, ...lives, ...sampled], livesFrom: first.length, sampledFrom: kept.length, telling }
}

/** Those that stand in another one: in all of them as one text, they stand twice. Comparing each with each takes longer than reading a small log. */
export function heldByOthers(literals: readonly string[]): string[] {
  const all = literals.join('\n')
  return literals.filter((literal) => all.indexOf(literal) !== all.lastIndexOf(literal))
}

/** A literal, and what it becomes inside JSON: once and twice escaped, or Go's way. */
export function formsOf(literal: string): readonly string[] {
  if (!/["\\<>&]/.test(literal)) return [literal]
  const once = literal.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  const twice = once.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  return [...new Set([literal, once, twice, literal.replace(/[<>&]/g, goEscape)])]
}

/** Go's JSON encoder writes `<`, `>` and `&` as `\\u003c` … unless told not to. */
function goEscape(character: string): string {
  return `\\u00${character.charCodeAt(0).toString(16)}`
}

/** How much of a line is kept, by its first byte (0x7b `{`, 0x5b `[`). */
export function lineLimit(firstByte: number): number {
  return firstByte === BRACE_OPEN || firstByte === BRACKET_OPEN ? JSON_LINE_BYTES : LINE_BYTES
}

/** More parentheses are opened than closed: a name with a line break in it (`Killed process 12 (ab`) goes on in the next line. */
export function leavesOpen(text: string): boolean {
  let open = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === PAREN_OPEN) open += 1
    else if (code === PAREN_CLOSE) open -= 1
  }
  return open > 0
}

/** Space or tab. */
export function isIndent(byte: number): boolean {
  return byte === SPACE || byte === TAB
}

/** The block that an offset stands in, for sampled literals: its begin and its end, which are multiples of `SAMPLE_BYTES`. */
export function sampleBlock(offset: number): { readonly begin: number; readonly end: number } {
  const bytes = offset < LONG_FROM ? SAMPLE_BYTES : LONG_BYTES
  const begin = offset - (offset % bytes)
  return { begin, end: begin + bytes }
}
