import { hasForeignCharacters, plainCharacters } from './characters.ts'
import { hasMarkup, withoutMarkup } from './markup.ts'
import { hasMime, withoutMime } from './mime.ts'
import { isQuotedPrintable, withoutQuotedPrintable } from './quoted-printable.ts'
import { physicalLines, type TextLine } from './text-line.ts'
import { joinedWraps } from './wraps.ts'

export type { TextLine } from './text-line.ts'

/**
 * Undoes what mail programs, web pages, chats, terminals and people did to a text, outermost first. `null`: it is as it was written. Lines tell where
 * they stood, so that evidence can be quoted as it stands.
 */
export function mendedText(text: string): readonly TextLine[] | null {
  const physical = physicalLines(text)
  let lines: readonly TextLine[] = physical
  if (hasMime(text)) lines = withoutMime(lines)
  else if (isQuotedPrintable(text)) lines = withoutQuotedPrintable(lines)
  if (hasMarkup(text)) lines = withoutMarkup(lines)
  if (hasForeignCharacters(text)) lines = lines.map((line) => ({ ...line, text: plainCharacters(line.text) }))
  const raw = lines
  lines = lines.map((line) => (quoted.test(line.text) ? { ...line, text: line.text.replace(quoted, '') } : line))
  lines = joinedWraps(lines, raw)
  return lines.length === physical.length && lines.every((line, at) => line.text === physical[at]?.text) ? null : lines
}

/** Answers in mail and tickets, several deep. nohang draws an arrow with these signs: `>>=== STARTING`. */
const quoted = /^(?:> ?)+(?![=>])/
