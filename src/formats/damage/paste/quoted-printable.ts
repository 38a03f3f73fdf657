import { decodeQuotedPrintable } from '../cleaners.ts'
import type { TextLine } from './text-line.ts'

/** RFC 2045 §6.7: `=3D` for `=`, and a `=` at the end of a line that goes on in the next one. */
export function withoutQuotedPrintable(lines: readonly TextLine[]): TextLine[] {
  const whole: TextLine[] = []
  let open: TextLine | null = null
  for (const line of lines) {
    const text = line.text.trimEnd()
    const isSoft = text.endsWith('=')
    const own = isSoft ? text.slice(0, -1) : line.text
    const now: TextLine = open === null ? { ...line, text: own } : { ...open, text: open.text + continued(open.text, own), to: line.to }
    open = isSoft ? now : null
    if (!isSoft) whole.push(now)
  }
  if (open !== null) whole.push(open)
  return whole.map((line) => (line.text.includes('=') ? { ...line, text: decodeQuotedPrintable(line.text) } : line))
}

/** An answer to an encoded mail quotes line by line: the marks before a continuation are not of the text. */
function continued(before: string, text: string): string {
  const marks = /^(?:> ?)+/.exec(before)?.[0]
  return marks !== undefined && text.startsWith(marks) ? text.slice(marks.length) : text
}

/** Keys of kernel and mail whose `=` is encoded: chance has none of them before a `=3D`. */
const encodedSign =
  /(?:gfp_mask|order|oom_score_adj|oom_adj|constraint|nodemask|cpuset|mems_allowed|memcg|task|pid|uid|charset|boundary|format)=3D/

/** Lines as long as a mail's can be, and those of them that end in the sign of a soft break. */
const longLine = /^.{57,}$/gm
const softBreak = /^.{56,78}[^=]=\r?$/gm

/** A body that was copied without its head. */
export function isQuotedPrintable(text: string): boolean {
  if (encodedSign.test(text)) return true
  const breaks = text.match(softBreak)?.length ?? 0
  return breaks >= 2 && breaks >= (text.match(longLine)?.length ?? 0) * 0.5
}
