import { withoutEnd } from '../../text/ends.ts'
import { BYTE_ORDER_MARK, RETURN } from '../../units/characters.ts'

/** Line ends and fillers that no wrapping holds: byte order mark, NUL runs of a crash, carriage returns around the line. */
export function trimmed(text: string): string {
  const last = text.charCodeAt(text.length - 1)
  const first = text.charCodeAt(0)
  if (first > 0x1f && first !== BYTE_ORDER_MARK && last !== RETURN && last !== 0) return text
  return withoutEnd(text.replace(/^(?:\ufeff|\0|\r)+/, ''), (code) => code === RETURN || code === 0)
}
