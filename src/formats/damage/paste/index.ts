import { hasForeignCharacters, plainCharacters } from './characters.ts'
import { hasEscapes, withoutEscapes } from './escapes.ts'
import { hasFences, withoutFences } from './fences.ts'
import { hasFrames, withoutFrames } from './frames.ts'
import { withoutGrepFronts } from './grep-fronts.ts'
import { textsOfJson } from './json-texts.ts'
import { hasLineMarks, hasQuotations, withoutLineMarks, withoutQuotations } from './line-marks.ts'
import { hasLostBreaks, withoutLostBreaks } from './lost-breaks.ts'
import { hasMarkup, withoutMarkup } from './markup.ts'
import { hasMime, withoutMime } from './mime.ts'
import { isQuotedPrintable, withoutQuotedPrintable } from './quoted-printable.ts'
import { hasRichText, withoutRichText } from './rich-text.ts'
import { physicalLines, type TextLine } from './text-line.ts'
import { hasTransport, withoutTransport } from './transport.ts'
import { joinedWraps } from './wraps.ts'

export { physicalLines, type TextLine } from './text-line.ts'

/**
 * Undoes what mail programs, web pages, chats, terminals and people did to a text, outermost first. `null`: it is as it was written. Lines tell where
 * they stood, so that evidence can be quoted as it stands.
 */
export async function mendedText(text: string, documents: Rejoin = () => null): Promise<readonly TextLine[] | null> {
  const physical = physicalLines(text)
  let lines: readonly TextLine[] = isOfReturns(text)
    ? physical.flatMap((line) => line.text.split('\r').map((own) => ({ ...line, text: own })))
    : physical
  if (hasFrames(text)) lines = withoutFrames(lines)
  lines = withoutGrepFronts(lines)
  if (hasMime(text)) lines = withoutMime(lines)
  else if (isQuotedPrintable(text)) lines = withoutQuotedPrintable(lines)
  if (hasTransport(text)) lines = await withoutTransport(lines)
  if (hasRichText(text)) lines = withoutRichText(lines)
  if (hasMarkup(text)) lines = withoutMarkup(lines)
  if (hasFences(text)) lines = withoutFences(lines)
  if (hasEscapes(text)) lines = withoutEscapes(lines)
  if (hasQuotations(text)) lines = withoutQuotations(lines)
  if (hasForeignCharacters(text)) lines = lines.map((line) => ({ ...line, text: plainCharacters(line.text) }))
  if (hasLostBreaks(text)) lines = withoutLostBreaks(lines)
  const raw = lines
  if (isBarred(lines)) lines = lines.map((line) => ({ ...line, text: line.text.replace(/^\s*\|[ \t]?/, '') }))
  lines = lines.map((line) => (quoted.test(line.text) ? { ...line, text: line.text.replace(quoted, '') } : line))
  if (hasLineMarks(text)) lines = withoutLineMarks(lines)
  const whole = documents(lines.map((line) => line.text))
  lines = joinedWraps(whole === null ? lines : joinedBy(whole, lines), whole === null ? raw : joinedBy(whole, raw))
  return lines.length === physical.length && lines.every((line, at) => line.text === physical[at]?.text) ? null : lines
}

/** Lines of documents that were broken, put together: `null` for those that are part of the line before; `null` for all: none was. */
export type Rejoin = (lines: readonly string[]) => readonly (string | null)[] | null

function joinedBy(whole: readonly (string | null)[], lines: readonly TextLine[]): TextLine[] {
  const out: TextLine[] = []
  for (const [at, line] of lines.entries()) {
    const text = whole[at] ?? null
    const above = out.at(-1)
    if (text !== null || above === undefined) out.push({ ...line, text: text ?? line.text })
    else out[out.length - 1] = { ...above, to: line.to }
  }
  return out
}

/** Lines that end as those of an old Macintosh, and of a field of some databases. */
const isOfReturns = (text: string): boolean => /\r[^\n]/.test(text) && !/\n[^\n]/.test(text)

/** Answers in mail and tickets, several deep. nohang draws an arrow with these signs: `>>=== STARTING`. */
const quoted = /^(?:> ?)+(?![=>])/

/** Forums and some mail programs quote with a bar; a row of a table ends with one, too. */
function isBarred(lines: readonly TextLine[]): boolean {
  const filled = lines.filter(({ text }) => text.trim() !== '')
  const barred = filled.filter(({ text }) => /^\s*\|(?:[ \t]|$)/.test(text) && !/\S[ \t]*\|\s*$/.test(text))
  return barred.length >= 3 && barred.length >= filled.length * 0.8
}

/** The same of the texts that stand as strings in JSON; see `textsOfJson`. */
export async function mendedJson(text: string): Promise<readonly TextLine[] | null> {
  const own = textsOfJson(text)
  const inner = own === null ? null : await mendedText(own.map((line) => line.text).join('\n'))
  if (own === null || inner === null) return own
  const at = (index: number): TextLine => own[Math.min(index, own.length - 1)] as TextLine
  return inner.map((line) => ({
    text: line.text,
    from: at(line.from).from,
    to: at(line.to - 1).to,
    encoded: line.encoded === true || at(line.from).encoded === true,
  }))
}
