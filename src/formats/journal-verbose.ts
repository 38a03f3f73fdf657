import type { LogRecord } from '../model/record.ts'
import { SPACE } from '../units/characters.ts'
import { readFullStamp } from '../units/stamp.ts'
import type { FormatContext, Line, LineDecoder, LineFormat } from './define-format.ts'
import { journalRecord } from './journal-record.ts'
import { indentOf, isFiller } from './prefixed.ts'

const cursorShape =
  / \[(?<cursor>s=[0-9a-f]+;i=[0-9a-f]+;b=(?<boot>[0-9a-f]+);m=(?<monotonic>[0-9a-f]+);t=(?<realtime>[0-9a-f]+);x=[0-9a-f]+)\]$/
const fieldShape = /^ {4}(?<name>[A-Z_][A-Z0-9_]{0,63})=(?<value>.*)$/s

/** `Tue 2026-11-24 02:54:33.592495 EST [s=…;i=…;b=…;m=…;t=…;x=…]`; older versions print a local stamp of another form before the cursor. */
function beginsEntry(text: string): boolean {
  return text.charCodeAt(0) !== SPACE && text.endsWith(']') && cursorShape.test(text)
}

interface Open {
  readonly lines: Line[]
  readonly values: Record<string, string>
  /** Field that indented lines go on with, and the column of its text. */
  field: string
  column: number
  /** Physical lines from the entry's first to the line where MESSAGE begins. */
  messageAt: number
}

export const journalVerbose: LineFormat = {
  id: 'journal-verbose',
  title: 'journal with all fields',
  writtenBy: 'journalctl -o verbose',
  seen: 'real',
  framing: 'all',
  sniff(head) {
    if (head.some(beginsEntry)) return 'strong'
    return head.filter((text) => fieldShape.test(text)).length >= 6 &&
      head.some((text) => /^ {4}(?:_BOOT_ID|_TRANSPORT|MESSAGE)=/.test(text))
      ? 'strong'
      : 'none'
  },
  decoder: verboseDecoder,
}

function verboseDecoder(context: FormatContext): LineDecoder {
  let open: Open | null = null
  const release: LineDecoder['flush'] = (emit) => {
    if (open !== null && 'MESSAGE' in open.values) emit(placedAtMessage(context, open))
    open = null
  }
  return {
    push(line, emit) {
      const { text } = line
      const cursor = cursorShape.exec(text)?.groups
      if (cursor !== undefined && text.charCodeAt(0) !== SPACE) {
        release(emit)
        open = { lines: [line], values: stampFields(text, cursor), field: '', column: 0, messageAt: 0 }
        return true
      }
      const field = fieldShape.exec(text)?.groups
      if (field !== undefined) {
        open ??= { lines: [], values: {}, field: '', column: 0, messageAt: 0 }
        open.field = field['name'] as string
        open.column = 4 + open.field.length + 1
        if (open.field === 'MESSAGE') open.messageAt = open.lines.length
        open.values[open.field] = field['value'] as string
        open.lines.push(line)
        return true
      }
      if (open !== null && open.field !== '' && indentOf(text) >= Math.min(open.column, text.length) && text !== '') {
        open.values[open.field] += `\n${text.slice(open.column)}`
        open.lines.push(line)
        return true
      }
      release(emit)
      return isFiller(text)
    },
    flush: release,
  }
}

/** The cursor holds both clocks in hexadecimal microseconds. */
function stampFields(text: string, cursor: Record<string, string | undefined>): Record<string, string> {
  const realtime = Number.parseInt(cursor['realtime'] as string, 16)
  const printed = readFullStamp(text, 0, 'received')?.stamp.epochUs
  return {
    __CURSOR: cursor['cursor'] as string,
    __REALTIME_TIMESTAMP: String(printed ?? realtime),
    __MONOTONIC_TIMESTAMP: String(Number.parseInt(cursor['monotonic'] as string, 16)),
    _BOOT_ID: (cursor['boot'] as string).padStart(32, '0'),
  }
}

/** The record stands where its message stands, so that line k of the message is the physical line that holds it. */
function placedAtMessage(context: FormatContext, { lines, values, messageAt }: Open): LogRecord {
  const count = (values['MESSAGE'] as string).split('\n').length
  const own = lines.slice(messageAt, messageAt + count)
  const raw = own.map((line) => line.text).join('\n')
  return journalRecord(context, own[0] as Line, raw, own.length, values)
}
