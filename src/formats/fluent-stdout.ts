import { epochGuess } from '../units/stamp-guess.ts'
import { entryRecords } from './cloud/entry-records.ts'
import { isMembers, mapFor } from './cloud/object-record.ts'
import type { FormatContext, Line, LineDecoder, LineFormat } from './define-format.ts'
import { judge } from './sniffing.ts'

// `[0] kube.var.log: [[1706702400.123456789, {}], {"log":"…"}]` (fluent-bit ≥ 2.1), `[0] tag: [1706702400.123456789, {"log"=>"…"}]` (older)
const shape = /^(?:\[\d{1,9}\] )?(?<tag>[\w.*/-]{1,200}): \[\[?(?<time>\d{9,10}\.\d{1,9})(?:, \{\}\])?, (?<body>\{.*\})\]$/s

function objectOf(body: string): unknown {
  try {
    return JSON.parse(body.includes('"=>') ? body.replace(/"=>/g, '":') : body)
  } catch {
    return null
  }
}

export const fluentStdout: LineFormat = {
  id: 'fluent-stdout',
  title: 'Fluent Bit standard output',
  writtenBy: 'fluent-bit -o stdout',
  seen: 'documented',
  framing: 'lines',
  sniff: (head) => judge(head, (text) => shape.test(text)),
  decoder: fluentDecoder,
}

function fluentDecoder(context: FormatContext): LineDecoder {
  return {
    push(line: Line, emit) {
      const g = shape.exec(line.text)?.groups
      if (g === undefined) return line.text === ''
      const entry = objectOf(g['body'] as string)
      const map = isMembers(entry) ? mapFor(entry) : null
      if (!isMembers(entry) || map === null) return false
      const wall = epochGuess(g['time'] as string, 'received')
      for (const { record } of entryRecords(context, entry, map, () => ({ line, raw: line.text }))) {
        emit(record.moment.wall === null ? { ...record, moment: { ...record.moment, wall } } : record)
      }
      return true
    },
    flush: () => {},
  }
}
