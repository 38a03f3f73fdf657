import type { Extractor, ExtractSink } from '../../src/extract/define-extractor.ts'
import type { Line, LineFormat } from '../../src/formats/define-format.ts'
import type { InputSource } from '../../src/input/source.ts'
import type { LogRecord } from '../../src/model/record.ts'
import type { ScanTools } from '../../src/scan/tools.ts'
import { record } from '../extract/records.ts'

/** A source in memory, cut into chunks of the given sizes in turn. */
export function sourceOf(text: string | Uint8Array, sizes: readonly number[] = [65_536], name = 'kern.log'): InputSource {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  return {
    name,
    path: name,
    bundle: name,
    modifiedMs: null,
    size: bytes.length,
    file: null,
    codec: null,
    async *chunks() {
      for (let at = 0, k = 0; at < bytes.length; k += 1) {
        const size = Math.max(1, sizes[k % sizes.length] ?? 1)
        yield bytes.slice(at, at + size)
        at += size
      }
    },
  }
}

function recordOf(lines: readonly Line[], message: string): LogRecord {
  const [first] = lines
  return record(message, {
    origin: { source: 'kern.log', line: first?.number ?? null, offset: first?.offset ?? null, cursor: null },
    raw: lines.map((line) => line.text).join('\n'),
    lineCount: lines.length,
    writer: 'unknown',
  })
}

/** A wrapping `<prefix> text`, with indented continuations joined to it. */
export function prefixFormat(id: string, prefix: string, framing: 'lines' | 'all' = 'lines'): LineFormat {
  return {
    id,
    title: id,
    writtenBy: id,
    seen: 'real',
    framing,
    sniff: (head) => (head.some((line) => line.startsWith(prefix)) ? (head[0]?.startsWith(prefix) ? 'strong' : 'weak') : 'none'),
    decoder() {
      let held: Line[] = []
      const flush = (emit: (record: LogRecord) => void) => {
        const [first, ...more] = held
        held = []
        if (first === undefined) return
        emit(recordOf([first, ...more], [first.text.slice(prefix.length), ...more.map((line) => line.text.trim())].join('\n')))
      }
      return {
        push(line, emit) {
          if (held.length > 0 && /^[ \t]/.test(line.text)) {
            held.push(line)
            return true
          }
          flush(emit)
          if (!line.text.startsWith(prefix)) return false
          held = [line]
          return true
        },
        flush,
      }
    },
  }
}

/** Notes every record it is shown as a snapshot; `dump N` makes it wantsNext for N records. */
function recorder(literals: readonly string[]): Extractor {
  return {
    id: 'recorder',
    readsAll: true,
    literals,
    open() {
      let wanted = 0
      return {
        get wantsNext() {
          return wanted > 0
        },
        push(record: LogRecord, sink: ExtractSink) {
          if (wanted > 0) wanted -= 1
          const asked = /dump (?<count>\d+)/.exec(record.message)
          if (asked?.groups?.['count'] !== undefined) wanted = Number(asked.groups['count'])
          const quote = { ...record.origin, text: record.raw }
          sink.snapshot({ kind: 'setting', source: 'kern.log', host: null, values: { message: { value: record.message, quote } } })
        },
        end() {},
      }
    },
  }
}

export function toolsOf(formats: readonly LineFormat[], literals: readonly string[], more: Partial<ScanTools> = {}): ScanTools {
  return {
    formats,
    detectFormat(head) {
      const strong = formats.find((format) => format.sniff(head) === 'strong')
      return strong ?? formats.find((format) => format.sniff(head) === 'weak') ?? null
    },
    extractors: [recorder(literals)],
    documentReaders: [],
    inputFormat: null,
    ...more,
  }
}
