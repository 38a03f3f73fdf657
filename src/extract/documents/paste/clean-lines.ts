import { expandTabs } from '../table.ts'

/** `> `, `>> `, `> > `: a mail's or Markdown's quoting. */
const QUOTING = /^(?:[ \t]*>)+ ?/
/** `grep -n` and `grep -nA5`: `45:    Last State:`, `46-      Reason:`. */
const GREP_NUMBER = /^\d{1,6}[:-](?=\s)/
/** U+00A0, the blanks of typography, U+3000. */
const BLANKS = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g
/** A chat's fence that stands on the text's own line; ```` ```yaml ```` is a fence with its language. */
const GLUED_FENCE = /^\s*```(?=[^`]*[: ])|(?<=[^`\s])```$/g
/** A terminal's frame around the text. */
const BOXED = /^\s*[│┃║](?<inner>.*)[│┃║]\s*$/
/** Between the columns of a table in a frame. */
const BORDERS = /(?<= )[│┃║](?= )/g
const NOTHING = /[\u200b-\u200d\u2060\ufeff]/g

/** Stands for a line that was put to the one above. No other line is read so: what is blank is empty. */
export const JOINED = ' '

/**
 * A line as its writer meant it: freed of quoting, of blanks that are none and of tabs. For reading only: what is quoted is the line as it stands. The blanks at
 * its end stay: they tell how wide it was.
 */
export function freedLine(line: string): string {
  const plain = line.replace(NOTHING, '').replace(BLANKS, ' ').replace(QUOTING, '').replace(GLUED_FENCE, '').replace(GREP_NUMBER, '')
  const text = BOXED.exec(plain)?.groups?.['inner']?.replace(BORDERS, ' ') ?? plain
  return expandTabs(text)
}

/** Blanks before the text. */
export const indentOf = (line: string): number => line.length - line.trimStart().length

/** `   12  text`, `12: text`, `12 | text`: an editor's or a viewer's numbers. */
const NUMBERED = /^ {0,8}(?<number>\d{1,6})(?:\s?[:|│]\s?| {1,2}|\t)/
/** Fewer lines may begin with numbers by chance. */
const FEWEST = 5

/** Lines without the numbers that count all of them. */
export function withoutNumbers(lines: readonly string[]): readonly string[] {
  const filled = lines.filter((line) => line.trim() !== '')
  const numbers = filled.map((line) => Number(NUMBERED.exec(line)?.groups?.['number'] ?? Number.NaN))
  const isCount = filled.length >= FEWEST && numbers.every((number, at) => at === 0 || number - (numbers[at - 1] as number) === 1)
  return isCount ? lines.map((line) => line.replace(NUMBERED, '')) : lines
}
