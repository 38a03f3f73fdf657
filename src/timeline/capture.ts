import type { ClockSnapshot } from '../model/snapshot.ts'

/** A reading of a machine's system clock at a capture: when the boot that was up then had begun. */
export interface CaptureReading {
  readonly source: string
  readonly bootId: string | null
  readonly bootUs: number
  readonly errorUs: number
  /** How long the machine was up at the capture: no line of that boot is later. `null` where only btime is known. */
  readonly uptimeUs: number | null
}

/** A clock that others contradict: it is not used, and that is said. */
export interface RefusedClock {
  readonly source: string
  readonly reason: string
}

export interface Captures {
  readonly readings: readonly CaptureReading[]
  readonly refused: readonly RefusedClock[]
}

/** What else knows the time of a machine's capture. */
export interface CaptureFacts {
  /** Newest instant of the machine's own logs. */
  readonly newestUs: number | null
  /** When the file with that name was last written, in µs. */
  readonly modifiedUs: (source: string) => number | null
}

const secondUs = 1_000_000
const minuteUs = 60 * secondUs
const dayUs = 86_400 * secondUs
/** Commands of one file run one after another. */
const withinUs = 600_000
/** `date` and `/proc/uptime` as two files: collectors take them seconds apart, sos with its plugins in turn. */
const acrossUs = 30 * secondUs
/** A log may go on after `date` was printed, while the collector still runs. */
const collectingUs = 30 * minuteUs
/** Two captures further apart cannot be one collector's run. */
const oneRunUs = 60 * minuteUs
/** Copied and repacked files keep an old date or get a new one, but no clock runs years ahead of the file that holds it. */
const aheadOfFileUs = 366 * dayUs

type Captured = ClockSnapshot & { readonly capturedUs: NonNullable<ClockSnapshot['capturedUs']> }
type Up = ClockSnapshot & { readonly uptimeSeconds: NonNullable<ClockSnapshot['uptimeSeconds']> }

/** Pairs the dates and uptimes of one machine, refuses what others contradict, and gives every reading its own uncertainty. */
export function capturesOf(clocks: readonly ClockSnapshot[], facts: CaptureFacts): Captures {
  const refused: RefusedClock[] = []
  const plausible = clocks.filter((c): c is Captured => {
    const reason = c.capturedUs === null ? null : contradiction(c as Captured, facts)
    if (reason !== null) refused.push({ source: c.source, reason })
    return c.capturedUs !== null && reason === null
  })
  const dates = oneRun(plausible, clocks, facts)
  for (const c of plausible)
    if (!dates.includes(c)) refused.push({ source: c.source, reason: 'another clock of the same machine shows a different time' })
  const uptimes = clocks.filter((c): c is Up => c.uptimeSeconds !== null && !refused.some((r) => r.source === c.source))
  const readings: CaptureReading[] = []
  for (const up of uptimes) {
    const pair = dateFor(up, dates, uptimes)
    if (pair !== null) readings.push(readingOf(up, pair))
  }
  for (const c of clocks)
    if (c.bootUs !== null)
      readings.push({
        source: c.source,
        bootId: c.bootId,
        bootUs: c.bootUs.value + 500_000,
        errorUs: 600_000,
        uptimeUs: c.uptimeSeconds === null ? null : c.uptimeSeconds.value * secondUs,
      })
  return { readings, refused }
}

function contradiction({ source, capturedUs }: Captured, { newestUs, modifiedUs }: CaptureFacts): string | null {
  const written = modifiedUs(source)
  if (newestUs !== null && newestUs > capturedUs.value + dayUs) return 'the machine’s own log has later lines'
  if (written !== null && capturedUs.value > written + aheadOfFileUs) return 'it is later than the file that holds it'
  return null
}

/** Of captures that lie apart, those of the run that the machine's log or its btime speak for; none where nothing tells. */
function oneRun(dates: readonly Captured[], clocks: readonly ClockSnapshot[], { newestUs }: CaptureFacts): readonly Captured[] {
  const runs: Captured[][] = []
  for (const date of [...dates].sort((a, b) => a.capturedUs.value - b.capturedUs.value)) {
    const run = runs.at(-1)
    const last = run?.at(-1)?.capturedUs.value
    if (run !== undefined && last !== undefined && date.capturedUs.value - last <= oneRunUs) run.push(date)
    else runs.push([date])
  }
  if (runs.length < 2) return dates
  const boots = clocks.flatMap((c) => (c.bootUs === null ? [] : [c.bootUs.value]))
  const ups = clocks.flatMap((c) => (c.uptimeSeconds === null ? [] : [c.uptimeSeconds.value * secondUs]))
  const fitting = runs.filter((run) =>
    run.some((d) => boots.some((b) => ups.some((up) => Math.abs(d.capturedUs.value - up - b) < 2 * minuteUs))),
  )
  if (fitting.length === 1) return fitting[0] as Captured[]
  if (newestUs === null) return []
  const after = runs.filter((run) => run.some((d) => d.capturedUs.value >= newestUs - collectingUs))
  return after[0] ?? []
}

/** The date that was read with an uptime: in the same file, else in the same folder, else the only one. */
function dateFor(up: Up, dates: readonly Captured[], uptimes: readonly Up[]): Captured | null {
  const own = dates.find((d) => d.source === up.source)
  if (own !== undefined) return own
  const folder = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1)
  const beside = dates.filter((d) => folder(d.source) === folder(up.source))
  const near = beside.length > 0 ? beside : dates
  const spread = near.length === 0 ? 0 : (near.at(-1)?.capturedUs.value ?? 0) - (near[0]?.capturedUs.value ?? 0)
  const ups = uptimes.map((u) => u.uptimeSeconds.value * secondUs)
  const apart = beside.length > 0 ? 0 : Math.max(...ups) - Math.min(...ups)
  return spread <= acrossUs && apart <= 2 * minuteUs ? (near[0] ?? null) : null
}

function readingOf(up: Up, date: Captured): CaptureReading {
  const unitUs = (up.uptimeUnitSeconds ?? 0.01) * secondUs
  const sameFile = date.source === up.source
  const shown = shiftOf(up, date)
  const shiftUs = shown ?? (sameFile ? 0 : null)
  const together = sameFile && shiftUs === 0
  const dateUnitUs = date.capturedUnitUs ?? 0
  const uptimeUs = up.uptimeSeconds.value * secondUs + (unitUs > secondUs ? unitUs / 2 : 0)
  return {
    source: up.source,
    bootId: up.bootId ?? date.bootId,
    bootUs: date.capturedUs.value + dateUnitUs / 2 + (shiftUs ?? 0) - uptimeUs,
    errorUs: dateUnitUs / 2 + unitUs / 2 + (together ? withinUs : shiftUs !== null ? secondUs : acrossUs),
    uptimeUs,
  }
}

/** `uptime` prints the time of day of its reading: how long after (or before) `date` that was, in the same zone or one of whole quarters away. */
function shiftOf(up: Up, date: Captured): number | null {
  if (up.uptimeAtSecondOfDay === undefined) return null
  const quarterUs = 15 * minuteUs
  const ofDay = (date.capturedUs.value + (date.offsetMinutes?.value ?? 0) * minuteUs) % dayUs
  const apart = (((up.uptimeAtSecondOfDay * secondUs - Math.floor(ofDay / secondUs) * secondUs) % quarterUs) + quarterUs) % quarterUs
  return apart > quarterUs / 2 ? apart - quarterUs : apart
}
