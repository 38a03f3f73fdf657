import type { LineFormat } from '../define-format.ts'

/** Puts lines together that a terminal or a mail program broke. */
export interface LineJoiner {
  readonly id: string
  /** Whether `text` goes on with the line before. */
  continues(before: string, text: string): boolean
  joined(before: string, text: string): string
}

/**
 * Finds how lines were broken. Terminals cut at a fixed column: the line before is exactly as wide as every other cut one. Mail programs break at the last blank
 * before a column: the next word would not have fitted. Either must show twice or more, and the rest must have no front.
 */
export function joinerFor(head: readonly string[], format: LineFormat, softBreaks: boolean): LineJoiner | null {
  if (softBreaks) return softJoiner
  if (format.id === 'plain' || format.id === 'learned' || format.framing === 'all') return null
  const isFormats = (text: string): boolean => format.sniff([text]) !== 'none'
  // A format may know a few of a text's lines only: those with the same stamp before them are lines of their own, too.
  const stamps = new Set(head.filter(isFormats).flatMap((text) => stampForm(text) ?? []))
  const begins = (text: string): boolean => isFormats(text) || stamps.has(stampForm(text) ?? '')
  /** Each stands below a line with a front or another rest: rows below the heading of a table do not. */
  const rest = (shape: RegExp): { before: string; text: string }[] => {
    let isRest = false
    return head.flatMap((text, index) => {
      const before = head[index - 1] ?? ''
      isRest = index > 0 && before.length >= 50 && shape.test(text) && !begins(text) && (isRest || begins(before))
      return isRest ? [{ before, text }] : []
    })
  }
  const flush = rest(/^(?!\s{2})\s?\S/)
  // Lines of a record that is indented behind its stamp look the same: they are believed where all lines before them are as wide.
  const broken = flush.length >= 2 ? flush : rest(/^\s{2,8}\S/)
  if (broken.length < 2) return null
  const width = Math.max(...head.map((text) => text.length))
  const cut = broken.filter(({ before }) => before.length === width)
  if (width <= 260 && cut.length >= 2 && cut.length >= broken.length * 0.8)
    return terminalJoiner(width, begins, commonIndent(broken.map(({ text }) => text)))
  if (broken !== flush) return null
  for (let column = 60; column <= 100; column += 1) {
    const wrapped = broken.filter(
      ({ before, text }) => fits(before, column) && before.length + 1 + (text.split(' ', 1)[0] as string).length > column,
    )
    if (wrapped.length >= 2 && wrapped.length >= broken.length * 0.8) return mailJoiner(column, begins)
  }
  return null
}

/** The first word with each digit as `0`, where it has so many that no rest begins alike by chance. */
function stampForm(text: string): string | null {
  const word = /^\S{1,64}(?=\s)/.exec(text)?.[0].replace(/\d/g, '0') ?? ''
  return word.split('0').length > STAMP_DIGITS ? word : null
}
const STAMP_DIGITS = 8

/** Why a mail program broke here: the next word. Blanks in front of it came over with it. */
function wouldNotFit(before: string, text: string, column: number): boolean {
  const word = /^\s*\S*/.exec(text)?.[0].length ?? 0
  return before.length + 1 + word > column
}

/** A line that a mail program left: no wider than the column, unless one word alone is. */
const fits = (text: string, column: number): boolean => text.length <= column || !text.slice(column - 1).includes(' ')

/** A `=` at the end of a quoted-printable line; it is undone before the other escapes are, so what is left of it is the bare sign. */
const softJoiner: LineJoiner = {
  id: 'soft',
  continues: (before) => before.endsWith('='),
  joined: (before, text) => before.slice(0, -1) + text,
}

/** Blanks that an editor or viewer put before all that goes on: none where one line has fewer. */
function commonIndent(texts: readonly string[]): string {
  const blanks = texts.map((text) => /^[ \t]*/.exec(text)?.[0] ?? '')
  const least = blanks.reduce((a, b) => (b.length < a.length ? b : a), blanks[0] ?? '')
  return texts.length >= 3 && blanks.every((own) => own.startsWith(least)) ? least : ''
}

function terminalJoiner(width: number, begins: (text: string) => boolean, indent: string): LineJoiner {
  const isFull = ({ length }: string): boolean => length >= width && (length - width) % (width - indent.length) === 0
  return {
    id: `terminal-${width}${indent}`,
    continues: (before, text) => isFull(before) && text.startsWith(indent) && text !== '' && (indent !== '' || !begins(text)),
    joined: (before, text) => before + text.slice(indent.length),
  }
}

function mailJoiner(width: number, begins: (text: string) => boolean): LineJoiner {
  return {
    id: `mail-${width}`,
    continues: (before, text) =>
      before !== '' && text !== '' && !begins(text) && (!/^\s{2}/.test(text) || wouldNotFit(before, text, width)),
    joined: (before, text) => `${before} ${text.startsWith(' ') && !text.startsWith('  ') ? text.slice(1) : text}`,
  }
}
