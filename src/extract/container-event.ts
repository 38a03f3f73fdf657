import type { ContainerEvent, ContainerRef, StopReason } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { quoteOf } from './event-base.ts'
import { stopReason } from './stop-reason.ts'

export type ContainerParts = Partial<Omit<ContainerEvent, 'kind' | 'what' | 'by' | 'target' | 'stop' | 'sandboxId'>> & {
  readonly sandboxId?: string | undefined
}

/** A container event of a record; what the line does not say is `null`. */
export function containerEvent(
  record: LogRecord,
  by: ContainerEvent['by'],
  what: ContainerEvent['what'],
  target: ContainerRef,
  parts: ContainerParts = {},
): ContainerEvent {
  // Written out: spreading four objects takes longer than all else that is done for such a line, and a busy node has thousands.
  return {
    moment: record.moment,
    host: record.host,
    bootId: record.bootId,
    writer: record.writer,
    quotes: parts.quotes ?? [quoteOf(record)],
    kind: 'container',
    what,
    by,
    target,
    exitCode: parts.exitCode ?? null,
    reason: parts.reason ?? null,
    cause: parts.cause ?? null,
    gracePeriodSeconds: parts.gracePeriodSeconds ?? null,
    pid: parts.pid ?? null,
    ...(stops.has(what) ? { stop: stopOf(what, parts) } : {}),
    ...(parts.sandboxId === undefined ? {} : { sandboxId: parts.sandboxId }),
  }
}

const stops: ReadonlySet<ContainerEvent['what']> = new Set(['killing', 'stop-requested', 'probe-failed', 'kill-failed'])

function stopOf(what: ContainerEvent['what'], { cause, reason }: ContainerParts): StopReason {
  const named = stopReason(`${cause ?? ''} ${reason ?? ''}`)
  return named === 'other' && what === 'probe-failed' ? 'probe' : named
}
