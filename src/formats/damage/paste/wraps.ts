import { beginsTail, isComplete, isDangling, isReportLine, isTail } from './kernel-line.ts'
import { type LineStarts, lineStartsOf } from './line-starts.ts'
import type { TextLine } from './text-line.ts'
import { type Gapless, wholeMessageAt } from './whole-message.ts'

/** What web archives and printed pages put before the rest of a line. */
const mark = String.raw`^\s*(?:[\u21aa\u2937\u21b3\u21b5\u23ce]|\u2514[\u2500\u2192>]{1,3}|\u00bb)`
const arrow = new RegExp(String.raw`${mark}\s*`)
/** The same before what was cut anywhere: a blank more is the text's own. */
const cutArrow = new RegExp(String.raw`${mark}\s?`)
/** A format=flowed line ends with a blank (RFC 3676); a `\` at the end is a shell's or an editor's. */
const softEnd = /(?:\S [ ]?|\\|\u21a9|\u21b5|\u23ce)$/
/** What was set at the end of a line that goes on. */
const endMark = /(?<!\s)\s*(?:\\|\u21a9|\u21b5|\u23ce)\s*$/

/** How the lines of a text were broken: the column, and whether words were cut in the middle. */
interface Wrapping {
  readonly column: number
  readonly inWords: boolean
  /** What was set at each cut that is none of the text's: the blank of a flowed mail, a backslash; else empty. */
  readonly mark: string
  /** A word longer than a line is left whole. */
  readonly long?: 'kept'
}

interface Open {
  text: string
  readonly from: number
  to: number
  /** What stood at one of its breaks is a guess. */
  readonly guessed: boolean
  /** The last physical line as it stands. */
  last: TextLine
}

/** Puts the lines of kernel reports together again that mails, pages, terminals and people broke. */
export function joinedWraps(given: readonly TextLine[], givenRaw: readonly TextLine[]): TextLine[] {
  const starts = lineStartsOf(given.map(({ text }) => text))
  const { lines, raw } = withoutIndents(given, givenRaw, starts)
  const wrapping = wrappingOf(lines, raw, starts)
  const whole: TextLine[] = []
  let open: Open | null = null
  const close = (): void => {
    if (open !== null)
      whole.push({ ...open.last, text: open.text, from: open.from, to: open.to, ...(open.guessed ? { guessed: true } : {}) })
    open = null
  }
  const isOfFields = lines.some(({ text }) => journalField.test(text))
  const gapless = gaplessIn(lines, raw, wrapping)
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as TextLine
    const message = isOfFields ? null : wholeMessageAt(lines, at, starts, gapless)
    if (message !== null) {
      close()
      whole.push({ ...line, text: message.text, to: (lines[message.to - 1] as TextLine).to, ...(message.guessed ? { guessed: true } : {}) })
      at = message.to - 1
      continue
    }
    const now: Open | null = open === null ? null : goesOn(open, line, raw[at] as TextLine, starts, wrapping)
    if (now !== null) open = now
    else {
      close()
      open = { text: line.text, from: line.from, to: line.to, guessed: false, last: raw[at] as TextLine }
    }
  }
  close()
  return wrapping !== null || whole.some((line) => line.guessed === true) ? withRests(whole, starts) : whole
}

/** Lines that go on with the one before and could not be put to it, in a text that was broken. */
function withRests(whole: readonly TextLine[], starts: LineStarts): TextLine[] {
  const rests = new Set(restsOf(whole, starts))
  return whole.map((line, at) => (rests.has(at) ? { ...line, guessed: true } : line))
}

/** A journal's entries by field (`-o export`, `-o verbose`) are not wrapped: a break in a message of theirs is the message's own, in a command's name. */
const journalField = /^\s*(?:__CURSOR|__REALTIME_TIMESTAMP|_BOOT_ID|_TRANSPORT|SYSLOG_FACILITY)=/

