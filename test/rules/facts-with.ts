import { factsOf } from '../../src/facts/facts-of.ts'
import type { Composition, IncidentFacts } from '../../src/facts/incident-facts.ts'
import type { Curve } from '../../src/model/curve.ts'
import type { Phrase } from '../../src/model/diagnosis.ts'
import type { MemoryClassId, ZoneState } from '../../src/model/figures.ts'
import type { Incident } from '../../src/model/incident.ts'
import { plainPhrase } from '../../src/text/plain-phrase.ts'
import { quote } from '../kernel/make-dump.ts'
import { NOON } from './make-incident.ts'

export const MIB = 2 ** 20
export const HOUR = 3600

/** What is known of an incident, with some of it replaced: a threshold is asked from either side. */
export const factsWith = (incident: Incident, more: Partial<IncidentFacts> = {}): IncidentFacts => ({ ...factsOf(incident), ...more })

export const saidIn = (answer: { readonly statement: Parameters<typeof plainPhrase>[0] } | null): string =>
  answer === null ? '' : plainPhrase(answer.statement)

/** What was held, in MiB: of these classes, by whoever is told of. */
export function heldBy(
  { composition }: IncidentFacts,
  mib: Readonly<Partial<Record<MemoryClassId, number>>>,
  more: Partial<Composition> = {},
): { readonly composition: Composition } {
  if (composition === null) throw new Error('nothing was held')
  const entries = Object.entries(mib) as [MemoryClassId, number][]
  const used = entries.filter(([id]) => id !== 'free').reduce((sum, [, size]) => sum + size, 0)
  const [id, most] = entries.reduce((best, next) => (next[1] > best[1] ? next : best))
  return {
    composition: {
      ...composition,
      classes: Object.fromEntries(entries.map(([name, size]) => [name, size * MIB])),
      usedBytes: used * MIB,
      totalBytes: used * MIB,
      main: { id, bytes: most * MIB, share: most / used },
      unaccountedBytes: 0,
      unprintedBytes: 0,
      from: 'figures',
      ...more,
    },
  }
}

/** Advice in words, in its order. */
export const textsOf = (advice: readonly ({ readonly text: Phrase } | null | undefined)[]): readonly string[] =>
  advice.flatMap((one) => (one == null ? [] : [plainPhrase(one.text)]))

/** Seconds before the kill, and MiB: the samples of a container that was killed at noon under 80 MiB. */
export function curveOf(samples: readonly (readonly [ago: number, mib: number])[], more: Partial<Curve> = {}): Curve {
  const us = samples.map(([ago]) => NOON - ago * 1e6)
  const bytes = samples.map(([, mib]) => mib * MIB)
  return {
    of: 'container',
    metric: 'working-set',
    subject: { container: 'api', pod: 'api-7c9d4', namespace: 'shop' } as unknown as Curve['subject'],
    name: 'shop/api-7c9d4/api',
    source: 'range.json',
    us,
    bytes,
    clock: 'utc',
    count: samples.length,
    intervalUs: 60e6,
    limitBytes: 80 * MIB,
    shape: 'growth',
    confidence: 'high',
    slopeBytesPerHour: 2 * MIB,
    spikeUs: null,
    livesUs: [],
    formerLimitBytes: null,
    falls: null,
    runs: [],
    unseenUs: 30e6,
    lastBytes: bytes.at(-1) ?? 0,
    peakBytes: Math.max(...bytes),
    highWaterBytes: null,
    pressure: [],
    quotes: [quote('first sample', 70), quote('second sample', 71), quote('third sample', 72)],
    ...more,
  }
}

/** A run of it, in seconds before the kill. */
export const runOf = (from: number, to: number, more: Partial<Curve['runs'][number]> = {}): Curve['runs'][number] => ({
  fromUs: NOON - from * 1e6,
  toUs: NOON - to * 1e6,
  shape: 'growth',
  confidence: 'high',
  slopeBytesPerHour: 2 * MIB,
  firstBytes: 20 * MIB,
  lastBytes: 78 * MIB,
  peakBytes: 78 * MIB,
  killed: true,
  ...more,
})

/** A zone of a gigabyte with little free: dry unless something of it is replaced. */
export const makeZone = (more: Partial<ZoneState> = {}): ZoneState => ({
  node: 0,
  name: 'Normal',
  usable: true,
  allowed: true,
  freeBytes: 10 * MIB,
  minBytes: 8 * MIB,
  lowBytes: 12 * MIB,
  highBytes: 16 * MIB,
  managedBytes: 1000 * MIB,
  sizeBytes: 1000 * MIB,
  headroomBytes: 0,
  exhausted: true,
  hasBlock: null,
  blockBytes: null,
  ...more,
})
