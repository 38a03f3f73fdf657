import type { ClockAnchor } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { ClockSnapshot } from '../model/snapshot.ts'
import { leastOf, mostOf } from '../units/extremes.ts'
import { type Boot, lastUptimeUs } from './boots.ts'
import type { CaptureReading, Captures } from './capture.ts'
import { type Reading, readingOf } from './clocks.ts'
import { withUnseenSleep } from './sleeps.ts'

/** What a bundle (or one host of it) knows about its clock beside its logs. */
export interface BundleClock {
  readonly clocks: readonly ClockSnapshot[]
  /** What these clocks say of the boot that was up when they were read. */
  readonly captures: Captures
  /** Something beside the boot's own lines says that the machine slept. */
  readonly slept: boolean
  readonly newestUs: number | null
  /** Whether this host's own sources vouch for `newestUs`, not only others of its bundle. */
  readonly newestIsOwn: boolean
  /** All that was read of this host in the bundle, whatever the boot: lines that carry two stamps give the host's zone away. */
  readonly near: readonly SourceEvidence[]
  /** Readings that other programs give: the runtime's word on a container's death, beside the kernel's. */
  readonly echoes: readonly ClockAnchor[]
}

export interface BootReadings {
  readonly readings: readonly Reading[]
  /** Clocks that were set aside because a surer one contradicts them. */
  readonly refused: readonly { readonly source: string; readonly reason: string }[]
}

/** Readings further apart than this are not of one clock. */
const sameClockUs = 120_000_000
const quarterUs = 900_000_000
const halfDayUs = 14 * 3600 * 1_000_000

/** Readings of one boot whose wall side is on UTC without any assumption. */
export function sureReadings(boot: Boot, bundle: BundleClock): BootReadings {
  const own = anchorsOf(boot)
  const echoes = bundle.echoes.flatMap((e) => ('epochUs' in e.wall ? [readingOf(e, e.wall.epochUs, 1_000)] : []))
  const readings = [...own, ...echoes]
  const captures = bundle.captures.readings.filter((c) => mayBeOf(c, boot))
  const first = captures[0]
  if (first === undefined) return { readings, refused: [] }
  // With nothing of the log's own, clocks that contradict each other tell nothing.
  if (readings.length === 0) {
    const boots = captures.map((c) => c.bootUs)
    if (mostOf(boots) - leastOf(boots) <= sameClockUs)
      return { readings: withUnseenSleep(boot, bundle.slept, captures).map(asReading), refused: [] }
    return { readings: [], refused: captures.map(({ source }) => ({ source, reason: 'the clocks of this machine contradict each other' })) }
  }
  const fitting = captures.filter((c) => readings.some((r) => Math.abs(r.offsetUs - c.bootUs) < sameClockUs))
  if (fitting.length > 0) return { readings: [...readings, ...fitting.map(asReading)], refused: [] }
  const rtc = rtcSources(boot)
  const localRtc = rtc.length > 0 && first.uptimeUs !== null && readings.every((r) => r.kind === 'coarse' && isZoneAway(r, first))
  if (localRtc)
    return { readings: captures.map(asReading), refused: rtc.map((source) => ({ source, reason: 'the hardware clock kept local time' })) }
  return { readings, refused: [] }
}

function anchorsOf(boot: Boot): Reading[] {
  return boot.segments.flatMap((segment) =>
    segment.anchors.flatMap((anchor) => {
      const stamp = 'stamp' in anchor.wall ? anchor.wall.stamp : null
      const epochUs = 'epochUs' in anchor.wall ? anchor.wall.epochUs : (stamp?.epochUs ?? null)
      return epochUs === null ? [] : [readingOf(anchor, epochUs, stamp?.precisionUs ?? 1_000)]
    }),
  )
}

const asReading = (c: CaptureReading): Reading => ({
  uptimeUs: c.uptimeUs ?? 0,
  offsetUs: c.bootUs,
  kind: 'coarse',
  errorUs: c.errorUs,
  agreedAtUs: 0,
})

/** A capture is of this boot unless it is an earlier one, the boot ids differ or the boot's own lines go on after the machine was last seen up. */
function mayBeOf(capture: CaptureReading, boot: Boot): boolean {
  if (boot.segments.every((s) => s.isEarlier)) return capture.bootId !== null && capture.bootId === boot.bootId
  if (capture.bootId !== null && boot.bootId !== null && capture.bootId !== boot.bootId) return false
  return capture.uptimeUs === null || lastUptimeUs(boot) <= capture.uptimeUs + sameClockUs
}

const rtcSources = (boot: Boot): string[] => [
  ...new Set(boot.segments.flatMap((s) => (s.anchors.some((a) => a.via === 'rtc') ? [s.evidence.source.name] : []))),
]

/** Whole quarters of an hour, as between a zone and UTC: the kernel takes what the hardware clock shows for UTC. */
function isZoneAway(reading: Reading, capture: CaptureReading): boolean {
  const apart = Math.abs(reading.offsetUs - capture.bootUs)
  const rest = apart % quarterUs
  return apart <= halfDayUs && Math.min(rest, quarterUs - rest) < capture.errorUs + reading.errorUs + 2_000_000
}
