import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { ownCurve } from '../../facts/own-curve.ts'
import type { Curve, CurveRun } from '../../model/curve.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import { bytes, code, count, say, seconds } from '../../text/say.ts'

/** A start is over by then, whatever it loads. */
const LONGEST_START_US = 15 * 60e6
/** A peak at the start comes this near to the limit, and what is held after it is clearly less. */
const NEAR = 0.8
const LOWER = 0.8
/** A start that stays below this share of the limit does fit it. */
const FITS = 0.6
/** The start as other runs show it may take a little longer than the run that was killed in it. */
const LONGER = 1.5

export interface StartByCurve {
  /** `fits`: other runs show that what it loads at start has room. */
  readonly what: 'peak' | 'fits'
  readonly sure: boolean
  readonly statement: Phrase
}

/**
 * What a curve tells of starts: the run was killed minutes after its beginning, and runs that got past it show the same peak and far less after it. Without
 * such a run short lives prove nothing: what leaks fast dies as soon. `null` where it does not tell.
 */
export function startByCurve(facts: IncidentFacts): StartByCurve | null {
  const curve = ownCurve(facts)
  const limit = facts.memcgLimit?.limitBytes ?? curve?.limitBytes ?? null
  const at = facts.kill?.at.epochUs ?? null
  if (curve === null || limit === null || at === null || curve.clock !== 'utc' || curve.of === 'runtime-heap') return null
  const started = facts.started?.value ?? curve.runs.findLast(({ fromUs }) => fromUs <= at)?.fromUs ?? null
  if (started === null || curve.runs.length < 2) return null
  const age = at - started
  if (age < 0 || age > LONGEST_START_US) return null
  const others = curve.runs
    .filter(({ fromUs, toUs }) => !(fromUs <= at && at - toUs < age) || toUs > at)
    .map((run) => startOf(curve, run, LONGER * age))
    .filter((start) => start !== null)
  const peaks = others.filter(({ peak, after }) => peak >= NEAR * limit && after <= LOWER * peak)
  const [first] = peaks
  if (first === undefined) {
    const roomy = others.filter(({ peak }) => peak < FITS * limit)
    const most = Math.max(...roomy.map(({ peak }) => peak))
    return roomy.length === 0 || roomy.length < others.length
      ? null
      : {
          what: 'fits',
          sure: false,
          statement: say`Other runs of ${code(curve.name)} held ${bytes(Math.round(most))} at most at their start: it fits the limit.`,
        }
  }
  return {
    what: 'peak',
    sure: peaks.length === others.length && curve.metric !== 'usage',
    statement: say`${code(curve.name)} needs the most right at its start: ${peaks.length === 1 ? say`a run that got past it` : say`${count(peaks.length)} runs that got past it`} reached ${bytes(Math.round(Math.max(...peaks.map(({ peak }) => peak))))} within ${seconds(Math.round((LONGER * age) / 1e6))} and held ${bytes(Math.round(first.after))} after that. The run that was killed was ${seconds(Math.round(age / 1e6))} old.`,
  }
}

/** The most of a run's first minutes, and the middle of what came after; `null` for a run that did not last. */
function startOf(
  { us, bytes: sizes }: Curve,
  { fromUs, toUs }: CurveRun,
  windowUs: number,
): { readonly peak: number; readonly after: number } | null {
  const within = (from: number, to: number): number[] => us.flatMap((at, n) => (at >= from && at <= to ? (sizes[n] ?? []) : []))
  const early = within(fromUs, fromUs + windowUs)
  const late = within(fromUs + windowUs + 1, toUs).sort((a, b) => a - b)
  const after = late.length >= 4 ? late[Math.floor(late.length / 2)] : undefined
  return after !== undefined && toUs - fromUs >= 3 * windowUs && early.length > 0 ? { peak: Math.max(...early), after } : null
}
