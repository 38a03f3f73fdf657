import type { LogRecord } from '../model/record.ts'
import type { FormatContext, LineFormat } from './define-format.ts'
import { type EntryReader, jsonEntriesDecoder } from './json-entries.ts'
import { priorityOf, recordOf } from './record.ts'
import { syslogLevel } from './syslog-line.ts'
import { unwrap } from './unwrap.ts'

/** `{"dmesg": [ {"pri": 4, "time": 271.751846, "msg": "…"}, …]}`; with -x `"fac": "kern", "pri": "warn"`. util-linux 2.39 and later. */
export const dmesgJson: LineFormat = {
  id: 'dmesg-json',
  title: 'kernel messages as JSON',
  writtenBy: 'dmesg -J',
  seen: 'real',
  framing: 'all',
  sniff: (head) =>
    head.slice(0, 4).some((text) => /^(?:\{\s*)?"dmesg" ?: ?\[/.test(text.trimStart())) || looksInside(head) ? 'strong' : 'none',
  decoder: (context) => jsonEntriesDecoder(context, reader(context)),
}

/** The head was cut off. */
function looksInside(head: readonly string[]): boolean {
  const has = (key: RegExp): boolean => head.filter((text) => key.test(text)).length >= 3
  return has(/^ {9}"pri": /) && has(/^ {9}"time": /) && has(/^ {9}"msg": /)
}

function reader(context: FormatContext): EntryReader {
  return (value, _entry, at) => {
    const { pri, fac, time, msg, caller } = value as Record<string, unknown>
    if (typeof msg !== 'string') return []
    const { line, raw } = at(msg)
    const told = typeof pri === 'number' ? priorityOf(pri) : { writer: writerOf(fac), severity: syslogLevel(String(pri)) }
    const uptimeUs = typeof time === 'number' ? Math.round(time * 1_000_000) : null
    const head = { width: 0, uptimeUs, caller: typeof caller === 'string' ? caller.trim() : null, ...told }
    return [unwrap(recordOf(context, line, head, msg, raw, 1))]
  }
}

function writerOf(facility: unknown): LogRecord['writer'] {
  return facility === 'kern' ? 'kernel' : typeof facility === 'string' ? 'userspace' : 'unknown'
}
