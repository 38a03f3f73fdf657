import type { LogRecord } from '../model/record.ts'
import type { FormatContext, LineDecoder, LineFormat } from './define-format.ts'
import { readUptimeHead } from './dmesg.ts'
import { readRawHead } from './dmesg-raw.ts'
import { prefixedDecoder } from './prefixed.ts'

// `Panic#1 Part1`, `Oops#1 Part3` (fs/pstore/platform.c, pstore_dump); ramoops writes `====1700000000.123456-D` above it
const partShape = /^(?<reason>[A-Z][A-Za-z ]{2,20})#(?<count>\d{1,6}) Part ?(?<part>\d{1,4})$/
const ramoopsShape = /^====\d+\.\d+-[A-Z]$/

interface Part {
  readonly dump: string
  readonly number: number
  readonly records: LogRecord[]
}

/** Parts held at most: a dump is as large as the kernel's buffer. */
const heldParts = 4_096

export const pstore: LineFormat = {
  id: 'pstore',
  title: 'kernel messages kept over a crash',
  writtenBy: '/sys/fs/pstore/dmesg-*, systemd-pstore, ramoops',
  seen: 'documented',
  framing: 'all',
  sniff: (head) =>
    head.some((text) => partShape.test(text)) ? 'strong' : head.some((text) => ramoopsShape.test(text)) ? 'strong' : 'none',
  decoder: pstoreDecoder,
}

/** Part 1 holds the newest lines: the parts of one dump go out from the highest number down. */
function pstoreDecoder(context: FormatContext): LineDecoder {
  let parts: Part[] = []
  const lines = prefixedDecoder(context, { read: (text) => readRawHead(text) ?? readUptimeHead(text), escapes: 'none' })
  const collect = (record: LogRecord): void => {
    if (parts.length === 0) parts.push({ dump: '', number: 1, records: [] })
    parts.at(-1)?.records.push(record)
  }
  const release: LineDecoder['flush'] = (emit) => {
    lines.flush(collect)
    const done = parts
    parts = []
    const dumps = [...new Set(done.map(({ dump }) => dump))]
    for (const dump of dumps) {
      const own = done.filter((part) => part.dump === dump).sort((a, b) => b.number - a.number)
      for (const { records } of own) for (const record of records) emit(record)
    }
  }
  return {
    push(line, emit) {
      const g = partShape.exec(line.text)?.groups
      if (g !== undefined) {
        lines.flush(collect)
        if (parts.length >= heldParts) release(emit)
        parts.push({ dump: `${g['reason']}#${g['count']}`, number: Number(g['part']), records: [] })
        return true
      }
      return ramoopsShape.test(line.text) || lines.push(line, collect)
    },
    flush: release,
  }
}
