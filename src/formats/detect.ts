import { mend } from './damage/mended.ts'
import type { LineFormat } from './define-format.ts'
import { turned } from './reversed.ts'

/** Formats that are known by single lines: what stands at the very start is asked first, for files are concatenated. */
const starts = [4, 16]

export function detectIn(formats: readonly LineFormat[], plain: LineFormat, head: readonly string[]): LineFormat {
  const format = mend(head, (lines) => claimant(formats, plain, lines))
  return turned(format, head)
}

/**
 * Strong claims go before weak ones, earlier formats before later ones; and what the first lines say strongly before what the rest says.
 */
function claimant(formats: readonly LineFormat[], plain: LineFormat, head: readonly string[]): { format: LineFormat; strong: boolean } {
  const whole = asked(formats, head)
  for (const count of starts) {
    if (head.length <= count) break
    const top = head.slice(0, count)
    // A start that the format of the whole claims too is no other file.
    if (whole.strong !== null && whole.strong.sniff(top) !== 'none') continue
    const start = asked(formats, top)
    if (start.strong?.framing === 'lines') return { format: start.strong, strong: true }
  }
  const format = whole.strong ?? whole.weak ?? plain
  return { format, strong: whole.strong !== null }
}

function asked(formats: readonly LineFormat[], head: readonly string[]): { strong: LineFormat | null; weak: LineFormat | null } {
  let weak: LineFormat | null = null
  for (const format of formats) {
    const verdict = format.sniff(head)
    if (verdict === 'strong') return { strong: format, weak }
    if (verdict === 'weak') weak ??= format
  }
  return { strong: null, weak }
}
