import { lineStartsOf } from './line-starts.ts'
import type { TextLine } from './text-line.ts'

/** A pane's border, at the right and perhaps at the left: of tmux and screen, of a box around a text. */
const BARS = '\u2502\u2503\u2551\u2595|'
const left = /^[\u2502\u2503\u2551\u258f|] ?/
const border = /[\u2502\u2503\u2551\u2595|][ \t\r]*$/m

export const hasFrames = (text: string): boolean => border.test(text)

/** Fewer lines may end in a bar of their own. */
const enough = 4

/** Takes a pane's borders off. A line that goes on in the next fills its pane, also where blanks stand at its end; others are as long as their text. */
export function withoutFrames(lines: readonly TextLine[]): readonly TextLine[] {
  const filled = lines.filter(({ text }) => text.trim() !== '')
  const columns = new Map<number, number>()
  const isEnded = (text: string): boolean => BARS.includes(text.at(-1) ?? ' ')
  for (const text of filled.map((line) => line.text.trimEnd()))
    if (isEnded(text)) columns.set(text.length, (columns.get(text.length) ?? 0) + 1)
  const [column, count] = [...columns].sort((a, b) => b[1] - a[1])[0] ?? [0, 0]
  // A table has bars within its rows.
  const isTable = filled.filter(({ text }) => text.trim().slice(1, -1).includes(' | ')).length * 2 > filled.length
  if (count < enough || count < filled.length * 0.8 || isTable) return lines
  const framed = ({ text }: TextLine): boolean => text.trimEnd().length === column && isEnded(text.trimEnd())
  const isBoxed = filled.every((line) => !framed(line) || left.test(line.text))
  const inner = ({ text }: TextLine): string => (isBoxed ? text.replace(left, '') : text).trimEnd().slice(0, -1)
  const bare = lines.map((line) => (framed(line) ? inner(line).trimEnd() : line.text))
  const starts = lineStartsOf(bare)
  return lines.map((line, at) => {
    if (!framed(line)) return line
    const next = bare[at + 1]?.trim() ?? ''
    const goesOn = next !== '' && starts.frontEnd(bare[at + 1] ?? '') === 0 && !starts.isOwnLine(bare[at + 1] ?? '')
    return { ...line, text: goesOn ? inner(line) : (bare[at] ?? '') }
  })
}
