import type { ContainerEvent, Event } from '../../src/model/event.ts'
import type { Moment, WallStamp } from '../../src/model/stamp.ts'
import type { TimelineOptions } from '../../src/model/timeline.ts'
import type { Boot } from '../../src/timeline/boots.ts'
import { zoneOffset } from '../../src/units/zone.ts'
import { quote } from '../kernel/make-dump.ts'
import { source } from './sources.ts'

export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** `2026-11-24T08:00:00Z` as µs. */
export const us = (iso: string): number => Date.parse(iso) * 1000
export const noOptions: TimelineOptions = { timezone: null, year: null, zoneOffset }

const stamp = (more: Partial<WallStamp>): WallStamp => ({
  text: 'as printed',
  epochUs: null,
  localUs: null,
  hasYear: true,
  offsetMinutes: null,
  zoneName: null,
  precisionUs: SECOND,
  clock: 'emitted',
  ...more,
})
/** Printed fields without a zone; `yearless` has the year that stands in where none was printed. */
export const local = (fields: string, more: Partial<WallStamp> = {}): WallStamp => stamp({ localUs: us(`${fields}Z`), ...more })
export const yearless = (fields: string, more: Partial<WallStamp> = {}): WallStamp => local(`1972-${fields}`, { hasYear: false, ...more })
/** A stamp that is an instant by itself. */
export const instant = (iso: string, more: Partial<WallStamp> = {}): WallStamp => stamp({ localUs: us(iso), epochUs: us(iso), ...more })

export const momentOf = (wall: WallStamp | null, outerWall: WallStamp | null = null, uptimeSeconds: number | null = null): Moment => ({
  wall,
  outerWall,
  uptimeUs: uptimeSeconds === null ? null : uptimeSeconds * SECOND,
})

/** A boot of one source whose parts are given. */
export function bootOf(parts: Parameters<typeof source>[1] = {}, more: Partial<Boot> = {}): Boot {
  const evidence = source('kern.log', parts)
  const { events, anchors } = evidence
  const base = { host: 'node-1', bootId: null }
  return { key: 'boot', ...base, segments: [{ evidence, ...base, events, anchors, isEarlier: false }], ...more }
}

export const containerEvent = (what: ContainerEvent['what'], containerId: string | null, wall: WallStamp | null): Event =>
  ({
    kind: 'container',
    what,
    moment: momentOf(wall),
    host: null,
    bootId: null,
    writer: 'userspace',
    quotes: [quote('a runtime’s line')],
    target: { containerId, podUid: null, namespace: null, pod: null, container: null },
  }) as unknown as Event
