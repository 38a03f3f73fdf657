import type { ContainerEvent, ContainerRef } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { baseOf } from './event-base.ts'

export type ContainerParts = Partial<Omit<ContainerEvent, 'kind' | 'what' | 'by' | 'target'>>

/** A container event of a record; what the line does not say is `null`. */
export function containerEvent(
  record: LogRecord,
  by: ContainerEvent['by'],
  what: ContainerEvent['what'],
  target: ContainerRef,
  parts: ContainerParts = {},
): ContainerEvent {
  return {
    ...baseOf(record),
    kind: 'container',
    what,
    by,
    target,
    exitCode: null,
    reason: null,
    cause: null,
    gracePeriodSeconds: null,
    pid: null,
    ...parts,
  }
}
