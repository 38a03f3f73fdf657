import type { RuntimeEvent } from '../../model/event.ts'
import type { LogRecord } from '../../model/record.ts'
import { bytesOfSize } from '../../units/bytes.ts'
import type { Extractor, ExtractorSession } from '../define-extractor.ts'
import { baseOf, numberOf } from '../event-base.ts'

/** A line by which a program tells that it gave up, was refused memory, or saw a child die. */
export interface RuntimeLine {
  /** A plain substring of every such line. */
  readonly literal: string
  /** Named groups `pid`, `detail`, `used` and `limit` (sizes) are taken; without `detail` the matched words are the detail. */
  readonly shape: RegExp
  readonly what: RuntimeEvent['what']
  /** Said instead of the line's own words. */
  readonly detail?: string
  /** The program kills by itself next (a timeout): a `child-killed` of that pid, or of any when the line names none, is its own doing. */
  readonly excuses?: boolean
  /** Who may say so, where the words alone are common. */
  readonly by?: RegExp
}

type Runtime = RuntimeEvent['runtime']

/** One burst (all threads fail, a cause chain, three lines of the same crash) is told once. */
const burstUs = 1_000_000
const burstLines = 60
const excuseLines = 200

interface Last {
  readonly us: number | null
  readonly line: number | null
}

function isNear(last: Last | undefined, now: Last, lines: number): boolean {
  if (last === undefined) return false
  if (last.us !== null && now.us !== null) return Math.abs(now.us - last.us) < burstUs
  return last.line !== null && now.line !== null && now.line - last.line < lines
}

const placeOf = ({ moment, origin }: LogRecord): Last => ({
  us: moment.wall?.epochUs ?? moment.wall?.localUs ?? moment.uptimeUs,
  line: origin.line,
})

const size = (text: string | undefined): number | null => (text === undefined ? null : bytesOfSize(text))

function eventOf(runtime: Runtime, line: RuntimeLine, found: RegExpExecArray, record: LogRecord): RuntimeEvent {
  const groups = found.groups ?? {}
  return {
    ...baseOf(record),
    kind: 'runtime',
    runtime,
    what: line.what,
    detail: (line.detail ?? groups['detail'] ?? found[0]).trim().slice(0, 200),
    heapUsedBytes: size(groups['used']),
    heapLimitBytes: size(groups['limit']),
    pid: numberOf(groups['pid']),
    target: null,
  }
}

/** What a session remembers: the last event of each sort, and kills that the program announced as its own. */
class Memory {
  readonly #last = new Map<string, Last>()
  readonly #excused = new Map<number | null, number>()

  /** Whether the same was told a moment ago. */
  repeats(event: RuntimeEvent, record: LogRecord): boolean {
    const key = `${event.what} ${event.pid ?? ''}`
    const now = placeOf(record)
    if (isNear(this.#last.get(key), now, burstLines)) return true
    if (this.#last.size > 1000) this.#last.clear()
    this.#last.set(key, now)
    return false
  }

  excuse(pid: number | null, record: LogRecord): void {
    if (this.#excused.size > 1000) this.#excused.clear()
    this.#excused.set(pid, record.origin.line ?? 0)
  }

  excuses(pid: number | null, record: LogRecord): boolean {
    const line = this.#excused.get(pid) ?? this.#excused.get(null)
    return line !== undefined && (record.origin.line ?? 0) - line < excuseLines
  }
}

function openSession(runtime: Runtime, lines: readonly RuntimeLine[]): ExtractorSession {
  const memory = new Memory()
  return {
    push(record, sink) {
      if (record.writer === 'kernel') return
      for (const line of lines) {
        if (!record.message.includes(line.literal)) continue
        if (line.by !== undefined && !line.by.test(record.identifier ?? record.unit ?? '')) continue
        const found = line.shape.exec(record.message)
        if (found === null) continue
        const event = eventOf(runtime, line, found, record)
        if (line.excuses === true) memory.excuse(event.pid, record)
        const own = event.what === 'child-killed' && memory.excuses(event.pid, record)
        if (!memory.repeats(event, record))
          sink.event(own ? { ...event, what: 'own-limit', detail: `${event.detail} (its own timeout)` } : event)
        return
      }
    },
    hungry: false,
    end() {},
  }
}

/** An extractor of one runtime's lines. They may stand in any log, of any writer but the kernel. */
export function runtimeExtractor(runtime: Runtime, lines: readonly RuntimeLine[]): Extractor {
  return { id: `runtime-${runtime}`, literals: [...new Set(lines.map(({ literal }) => literal))], open: () => openSession(runtime, lines) }
}
