import type { RuntimeEvent } from '../../model/event.ts'
import type { LogRecord } from '../../model/record.ts'
import { bytesOfSize } from '../../units/bytes.ts'
import { burstFilter } from '../burst.ts'
import type { Extractor, ExtractorSession } from '../define-extractor.ts'
import { baseOf, numberOf } from '../event-base.ts'
import { perHost } from '../per-host.ts'
import { speakingContainer } from '../speaker.ts'

/** A line by which a program tells that it gave up, was refused memory, or saw a child die. */
export interface RuntimeLine {
  /** A plain substring of every such line. */
  readonly literal: string
  /** Named groups `pid`, `detail`, `command`, `used` and `limit` (sizes) are taken; without `detail` the matched words are the detail. */
  readonly shape: RegExp
  readonly what: RuntimeEvent['what']
  readonly area?: RuntimeEvent['area']
  /** Said instead of the line's own words. */
  readonly detail?: string
  /** The program kills by itself next (a timeout): a `child-killed` of that pid, or of any when the line names none, is its own doing. */
  readonly excuses?: boolean
  /** Who may say so, where the words alone are common. */
  readonly by?: RegExp
}

type Runtime = RuntimeEvent['runtime']

/** All threads fail, a cause chain, three lines of the same crash: told once. */
const burst = { us: 1_000_000, lines: 60 }
const excuseLines = 200

const size = (text: string | undefined): number | null => (text === undefined ? null : bytesOfSize(text))

function eventOf(runtime: Runtime, line: RuntimeLine, found: RegExpExecArray, record: LogRecord): RuntimeEvent {
  const groups = found.groups ?? {}
  return {
    ...baseOf(record),
    kind: 'runtime',
    runtime,
    what: line.what,
    detail: (line.detail ?? groups['detail'] ?? found[0]).trim().slice(0, 200),
    ...(line.area === undefined ? {} : { area: line.area }),
    ...(groups['command'] === undefined ? {} : { command: groups['command'] }),
    heapUsedBytes: size(groups['used']),
    heapLimitBytes: size(groups['limit']),
    pid: numberOf(groups['pid']),
    program: record.identifier,
    target: speakingContainer(record),
  }
}

/** Kills that the program announced as its own, by pid, or of any (`null`). */
function excuseList() {
  const lineOf = new Map<number | null, number>()
  return {
    add(pid: number | null, { origin }: LogRecord): void {
      if (lineOf.size >= 1000) lineOf.clear()
      lineOf.set(pid, origin.line ?? 0)
    },
    has(pid: number | null, { origin }: LogRecord): boolean {
      const line = lineOf.get(pid) ?? lineOf.get(null)
      return line !== undefined && (origin.line ?? 0) - line < excuseLines
    },
  }
}

const whoSpeaks = ({ identifier, pid }: LogRecord, { target }: RuntimeEvent): string =>
  [identifier, pid, target?.containerId, target?.pod, target?.container].join(' ')

/**
 * Words in quotation marks within a sentence (`having "fatal error: runtime: out of memory"`), or in a comment, on a line that no log wrote: somebody tells of
 * them. A value (`msg="…"`, `"log":"…"`) is what the program said.
 */
function isCited({ message, moment, identifier }: LogRecord, found: RegExpExecArray): boolean {
  if (moment.wall !== null || moment.uptimeUs !== null || identifier !== null) return false
  const before = message.slice(Math.max(0, found.index - 80), found.index)
  return isInlineCode(message, found.index) || /^\s*(?:\/\/|\/\*|<!--)/.test(message) || /[a-z,] \(?["`“][^"`“”]{0,60}$/.test(before)
}

/** Between backticks, with a sentence around them: a line that is all code, but for a list's mark, is what somebody pasted. */
export function isInlineCode(message: string, at: number): boolean {
  const ticks = message.slice(0, at).split('`').length - 1
  return ticks % 2 === 1 && !/^\s*(?:[-*•]\s+)?`[^`]*`[.,;]?\s*$/.test(message)
}

function openSession(runtime: Runtime, lines: readonly RuntimeLine[]): ExtractorSession {
  const excuses = excuseList()
  const isFirst = burstFilter(burst)
  return {
    push(record, sink) {
      if (record.writer === 'kernel') return
      for (const line of lines) {
        if (!record.message.includes(line.literal)) continue
        if (line.by !== undefined && !line.by.test(record.identifier ?? record.unit ?? '')) continue
        const found = line.shape.exec(record.message)
        if (found === null || isCited(record, found)) continue
        const event = eventOf(runtime, line, found, record)
        if (line.excuses === true) excuses.add(event.pid, record)
        const own = event.what === 'child-killed' && excuses.has(event.pid, record)
        if (isFirst(`${event.what} ${event.pid ?? ''} ${whoSpeaks(record, event)}`, record))
          sink.event(own ? { ...event, what: 'own-limit', detail: `${event.detail} (its own timeout)` } : event)
        return
      }
    },
    wantsNext: false,
    end() {},
  }
}

/** An extractor of one runtime's lines. They may stand in any log, of any writer but the kernel. */
export function runtimeExtractor(runtime: Runtime, lines: readonly RuntimeLine[]): Extractor {
  return {
    id: `runtime-${runtime}`,
    literals: [...new Set(lines.map(({ literal }) => literal))],
    open: () => perHost(() => openSession(runtime, lines)),
  }
}
