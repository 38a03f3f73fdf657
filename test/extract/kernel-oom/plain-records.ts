import type { Extractor } from '../../../src/extract/define-extractor.ts'
import type { ClockAnchor, Event, KernelOomEvent } from '../../../src/model/event.ts'
import type { KernelKill } from '../../../src/model/oom-dump.ts'
import type { LogRecord } from '../../../src/model/record.ts'
import { record } from '../records.ts'

/**
 * A splitter for these tests alone: `[ uptime] text` (with `[T12]` callers), indented continuations, or bare text. The formats have tests of
 * their own.
 */
export function plainRecords(text: string, source = 'test.log'): LogRecord[] {
  const records: LogRecord[] = []
  const lines = text.replace(/\n$/, '').split('\n')
  const width = 15
  lines.forEach((line, at) => {
    const found = /^\[\s*(?<time>\d+\.\d{6})\](?: ?\[\s*(?<caller>[TC]\d+)\])? ?(?<text>.*)$/s.exec(line)?.groups
    const last = records.at(-1)
    if (found === undefined && last !== undefined && last.moment.uptimeUs !== null && line.startsWith(' '.repeat(width))) {
      records[records.length - 1] = {
        ...last,
        raw: `${last.raw}\n${line}`,
        lineCount: last.lineCount + 1,
        message: `${last.message}\n${line.slice(width)}`,
      }
      return
    }
    records.push(recordOf(line, found?.text ?? line, found?.time, found?.caller ?? null, source, at + 1))
  })
  return records
}

function recordOf(raw: string, message: string, time: string | undefined, caller: string | null, source: string, line: number): LogRecord {
  const uptimeUs = time === undefined ? null : Math.round(Number(time) * 1e6)
  return record(message, {
    origin: { source, line, offset: null, cursor: null },
    raw,
    lineCount: 1,
    moment: { wall: null, outerWall: null, uptimeUs },
    writer: 'unknown',
    caller,
  })
}

export interface Extracted {
  readonly events: Event[]
  readonly dumps: KernelOomEvent[]
  readonly kills: KernelKill[]
  readonly anchors: ClockAnchor[]
}

/** Everything an extractor says about records that reach it as the scanner hands them out: the first ones, hits of its literals, and all while it is wantsNext. */
export function extractAll(extractor: Extractor, records: readonly LogRecord[]): Extracted {
  const events: Event[] = []
  const anchors: ClockAnchor[] = []
  const session = extractor.open('test.log')
  const sink = {
    event: (event: Event) => void events.push(event),
    anchor: (anchor: ClockAnchor) => void anchors.push(anchor),
    snapshot: () => undefined,
    warn: () => undefined,
  }
  records.forEach((record, at) => {
    if (at < 5 || session.wantsNext || extractor.literals.some((literal) => record.raw.includes(literal))) session.push(record, sink)
  })
  session.end(sink)
  const dumps = events.filter((e): e is KernelOomEvent => e.kind === 'kernel-oom')
  return { events, dumps, kills: dumps.flatMap((d) => d.dump.kills), anchors }
}