/** Commands' names may hold a blank: told by how the text was broken, else by the same name elsewhere, else by what is left of the blank. */
function gaplessIn(lines: readonly TextLine[], raw: readonly TextLine[], wrapping: Wrapping | null): Gapless {
  const all = lines.map(({ text }) => text).join('\n')
  return (message, piece, next) => {
    const before = raw[next - 1]?.text ?? ''
    if (wrapping?.inWords === true && before.length === wrapping.column)
      return { gapless: !/\s$/.test(unmarked(before, wrapping)) && !/^\s/.test(lines[next]?.text ?? ''), sure: true }
    const name = /(?:\(|,task=)(?<name>[^(=]{0,32})$/.exec(message)?.groups?.['name'] ?? ''
    const rest = /^[^),\s]*/.exec(piece)?.[0] ?? ''
    if (rest === '') return { gapless: true, sure: true }
    const [tight, loose] = [all.includes(name + rest), all.includes(`${name} ${rest}`)]
    if (tight !== loose) return { gapless: tight, sure: true }
    return { gapless: wrapping === null || wrapping.inWords ? !/\s$/.test(before) : false, sure: false }
  }
}

/** What stands behind a task's name and taint is the kernel's release: no answer is made of it. */
const harmless = /\bComm: .{1,32} (?:Not tainted|Tainted:) /

/** The open line with this one behind it, or `null` when it does not belong to it. */
function goesOn(open: Open, line: TextLine, raw: TextLine, starts: LineStarts, wrapping: Wrapping | null): Open | null {
  const { text } = line
  const rest = text.trimStart()
  if (text.trim() === '' || /^\s*(?:```|~~~)/.test(text) || open.text.trim() === '' || raw.from - open.last.to > 0) return null
  const isCut = wrapping?.inWords === true && open.last.text.length === wrapping.column
  const isExplained = isCut || (wrapping?.inWords === false && isBroken(open.last.text, text, wrapping.column))
  const begun = open.text.replace(endMark, '')
  const joined = (own: string, between: string, before = begun.trimEnd(), sure = isExplained): Open => ({
    text: `${before}${between}${own}`,
    from: open.from,
    to: line.to,
    guessed: open.guessed || !(sure || harmless.test(before)),
    last: raw,
  })
  if (isRow(text)) return null
  // Who draws arrows breaks at blanks, unless all lines were cut at one column.
  if (arrow.test(text))
    return isCut ? joined(text.replace(cutArrow, ''), '', open.text) : joined(text.replace(arrow, ''), ' ', undefined, true)
  const front = starts.frontEnd(begun)
  const isAlone = front > 0 && /^(?:kernel:)?\s*(?:\[<[0-9a-f]{8,16}>\]\s*)?\??$/.test(begun.slice(front).trim())
  const isSoft = front > 0 && front + 1 < begun.length && softEnd.test(open.last.text)
  const mayGoOn = isAlone || isSoft || isReportLine(begun) || isTail(begun, text) || (front > 0 && wrapping !== null)
  if (!mayGoOn) return null
  if (starts.frontEnd(text) > 0 || (isComplete(begun) && !isCut)) return null
  if (isAlone) return isReportLine(text) || starts.isOwnLine(text) ? joined(rest, ' ', undefined, true) : null
  // A terminal cuts anywhere, and nothing is lost at the cut.
  if (isCut) return joined(text, '', unmarked(open.text, wrapping))
  if (isTail(begun, text)) return joined(rest, gapBefore(begun, rest))
  if (starts.isOwnLine(text) && !isDangling(begun)) return null
  if (front > 0 && openPath.test(begun.trimEnd()) && pathTail.test(rest)) return joined(rest, '')
  if (begun !== open.text) return joined(rest, ' ')
  if (isSoft || softEnd.test(open.last.text)) return joined(rest, gapBefore(begun, rest))
  return wrapping !== null && !wrapping.inWords && isBroken(open.last.text, text, wrapping.column)
    ? joined(rest, wrapping.long !== 'kept' && isCutWord(open.last.text, text, wrapping.column) ? '' : gapBefore(begun, rest))
    : null
}

const unmarked = (text: string, { mark }: Wrapping): string => (mark !== '' && text.endsWith(mark) ? text.slice(0, -mark.length) : text)

/** A word longer than a line fills its line and goes on in the next: nothing stood at the cut. */
const isCutWord = (before: string, text: string, column: number): boolean =>
  before.length >= column && lastWord(before) + firstWord(text) > column

/** Length of the last word of a line; 0 where it ends in a blank. */
const lastWord = (line: string): number => line.length - 1 - Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'))

/** Columns: a row of a table (`2m   Warning   SystemOOM   node/n1 …`) is no rest of a sentence. */
const isRow = (text: string): boolean => /^\s*\S+(?: {2,}|\t+)\S+(?: {2,}|\t+)[A-Z]\w+(?: {2,}|\t+)\S/.test(text)

/** What stood between two halves: a blank, or nothing in a path or a figure that was cut. An `oom-kill:` line has no blanks before the command. */
function gapBefore(text: string, rest: string): string {
  const before = text.trimEnd()
  const inSummary = /oom-kill: ?constraint=/.test(before) && !/,\s?task=/.test(before)
  const inPath = openPath.test(before) && !/^(?:killed\b|are\b|as a\b)/.test(rest)
  const inFigure = /[a-z]:\d+$/.test(before) && /^\d*[kK]B\b/.test(rest)
  return inSummary || inPath || inFigure ? '' : ' '
}

/** A path that may not be whole yet; behind it comes `killed as a result of limit of`, a colon, or nothing. */
const openPath = /(?:\b(?:Tasks? in|limit of|Memory cgroup stats for) \/[^\s:]{0,4000})$/

const pathTail = /^[\w.@\\:/-]{1,400}(?::|$|\s+(?:killed|are|as)\b)/

/** Why a line was broken here: the next word did not fit. */
const isBroken = (before: string, text: string, column: number): boolean =>
  Math.max(before.length, before.trimEnd().length + 1) + firstWord(text) > column

const firstWord = (text: string): number => /^\s*(?<word>\S*)/.exec(text)?.groups?.['word']?.length ?? 0

/** The lines that go on with the one before: lines of reports that no other line of a report follows, by their place. */
function restsOf(lines: readonly TextLine[], starts: LineStarts): number[] {
  const rests: number[] = []
  let isRest = false
  for (const [at, { text }] of lines.entries()) {
    const before = lines[at - 1]?.text ?? ''
    const mayGoOn: boolean = before.trim() !== '' && !isComplete(before) && (isRest || isReportLine(before))
    isRest = mayGoOn && text.trim() !== '' && starts.frontEnd(text) === 0 && !starts.isOwnLine(text)
    if (isRest) rests.push(at)
  }
  return rests
}

interface Texts {
  readonly lines: readonly TextLine[]
  readonly raw: readonly TextLine[]
}

/** Fewer breaks may all stand before a blank of the text's own. */
const SURE = 3
/** A record's own lines are indented to its text, behind stamp and host. */
const DEEPEST = 9

/**
 * Editors and viewers indent what goes on in the next line: where all such lines begin with the same blanks, those are no part of the text. Where the blanks came
 * on top of the column, the lines are as wide as the others without them.
 */
function withoutIndents(lines: readonly TextLine[], raw: readonly TextLine[], starts: LineStarts): Texts {
  const rests = restsOf(lines, starts)
  const blanks = rests.map((at) => /^[ \t]*/.exec(lines[at]?.text ?? '')?.[0] ?? '')
  const indent = blanks.reduce((common, own) => (own.startsWith(common) ? common : common.startsWith(own) ? own : ''), blanks[0] ?? '')
  if (indent === '' || indent.length > DEEPEST) return { lines, raw }
  if (rests.length < SURE && !rests.some((at) => splitsWord(lines[at - 1]?.text ?? '', lines[at]?.text ?? ''))) return { lines, raw }
  const isIndented = (at: number): boolean => {
    const text = lines[at]?.text ?? ''
    return at > 0 && text.startsWith(indent) && starts.frontEnd(text) === 0 && !starts.isOwnLine(text)
  }
  const freed = (own: readonly TextLine[]): TextLine[] =>
    own.map((line, at) => (isIndented(at) && line.text.startsWith(indent) ? { ...line, text: line.text.slice(indent.length) } : line))
  const without = freed(raw)
  return { lines: freed(lines), raw: alike(rests, without) > alike(rests, raw) ? without : raw }
}

/** How many of the broken lines are as wide as the widest of them. */
function alike(rests: readonly number[], raw: readonly TextLine[]): number {
  const widths = rests.map((at) => raw[at - 1]?.text.length ?? 0)
  const widest = Math.max(...widths)
  return widths.filter((width) => width === widest).length
}

/** No blank can have stood here: in the fields before a command's name, in a path, in a number. */
const splitsWord = (before: string, text: string): boolean =>
  (/oom-kill: ?constraint=/.test(before) && !/,\s?task=/.test(before)) ||
  openPath.test(before) ||
  (/\d$/.test(before) && /^\s+\d+ ?[kK]B/.test(text))

/** Told by the lines of reports that no other line of a report follows: two of them at least agree on a column, or were cut at the same one. */
function wrappingOf(lines: readonly TextLine[], raw: readonly TextLine[], starts: LineStarts): Wrapping | null {
  const known = wrappingBy(restsOf(lines, starts), lines, raw)
  if (known !== null) return known
  const hanging = hangingOf(lines, starts)
  const found = wrappingBy(hanging, lines, raw)
  if (found === null) return null
  if (!found.inWords) return { ...found, long: 'kept' }
  // Lines of one program begin alike, and are as long where they were broken at the same blank.
  const ends = new Set(hanging.map((at) => (raw[at - 1]?.text ?? '').slice(-ALIKE).replace(/\d/g, '0')))
  // a quotation may have been set before the lines since
  const isUsual = USUAL.has(found.column) || hanging.some((at) => USUAL.has(lines[at - 1]?.text.length ?? 0))
  const isCut = (ends.size > 1 || isUsual) && raw.every(({ text }) => text.length <= found.column)
  return isCut ? found : { column: found.column, inWords: false, mark: '', long: 'kept' }
}

const ALIKE = 12
/** Columns at which mail programs and terminals break. */
const USUAL: ReadonlySet<number> = new Set([64, 70, 72, 76, 77, 78, 79, 80, 100, 120, 132, 160])

/** Lines without a front behind one that has one, and those behind them: of a log of whomever. */
function hangingOf(lines: readonly TextLine[], starts: LineStarts): number[] {
  let isOpen = false
  return lines.flatMap(({ text }, at) => {
    const isFronted = starts.frontEnd(text) > 0
    const hangs = isOpen && !isFronted && text.trim() !== ''
    isOpen = isFronted || hangs
    return hangs ? [at] : []
  })
}

function wrappingBy(rests: readonly number[], lines: readonly TextLine[], raw: readonly TextLine[]): Wrapping | null {
  const broken = rests.map((at) => ({ before: raw[at - 1]?.text ?? '', text: lines[at]?.text ?? '' }))
  // One line behind another is no sign of a column.
  if (broken.length < 2) return null
  const longest = Math.max(...broken.map(({ before }) => before.length))
  // Two breaks may be as long by chance; then they stand before words that such messages have.
  const isChance = broken.length === 2 && broken.every(({ text }) => beginsTail(text))
  const cut = broken.filter(({ before }) => before.length === longest)
  // Cut at one column, each cut with the blank of a flowed mail: where words were broken as they came, it ends the rest of none at the same place.
  if (!isChance && longest <= 400 && cut.length >= broken.length * 0.8)
    return { column: longest, inWords: true, mark: marks.find((mark) => cut.every(({ before }) => before.endsWith(mark))) ?? '' }
  const column = Math.max(
    ...broken
      .filter(({ before }) => /\S\s+\S/.test(before.slice(Math.max(0, before.length - 40))))
      .map(({ before }) => before.trimEnd().length),
    0,
  )
  const agree = broken.filter((pair) => isBroken(pair.before, pair.text, column))
  return column >= 30 && column <= 240 && agree.length >= broken.length * 0.7 ? { column, inWords: false, mark: '' } : null
}

const marks: readonly string[] = [' ', '\\', '\u21a9', '\u21b5', '\u23ce']
