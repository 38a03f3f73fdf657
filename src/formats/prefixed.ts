import { unescapeHex, unescapeOctal, unprintableByte, utf8Length } from '../text/escapes.ts'
import { BRACKET_OPEN, EQUALS, MINUS, SPACE, UPPER_H } from '../units/characters.ts'
import { trimmed } from './damage/trimmed.ts'
import type { FormatContext, Line, LineDecoder } from './define-format.ts'
import { type Head, recordOf } from './record.ts'
import { unwrap } from './unwrap.ts'

/** What tells one wrapping of `prefix text` lines from another. */
export interface PrefixedOptions {
  /** Reads the front of a line; `null` when the line does not begin a record of this wrapping. */
  readonly read: (text: string) => Head | null
  /** `dmesg`: unprintable bytes as `\xNN`; `syslog`: rsyslog's `#012`. */
  readonly escapes: 'dmesg' | 'syslog' | 'none'
  /**
   * Record lines that follow without a front: `indented` to the text's column (dmesg, journalctl), `joined` whatever they are until the
   * next front (klog's values of several lines, see `joins`).
   */
  readonly joins?: (text: string, last: string) => boolean
  /** Lines that stand between records and say nothing: `-- Logs begin at …`. */
  readonly filler?: (text: string) => boolean
}

interface Held {
  readonly line: Line
  readonly head: Head
  /** The first line's own part of the text. */
  readonly text: string
  /** What stands before it. */
  readonly front: string
  /** The lines behind the first, as they stand and freed of what stands before the text; `null`: none, as nearly always. */
  more: { readonly raw: string[]; readonly text: string[] } | null
}

/** Lines of one record; the memcg statistics of the newest kernels have under 100. */
const recordLines = 2_000
/** The two printk records of many lines, as dmesg before util-linux 2.33 prints them: no indentation but the text's own. */
const looseContinuation = /^ ?[a-z_]{2,40}(?::-?\d+ |:-?\d+$| \d+$)/

/** Decoder of lines that each begin with a front and go on in indented lines. A record is held back until the next line shows its end. */
export function prefixedDecoder(context: FormatContext, options: PrefixedOptions): LineDecoder {
  let held: Held | null = null
  let lastWidth = 12
  const release = (emit: Parameters<LineDecoder['push']>[1]): void => {
    if (held === null) return
    const { line, head, text, more } = held
    held = null
    const whole = more === null ? text : `${text}\n${more.text.join('\n')}`
    const raw = more === null ? line.text : `${line.text}\n${more.raw.join('\n')}`
    emit(unwrap(recordOf(context, line, head, undo(whole, options.escapes), raw, 1 + (more?.raw.length ?? 0))))
  }
  return {
    push(line, emit) {
      const text = trimmed(line.text)
      const head = options.read(text)
      if (head !== null) {
        release(emit)
        lastWidth = head.width
        held = { line, head, text: text.slice(head.width), front: text.slice(0, head.width), more: null }
        return true
      }
      const indent = indentOf(text)
      if (held !== null && (held.more?.raw.length ?? 0) + 1 < recordLines) {
        const rest = continuation(held, text, indent, options)
        if (rest !== null) {
          held.more ??= { raw: [], text: [] }
          held.more.raw.push(line.text)
          held.more.text.push(rest)
          return true
        }
      }
      release(emit)
      if (text === '' || (options.filler ?? isFiller)(text)) return true
      // The start of this record was cut off, or lies before the place the reader jumped to.
      if (indent < 10 || indent > 120 || indent === text.length) return false
      emit(unwrap(recordOf(context, line, { width: 0 }, undo(text.slice(Math.min(indent, lastWidth)), options.escapes), line.text, 1)))
      return true
    },
    flush: release,
  }
}

/** The part of a line without a front that belongs to the held record, or `null`. */
function continuation(held: Held, text: string, indent: number, options: PrefixedOptions): string | null {
  const { width } = held.head
  if (options.joins?.(text, held.more?.text.at(-1) ?? held.text) === true) return text
  // Tools count bytes here; a foreign month name may be wider in bytes than in characters.
  if (width > 0 && indent >= width) return text.slice(Math.min(indent, utf8Length(held.front)))
  return looseContinuation.test(text) ? text : null
}

function undo(text: string, escapes: PrefixedOptions['escapes']): string {
  return escapes === 'dmesg' ? unescapeHex(text, unprintableByte) : escapes === 'syslog' ? unescapeOctal(text) : text
}

/** Number of blanks at the start. */
export function indentOf(text: string): number {
  let at = 0
  while (text.charCodeAt(at) === SPACE) at += 1
  return at
}

/** What `journalctl`, `tail`, `minikube logs` and people put between records. */
export function isFiller(text: string): boolean {
  const first = text.charCodeAt(0)
  if (first === MINUS) return /^-- (?:Logs begin|Journal begins|No entries|Boot [0-9a-f]{32}|Reboot|cursor:)/.test(text) || text === '--'
  if (first === EQUALS) return /^==> .{1,300} <==$/.test(text)
  if (first === BRACKET_OPEN) return false
  if (first === UPPER_H) return text.startsWith('Hint: You are currently not seeing messages')
  return text.trim() === ''
}
