import type { LogRecord } from '../model/record.ts'
import { everyByte, unescapeHex } from '../text/escapes.ts'
import { SPACE } from '../units/characters.ts'
import type { FormatContext, Line, LineDecoder, LineFormat } from './define-format.ts'
import { priorityOf, recordOf } from './record.ts'
import { judge } from './sniffing.ts'
import { unwrap } from './unwrap.ts'

// `PRIO,SEQ,USEC,FLAGS[,key=value…];TEXT` (Documentation/ABI/testing/dev-kmsg); netconsole extended may put the release in front: `6.4.0,6,444,…`.
const shape =
  /^(?:(?<release>\d+\.\d+[^,;\s]{0,40}),)?(?<priority>\d{1,3}),(?<sequence>\d{1,20}),(?<micros>\d{1,16})(?:,(?<flags>[-c+]))?(?<more>(?:,[^,;]{1,80}){0,8});(?<text>.*)$/s
const dictionaryShape = /^ (?<key>[A-Z][A-Z0-9_]{0,60})=(?<value>.*)$/s

interface Open {
  record: LogRecord
  readonly raw: string[]
  message: string
  readonly fields: Record<string, string>
  /** Flag `c`: the first part of a line that may go on. */
  readonly goesOn: boolean
  readonly sequence: string
  /** netconsole cuts long records: bytes had and wanted. */
  readonly fragment: { readonly total: number } | null
}

/** Fields beside the four: `caller=T123` (CONFIG_PRINTK_CALLER), `ncfrag=0/1200` (netconsole). */
function extras(more: string): Readonly<Record<string, string>> {
  const pairs = more.split(',').filter((part) => part.includes('='))
  return Object.fromEntries(pairs.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]))
}

export const kmsg: LineFormat = {
  id: 'kmsg',
  title: 'raw kernel records',
  writtenBy: '/dev/kmsg, extended netconsole',
  seen: 'real',
  framing: 'lines',
  sniff: (head) =>
    judge(
      head.filter((text) => !dictionaryShape.test(text)),
      (text) => shape.test(text),
    ),
  decoder: kmsgDecoder,
}

function kmsgDecoder(context: FormatContext): LineDecoder {
  let open: Open | null = null
  const release: LineDecoder['flush'] = (emit) => {
    if (open === null) return
    const { record, raw, message, fields } = open
    open = null
    const text = unescapeHex(message, everyByte)
    emit(unwrap({ ...record, message: text, raw: raw.join('\n'), lineCount: raw.length, fields }))
  }
  return {
    push(line, emit) {
      const { text } = line
      const entry = text.charCodeAt(0) === SPACE ? dictionaryShape.exec(text)?.groups : undefined
      if (entry !== undefined) {
        if (open === null) return true
        open.fields[entry['key'] as string] = unescapeHex(entry['value'] as string, everyByte)
        open.raw.push(text)
        return true
      }
      const g = shape.exec(text)?.groups
      if (g === undefined) {
        release(emit)
        return text === ''
      }
      if (continues(open, g)) {
        const held = open as Open
        held.message += g['text'] as string
        held.raw.push(text)
        return true
      }
      release(emit)
      open = opened(context, line, g)
      return true
    },
    flush: release,
  }
}

/** A later part: flag `+` (before 4.10), `c` after `c` with the next number (later), or another fragment of the same number. */
function continues(open: Open | null, g: Record<string, string | undefined>): boolean {
  if (open === null) return false
  if (open.fragment !== null && g['sequence'] === open.sequence) return true
  if (g['flags'] === '+') return true
  return g['flags'] === 'c' && open.goesOn && Number(g['sequence']) === Number(open.sequence) + open.raw.length
}

function opened(context: FormatContext, line: Line, g: Record<string, string | undefined>): Open {
  const more = extras(g['more'] ?? '')
  const head = { width: 0, uptimeUs: Number(g['micros']), caller: more['caller'] ?? null, ...priorityOf(Number(g['priority'])) }
  const total = more['ncfrag']?.split('/')[1]
  return {
    record: recordOf(context, line, head, '', line.text, 1),
    raw: [line.text],
    message: g['text'] as string,
    fields: { sequence: g['sequence'] as string, ...(g['release'] === undefined ? {} : { release: g['release'] }) },
    goesOn: g['flags'] === 'c',
    sequence: g['sequence'] as string,
    fragment: total === undefined ? null : { total: Number(total) },
  }
}
