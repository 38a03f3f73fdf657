import type { ClockAnchor } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import type { WallStamp } from '../model/stamp.ts'
import { withOuter } from '../units/outer-stamp.ts'

/** Anchors kept for a boot: enough for a piecewise fit, few enough for any log. The first and the last are always among them. */
const ANCHORS_PER_BOOT = 64
const BOOTS = 256
/** Stamps of one boot come out of order by no more than this (several CPUs, several writers). */
const DISORDER_US = 60_000_000

/** Anchors are made when it is known which are kept: a journal's records all carry both clocks. */
type Maker = () => ClockAnchor[]

interface Boot {
  readonly host: string | null
  readonly bootId: string | null
  readonly kept: Maker[]
  last: Maker | null
  highestUs: number
  seen: number
  stride: number
}

export interface Anchors {
  /** A record: it is an anchor when it carries both clocks. */
  note(record: LogRecord): void
  add(anchor: ClockAnchor): void
  kept(): ClockAnchor[]
}

/**
 * Collects the records that carry both the kernel's clock and a wall clock. Every `stride`-th is kept; when there are too many,
 * every second one goes and the stride doubles: evenly spread whatever the length, and the same for the same records.
 */
export function openAnchors(): Anchors {
  const boots: Boot[] = []
  const keep = (host: string | null, bootId: string | null, uptimeUs: number, anchors: Maker): void => {
    const boot = bootOf(boots, host, bootId, uptimeUs)
    if (boot === null) return
    boot.highestUs = Math.max(boot.highestUs, uptimeUs)
    boot.last = anchors
    if (boot.seen++ % boot.stride === 0) boot.kept.push(anchors)
    if (boot.kept.length < ANCHORS_PER_BOOT) return
    boot.stride *= 2
    boot.kept.splice(0, boot.kept.length, ...boot.kept.filter((_, index) => index % 2 === 0))
  }
  return {
    note(record) {
      const { uptimeUs } = record.moment
      const wall = withOuter(record.moment)
      if (wall !== null && uptimeUs !== null) keep(record.host, record.bootId, uptimeUs, () => anchorsOf(record, wall, uptimeUs))
    },
    add: (anchor) => keep(anchor.host, anchor.bootId, anchor.uptimeUs, () => [anchor]),
    kept: () =>
      boots.flatMap(({ kept, last }) => (last === null || kept.at(-1) === last ? kept : [...kept, last]).flatMap((make) => make())),
  }
}

/** The boot of that host in progress (several machines may share a file), or a new one when the id changes or the kernel's clock starts again. */
function bootOf(boots: Boot[], host: string | null, bootId: string | null, uptimeUs: number): Boot | null {
  const newest = boots.at(-1)
  const current = newest === undefined || newest.host === host ? newest : boots.findLast((boot) => boot.host === host)
  if (current !== undefined && current.bootId === bootId && (bootId !== null || uptimeUs > current.highestUs - DISORDER_US)) return current
  const known = bootId === null ? undefined : boots.find((boot) => boot.bootId === bootId && boot.host === host)
  if (known !== undefined) return known
  if (boots.length >= BOOTS) return null
  const boot: Boot = { host, bootId, kept: [], last: null, highestUs: uptimeUs, seen: 0, stride: 1 }
  boots.push(boot)
  return boot
}

/**
 * A journal entry carries both of journald's clocks, read at one moment: an exact pair. A kernel entry also has the kernel's own stamp, which the wall clock
 * follows with journald's delay: another anchor, of the kind that is only ever late.
 */
function anchorsOf(record: LogRecord, wall: WallStamp, uptimeUs: number): ClockAnchor[] {
  const { source, line, cursor } = record.origin
  const base = {
    source,
    line,
    host: record.host,
    bootId: record.bootId,
    wall: wall.epochUs === null ? { stamp: wall } : { epochUs: wall.epochUs },
  } as const
  if (wall.clock === 'boot-derived') return [{ ...base, uptimeUs, via: 'boot-derived' }]
  const journal = cursor !== null || (wall.precisionUs <= 1 && record.bootId !== null)
  const read = Number(record.fields['__MONOTONIC_TIMESTAMP'] ?? Number.NaN)
  if (!journal || Number.isNaN(read) || wall.clock !== 'received') return [{ ...base, uptimeUs, via: 'syslog' }]
  const pair: ClockAnchor = { ...base, uptimeUs: read, via: 'journal' }
  return read === uptimeUs ? [pair] : [pair, { ...base, uptimeUs, via: 'syslog' }]
}
