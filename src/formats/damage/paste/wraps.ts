import { beginsTail, isComplete, isDangling, isReportLine, isTail } from './kernel-line.ts'
import { type LineStarts, lineStartsOf } from './line-starts.ts'
import type { TextLine } from './text-line.ts'

/** What web archives and printed pages put before the rest of a line. */
const arrow = /^\s*(?:[\u21aa\u2937\u21b3\u21b5\u23ce]|\u2514[\u2500\u2192>]{1,3}|\u00bb)\s*/
/** A format=flowed line ends with a blank (RFC 3676); a `\` at the end is a shell's or an editor's. */
const softEnd = /(?:\S [ ]?|\\|\u21a9|\u21b5|\u23ce)$/

/** How the lines of a text were broken: the column, and whether words were cut in the middle. */
interface Wrapping {
  readonly column: number
  readonly inWords: boolean
}

interface Open {
  text: string
  readonly from: number
  to: number
  /** The last physical line as it stands. */
  last: TextLine
}

/** Puts the lines of kernel reports together again that mails, pages, terminals and people broke. */
export function joinedWraps(lines: readonly TextLine[], raw: readonly TextLine[]): TextLine[] {
  const starts = lineStartsOf(lines.map(({ text }) => text))
  const wrapping = wrappingOf(lines, raw, starts)
  const whole: TextLine[] = []
  let open: Open | null = null
  const close = (): void => {
    if (open !== null) whole.push({ ...open.last, text: open.text, from: open.from, to: open.to })
    open = null
  }
  for (const [at, line] of lines.entries()) {
    const now: Open | null = open === null ? null : goesOn(open, line, raw[at] as TextLine, starts, wrapping)
    if (now !== null) open = now
    else {
      close()
      open = { text: line.text, from: line.from, to: line.to, last: raw[at] as TextLine }
    }
  }
  close()
  return whole
}

/** The open line with this one behind it, or `null` when it does not belong to it. */
function goesOn(open: Open, line: TextLine, raw: TextLine, starts: LineStarts, wrapping: Wrapping | null): Open | null {
  const { text } = line
  if (text.trim() === '' || /^\s*(?:```|~~~)/.test(text) || open.text.trim() === '' || raw.from - open.last.to > 0) return null
  const joined = (own: string, between: string): Open => {
    const before = between === '' ? open.text : open.text.trimEnd()
    return { text: `${before}${between}${own}`, from: open.from, to: line.to, last: raw }
  }
  if (isRow(text)) return null
  if (arrow.test(text)) return joined(text.replace(arrow, ''), ' ')
  const front = starts.frontEnd(open.text)
  const isAlone = front > 0 && /^(?:kernel:)?\s*(?:\[<[0-9a-f]{8,16}>\]\s*)?\??$/.test(open.text.slice(front).trim())
  const isSoft = front > 0 && front + 1 < open.text.length && softEnd.test(open.last.text)
  const mayGoOn = isAlone || isSoft || isReportLine(open.text) || isTail(open.text, text) || (front > 0 && wrapping !== null)
  if (!mayGoOn) return null
  const isCut = wrapping?.inWords === true && open.last.text.length === wrapping.column
  if (starts.frontEnd(text) > 0 || (isComplete(open.text) && !isCut)) return null
  if (isAlone) return isReportLine(text) || starts.isOwnLine(text) ? joined(text.trimStart(), ' ') : null
  // A terminal cuts anywhere, and nothing is lost at the cut.
  if (isCut) return joined(text, '')
  if (isTail(open.text, text)) return joined(text.trimStart(), gapBefore(open, text))
  if (starts.isOwnLine(text) && !isDangling(open.text)) return null
  if (/\\\s*$/.test(open.text)) return { ...joined(text.trimStart(), ' '), text: `${open.text.replace(/\\\s*$/, '')} ${text.trimStart()}` }
  if (isSoft || softEnd.test(open.last.text)) return joined(text.trimStart(), ' ')
  return wrapping !== null && !wrapping.inWords && isBroken(open.last.text, text, wrapping.column)
    ? joined(text.trimStart(), isCutWord(open.last.text, text, wrapping.column) ? '' : gapBefore(open, text))
    : null
}

/** A word longer than a line fills its line and goes on in the next: nothing stood at the cut. */
const isCutWord = (before: string, text: string, column: number): boolean =>
  before.length >= column && lastWord(before) + firstWord(text) > column

/** Length of the last word of a line; 0 where it ends in a blank. */
const lastWord = (line: string): number => line.length - 1 - Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'))

/** Columns: a row of a table (`2m   Warning   SystemOOM   node/n1 …`) is no rest of a sentence. */
const isRow = (text: string): boolean => /^\s*\S+(?: {2,}|\t+)\S+(?: {2,}|\t+)[A-Z]\w+(?: {2,}|\t+)\S/.test(text)

/** What stood between two halves: a blank, or nothing in a word that was cut. An `oom-kill:` line has no blanks before the command. */
function gapBefore(open: Open, text: string): string {
  const inSummary = /oom-kill: ?constraint=/.test(open.text) && !/,\s?task=/.test(open.text)
  // `… cache:507172KB rss:44` + `8KB rss_huge:0KB …`: a figure without its unit was cut.
  const inFigure = /[a-z]:\d+$/.test(open.text) && /^\s*\d*[kK]B\b/.test(text)
  return inSummary || inFigure ? '' : ' '
}

/** Why a line was broken here: the next word did not fit. */
const isBroken = (before: string, text: string, column: number): boolean =>
  Math.max(before.length, before.trimEnd().length + 1) + firstWord(text) > column

const firstWord = (text: string): number => /^\s*(?<word>\S*)/.exec(text)?.groups?.['word']?.length ?? 0

/** Told by the lines of reports that no other line of a report follows: two of them at least agree on a column, or were cut at the same one. */
function wrappingOf(lines: readonly TextLine[], raw: readonly TextLine[], starts: LineStarts): Wrapping | null {
  const broken: { readonly before: string; readonly text: string }[] = []
  let isRest = false
  for (const [at, { text }] of lines.entries()) {
    const before = lines[at - 1]?.text ?? ''
    const mayGoOn: boolean = before.trim() !== '' && !isComplete(before) && (isRest || isReportLine(before))
    isRest = mayGoOn && text.trim() !== '' && starts.frontEnd(text) === 0 && !starts.isOwnLine(text)
    if (isRest) broken.push({ before: raw[at - 1]?.text ?? '', text })
  }
  // One line behind another is no sign of a column.
  if (broken.length < 2) return null
  const longest = Math.max(...broken.map(({ before }) => before.length))
  // Two breaks may be as long by chance; then they stand before words that such messages have.
  const isChance = broken.length === 2 && broken.every(({ text }) => beginsTail(text))
  if (!isChance && longest <= 400 && broken.filter(({ before }) => before.length === longest).length >= broken.length * 0.8)
    return { column: longest, inWords: true }
  const column = Math.max(
    ...broken
      .filter(({ before }) => /\S\s+\S/.test(before.slice(Math.max(0, before.length - 40))))
      .map(({ before }) => before.trimEnd().length),
    0,
  )
  const agree = broken.filter((pair) => isBroken(pair.before, pair.text, column))
  return column >= 30 && column <= 240 && agree.length >= broken.length * 0.7 ? { column, inWords: false } : null
}
