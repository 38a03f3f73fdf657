import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import type { Death, Instant } from '../../model/incident.ts'
import { successive } from '../../series/deaths.ts'
import { bytes, count, say, seconds } from '../../text/say.ts'
import { gapUs } from '../../timeline/instants.ts'
import { leastOf, mostOf } from '../../units/extremes.ts'

/** How a workload's deaths follow each other, over all incidents of it. */
export interface Recurrence {
  readonly deaths: readonly Death[]
  /** Seconds from death to death; `null` where no clock tells. */
  readonly gaps: readonly (number | null)[]
  /** The usual gap, where all are alike (within 15 %). */
  readonly every: number | null
  /** Seconds from the start of each run to its death, where known. */
  readonly lives: readonly number[]
  /** What the process held at each death; empty where several lived side by side: then they are no successive sizes of one thing. */
  readonly sizes: readonly number[]
  /** Children of one program, alive at once, that died one after another: what lies between two deaths is no life. */
  readonly areBeside: boolean
}

export function recurrenceOf({ incident }: Pick<IncidentFacts, 'incident'>): Recurrence | null {
  const deaths = incident.deaths ?? []
  if (deaths.length < 2) return null
  const gaps = deaths.slice(1).map((death, i) => secondsBetween((deaths[i] as Death).at, death.at))
  const known = gaps.filter((gap) => gap !== null)
  const lives = deaths.flatMap(({ at, startedUs }) =>
    at.epochUs === null || startedUs === null || startedUs > at.epochUs ? [] : [(at.epochUs - startedUs) / 1e6],
  )
  const areBeside = deaths.some(({ beside }) => beside === true)
  return {
    deaths,
    areBeside,
    gaps,
    every: known.length === gaps.length ? evenly(known) : null,
    lives: areBeside ? [] : lives,
    sizes: areBeside ? [] : deaths.flatMap((death) => (death.bytes === null ? [] : [death.bytes])),
  }
}

/** On whichever clock both were read from (compare `timeline/instants.ts`). */
function secondsBetween(a: Instant, b: Instant): number | null {
  const gap = gapUs(a, b)
  return gap === null ? null : gap / 1e6
}

/** The mean, where no value is further from it than 15 %; of no values it is no number, and so not above 0. */
export function evenly(values: readonly number[]): number | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return mean > 0 && values.every((value) => Math.abs(value - mean) <= 0.15 * mean) ? mean : null
}

/** Larger at every death, by more than noise: 2 % from one to the next. */
export const grows = (sizes: readonly number[]): boolean =>
  sizes.length > 1 && sizes.every((size, i) => i === 0 || size >= (sizes[i - 1] as number) * 1.02)

/** ` It recurs: 3 times, every 31 h, …`: interval, lifetime and growth as far as they are known. */
export function recurrenceSaid(found: Recurrence | null): Phrase {
  if (found === null) return say``
  return say` It recurs: ${count(found.deaths.length)} times${rhythm(found)}${lifetimes(found.lives)}${growth(found)}.`
}

export function rhythm({ gaps, every }: Recurrence): Phrase {
  const known = gaps.filter((gap) => gap !== null)
  if (known.length === 0) return say``
  const [least, most] = [leastOf(known), mostOf(known)]
  if (most < 0.5) return say`, within one second`
  if (every !== null) return gaps.length > 1 ? say`, every ${length(every)}` : say`, ${length(every)} apart`
  return known.length === 1 ? say`, ${length(most)} apart` : say`, ${length(least)} to ${length(most)} apart`
}

/** To the minute where it is hours: a rhythm has no seconds. */
const length = (value: number) => seconds(value >= 3600 ? Math.round(value / 60) * 60 : Math.round(value))

function lifetimes(lives: readonly number[]): Phrase {
  const [only] = lives
  if (only === undefined) return say``
  if (lives.length === 1) return say`; the one run whose start is known lasted ${length(only)}`
  const even = evenly(lives)
  const [least, most] = [leastOf(lives), mostOf(lives)]
  return even !== null || Math.round(least) === Math.round(most)
    ? say`; each run lived for about ${length(even ?? most)}`
    : say`; its runs lived for ${length(least)} to ${length(most)}`
}

function growth({ sizes, deaths }: Recurrence): Phrase {
  if (sizes.length < 2 || sizes.length < deaths.length) return say``
  const [first, last] = [sizes[0] as number, sizes.at(-1) as number]
  if (grows(sizes) && successive(deaths).length === deaths.length) return say`; it held ${listed(sizes)}, more each time`
  const same = mostOf(sizes) <= leastOf(sizes) * 1.05
  return same ? say`; it held about ${bytes(last)} each time` : say`; it held ${bytes(first)} at first and ${bytes(last)} at last`
}

function listed(sizes: readonly number[]): Phrase {
  if (sizes.length > 4) return say`${bytes(sizes[0] as number)} at first and ${bytes(sizes.at(-1) as number)} at last`
  const last = sizes.length - 1
  return sizes.reduce<Phrase>((all, size, i) => say`${all}${i === 0 ? '' : i === last ? ' and ' : ', '}${bytes(size)}`, say``)
}
