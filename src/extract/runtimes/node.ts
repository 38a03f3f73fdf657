import type { RuntimeEvent } from '../../model/event.ts'
import type { LogRecord } from '../../model/record.ts'
import { bytesOfSize } from '../../units/bytes.ts'
import type { Extractor, ExtractorSession } from '../define-extractor.ts'
import { baseOf, numberOf, quoteOf } from '../event-base.ts'
import { perHost } from '../per-host.ts'
import { speakingContainer } from '../speaker.ts'
import { isInlineCode } from './define-runtime.ts'

/**
 * V8 before it gives up: `<--- Last few GCs --->`, then `[1:0x6d4b000]    12345 ms: Mark-sweep (reduce) 2045.1 (2083.0) -> 2044.9 (2083.3) MB, …`: used and committed heap
 * after the collection. Newer versions say Mark-Compact.
 */
const gcShape =
  /^\[?(?<pid>\d+)(?::0x[0-9a-f]+)?\]? +\d+ ms: (?:Mark-\w{1,40}|Scavenge)[^\d]{0,60} [\d.]{1,30} \([\d.]+\) -> (?<used>[\d.]+) \((?<limit>[\d.]+)\) MB/
/** `FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory`; Node ≤ 7 `… - process out of memory`. */
const fatalShape = /FATAL ERROR: (?<detail>.*?(?:JavaScript heap|process) out of memory)/
/** A worker thread's `resourceLimits`. */
const workerShape = /(?<detail>Worker terminated due to reaching memory limit: JS heap out of memory)/
const bufferShape = /(?<detail>RangeError: Array buffer allocation failed)/

interface Gc {
  readonly used: number | null
  readonly limit: number | null
  readonly pid: number | null
  readonly record: LogRecord
}

const mib = (text: string | undefined): number | null => (text === undefined ? null : bytesOfSize(`${text} MiB`))

/** Collections, blank lines and a JS stack trace follow the head. */
const patience = 40

function eventOf(record: LogRecord, what: RuntimeEvent['what'], detail: string, gc: Gc | null): RuntimeEvent {
  return {
    ...baseOf(record, gc === null ? [] : [quoteOf(gc.record)]),
    kind: 'runtime',
    runtime: 'node',
    what,
    detail,
    heapUsedBytes: gc?.used ?? null,
    heapLimitBytes: gc?.limit ?? null,
    pid: gc?.pid ?? null,
    program: record.identifier,
    target: speakingContainer(record),
  }
}

function open(): ExtractorSession {
  let left = 0
  let gc: Gc | null = null
  const look = (text: string, record: LogRecord): RuntimeEvent | null => {
    const found = gcShape.exec(text)?.groups
    if (found !== undefined) gc = { used: mib(found['used']), limit: mib(found['limit']), pid: numberOf(found['pid']), record }
    const fatal = fatalShape.exec(text) ?? workerShape.exec(text)
    const exhausted = fatal === null || isInlineCode(text, fatal.index) ? undefined : fatal.groups?.['detail']
    if (exhausted !== undefined) {
      const event = eventOf(record, 'heap-exhausted', exhausted, gc)
      gc = null
      left = 0
      return event
    }
    const refused = bufferShape.exec(text)?.groups?.['detail']
    return refused === undefined ? null : eventOf(record, 'allocation-refused', refused, null)
  }
  return {
    push(record, sink) {
      if (record.writer === 'kernel') return
      if (left > 0 && --left === 0) gc = null
      for (const text of record.message.split('\n')) {
        if (text.includes('Last few GCs')) left = patience
        const event = look(text, record)
        if (event !== null) sink.event(event)
      }
    },
    get wantsNext() {
      return left > 0
    },
    end() {},
  }
}

/** Node.js and V8 (kubernetes-oom §6.4). Exit 134, with newer V8 133. */
export const node: Extractor = {
  id: 'runtime-node',
  literals: ['Last few GCs', 'heap out of memory', 'process out of memory', 'Array buffer allocation failed'],
  open: () => perHost(open),
}
