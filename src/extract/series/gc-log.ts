import type { ContainerRef } from '../../model/event.ts'
import type { LogRecord } from '../../model/record.ts'
import type { SeriesMetric } from '../../model/series.ts'
import { bytesOfSize } from '../../units/bytes.ts'
import type { Extractor, ExtractorSession } from '../define-extractor.ts'
import { parseRfc3339 } from '../documents/times.ts'
import { quoteOf } from '../event-base.ts'
import { speakingContainer } from '../speaker.ts'
import { nobody, SeriesCollection, type SeriesHead } from './collect.ts'

interface GcShape {
  /** Plain substrings: every such line holds one. Of 7 characters or more: the needle finds shorter ones, and takes longer for every text (`scan/search/grams.ts`). */
  readonly literals: readonly [string, ...string[]]
  /** Groups `after` and `unit`, with `full` where the collection took the whole heap; `at` (seconds since start) and `wall` where the line tells them. */
  readonly shape: RegExp
}

/** How the causes of a collection begin that a JVM up to 8 names (hotspot/src/share/vm/gc_interface/gcCause.cpp). */
const causes = [
  'Allocat',
  'CMS ',
  'Diagnost',
  'Ergonom',
  'FullGCA',
  'G1 ',
  'GCLocker',
  'Heap ',
  'JvmtiEnv',
  'Last ditch',
  'Metadata',
  'No GC',
  'Old Gen',
  'Permanent',
  'Scaveng',
  'System.gc',
  'Tenured',
  'WhiteBox',
]

/** Collections as runtimes log them: what the heap held afterwards. */
const SHAPES: readonly GcShape[] = [
  // JVM unified logging (9 and later): [2026-11-24T07:00:01.123+0000][12.345s][info][gc] GC(12) Pause Full (G1 Compaction Pause) 480M->470M(512M) 123.4ms
  {
    literals: [') Pause Full', ') Pause Young', ') Pause Mixed', ') Garbage Collection'],
    shape:
      /^(?:\[(?<wall>\d{4}-\d\d-\d\dT[\d:.]+[+-]\d{4})\])?(?:\[(?<at>[\d.]+)s\])?(?:\[[^\]]*\])* ?GC\(\d+\) (?:(?<full>Pause Full)|Pause Young|Pause Mixed|Garbage Collection)[^>]*\d[KMG](?:\(\d+%\))?->(?<after>\d+)(?<unit>[KMG])/,
  },
  // -verbose:gc up to 8: 2026-11-24T07:00:01.123+0000: 12.345: [Full GC (Ergonomics)  491520K->481280K(524288K), 0.1234 secs]
  {
    literals: ['[Full GC (', ...causes.map((cause) => `[GC (${cause}`)],
    shape:
      /^(?:(?<wall>\d{4}-\d\d-\d\dT[\d:.]+[+-]\d{4}): )?(?:(?<at>[\d.]+): )?\[(?<full>Full )?GC \((?:[^()]|\(\))*\)(?: \[[^\]]*\])* {1,2}\d+K->(?<after>\d+)(?<unit>K)\(\d+K\)/,
  },
  // Node.js --trace-gc: [1:0x5581]    12345 ms: Mark-Compact (reduce) 250.1 (260.2) -> 240.0 (261.0) MB, 120.3 / 0.0 ms …
  {
    literals: [' ms: Mark-'],
    shape:
      /^\[\d+:0x[\da-f]+\] +(?<ms>\d+) ms: (?<full>Mark-(?:Compact|sweep))[^\d>.]*[\d.]+ \([\d.]+\) -> (?<after>[\d.]+) \([\d.]+\) (?<unit>MB)/i,
  },
  // Go GODEBUG=gctrace=1: gc 14 @2.104s 0%: 0.010+0.5+0.003 ms clock, …, 4->5->2 MB, 5 MB goal, 8 P: what was live after marking is the third
  {
    literals: [' MB goal, '],
    shape: /^(?<full>gc \d+) @(?<at>[\d.]+)s \d+%: .* \d+->\d+->(?<after>\d+) (?<unit>MB), \d+ MB goal, /,
  },
]

/** A runtime's heap after each collection: the live set after full ones, which is what a leak makes grow. */
export const gcLog: Extractor = { id: 'gc-log', literals: SHAPES.flatMap(({ literals }) => literals), open: openSession }

function openSession(source: string): ExtractorSession {
  const series = new SeriesCollection(source)
  return {
    push(record) {
      if (record.writer !== 'kernel') read(record, series)
    },
    wantsNext: false,
    end(sink) {
      for (const snapshot of series.snapshots()) sink.snapshot(snapshot)
    },
  }
}

function read(record: LogRecord, series: SeriesCollection): void {
  for (const { literals, shape } of SHAPES) {
    if (!literals.some((literal) => record.message.includes(literal))) continue
    const found = shape.exec(record.message)?.groups
    const bytes = found === undefined ? null : bytesOfSize(`${found['after']}${found['unit']}`)
    if (found === undefined || bytes === null) continue
    const when = timeOf(record, found)
    if (when === null) return
    const metric: SeriesMetric = found['full'] === undefined ? 'heap' : 'heap-after-gc'
    const target = speakingContainer(record)
    const head = (): SeriesHead => ({
      of: 'runtime-heap',
      metric,
      name: 'garbage collections',
      subject: subjectOf(target, record),
      clock: when.clock,
    })
    series.add(
      `${literals[0]} ${metric} ${when.clock} ${target?.containerId ?? target?.pod ?? record.identifier ?? ''} ${record.pid ?? ''}`,
      head,
      when.us,
      bytes,
      () => quoteOf(record),
    )
    return
  }
}

/** The line's own stamp, else its wrapping's, else the time since the program's start. */
function timeOf(record: LogRecord, found: Record<string, string | undefined>): { us: number; clock: 'utc' | 'since-start' } | null {
  const own = found['wall'] === undefined ? null : parseRfc3339(found['wall'])
  const us = own?.epochUs ?? record.moment.wall?.epochUs ?? null
  if (us !== null) return { us, clock: 'utc' }
  const since = found['at'] === undefined ? Number(found['ms']) / 1000 : Number(found['at'])
  return Number.isFinite(since) ? { us: Math.round(since * 1e6), clock: 'since-start' } : null
}

const subjectOf = (target: ContainerRef | null, record: LogRecord): SeriesHead['subject'] => ({
  ...nobody,
  host: record.host,
  namespace: target?.namespace ?? null,
  pod: target?.pod ?? null,
  podUid: target?.podUid ?? null,
  container: target?.container ?? null,
  containerId: target?.containerId ?? null,
  unit: record.unit,
  comm: record.identifier,
})
