import type { ClockAnchor, Event } from '../../src/model/event.ts'
import type { SourceEvidence, SourceFacts, SourcePlace } from '../../src/model/evidence.ts'
import type { KernelKill, OomDump } from '../../src/model/oom-dump.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { makeKill, quote } from '../kernel/make-dump.ts'
import { memcgDump } from '../rules/make-incident.ts'

export interface SourceParts extends Partial<Omit<SourceFacts, 'place'>> {
  readonly place?: Partial<SourcePlace>
  readonly events?: readonly Event[]
  readonly anchors?: readonly ClockAnchor[]
  readonly snapshots?: readonly object[]
}

/** A source as scanned: a bare kernel log named `dmesg` unless parts say otherwise. */
export function source(
  name: string,
  { place = {}, events = [], anchors = [], snapshots = [], ...facts }: SourceParts = {},
): SourceEvidence {
  return {
    source: {
      ...{ name, path: name, format: 'dmesg', lines: 9, bytes: 99, modifiedMs: null, first: null, last: null, host: null, bootId: null },
      hasKernel: true,
      place: {
        ...{
          layout: 'plain',
          bundle: 'b',
          host: null,
          corner: null,
          role: null,
          family: name,
          generation: 0,
          nameDateUs: null,
          container: null,
        },
        ...place,
      },
      ...facts,
    },
    events,
    anchors,
    snapshots: snapshots as readonly Snapshot[],
    warnings: [],
  }
}

let line = 0
/** A moment on the kernel's clock, in seconds of uptime. */
const moment = (uptime: number | null) => ({ wall: null, outerWall: null, uptimeUs: uptime === null ? null : Math.round(uptime * 1e6) })
const base = (uptime: number | null, host: string | null) => {
  line += 1
  return { moment: moment(uptime), host, bootId: null, writer: 'kernel' as const, quotes: [quote(`line ${line}`, line)] }
}

export const notice = (uptime: number | null, host: string | null = null, more: object = {}): Event =>
  ({ ...base(uptime, host), kind: 'kernel-notice', notice: 'hung-task', comm: null, pid: null, ...more }) as unknown as Event
export const bootMark = (uptime: number | null, release: string | null = null, host: string | null = null): Event =>
  ({ ...base(uptime, host), kind: 'boot', release }) as Event
/** A report that begins and kills at these seconds of uptime. */
export const report = (
  uptime: number | null,
  kill: Partial<KernelKill> = {},
  host: string | null = null,
  dump: Partial<OomDump> = {},
): Event =>
  ({
    ...base(uptime, host),
    kind: 'kernel-oom',
    dump: memcgDump({ kills: [makeKill({ pid: 100, totalVmBytes: 9000, anonRssBytes: 5000, moment: moment(uptime), ...kill })], ...dump }),
  }) as unknown as Event

/** The kernel's clock and the wall's, read at one place; both in seconds. */
export const anchor = (uptime: number, wall: number | { readonly local: number }, more: Partial<ClockAnchor> = {}): ClockAnchor => {
  line += 1
  const stamp = (localUs: number) => ({
    text: '',
    epochUs: null,
    localUs,
    hasYear: true,
    offsetMinutes: null,
    zoneName: null,
    precisionUs: 1,
    clock: 'emitted' as const,
  })
  return {
    ...{ source: 'x', line, host: null, bootId: null, uptimeUs: uptime * 1e6, via: 'syslog' as const },
    wall: typeof wall === 'number' ? { epochUs: wall * 1e6 } : { stamp: stamp(wall.local * 1e6) },
    ...more,
  }
}
