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

/** A line as its writer meant it: freed of quoting, of blanks that are none and of tabs. For reading only: what is quoted is the line as it stands. */
export function cleanLine(line: string): string {
  const plain = line.replace(NOTHING, '').replace(BLANKS, ' ').replace(QUOTING, '').replace(GLUED_FENCE, '').replace(GREP_NUMBER, '')
  const text = BOXED.exec(plain)?.groups?.['inner']?.replace(BORDERS, ' ') ?? plain
  return expandTabs(text).trimEnd()
}

/** Blanks before the text. */
export const indentOf = (line: string): number => line.length - line.trimStart().length
