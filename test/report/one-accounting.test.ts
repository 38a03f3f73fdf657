import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { PhrasedReport } from '../../src/model/report.ts'

type Incident = PhrasedReport['incidents'][number]

/** Every number below a value of the report. */
function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* numbersIn(inner)
}

/** Sizes that the tables of an incident show, and what is left of a total without what was free. */
function shownSizes(incident: Incident): Set<number> {
  const { memory } = incident
  const shown = new Set(numbersIn([memory, incident.consumers, incident.kills, incident.memcg]))
  const free = memory?.classes.find((part) => part.id === 'free')?.bytes ?? 0
  if (memory !== null) shown.add(memory.totalBytes - free)
  return shown
}

/** A figure of a counter that no table has: then its line is quoted. */
const quoted = (size: number, { diagnosis }: Incident): boolean =>
  diagnosis.consumer.evidence.some(
    ({ text }) => text.includes(String(size / 1024)) || text.includes(String(size)) || text.includes(`hugepages_free=${size / 2 ** 21} `),
  )

const isShare = (share: number, sizes: readonly number[]): boolean =>
  share === 1 || sizes.some((part) => sizes.some((whole) => whole > 0 && Math.abs(part / whole - share) < 1e-6))

const samples = ['kernel', 'dmesg', 'bundles'].flatMap((folder) =>
  readdirSync(`samples/${folder}`).map((name) => `samples/${folder}/${name}`),
)

it.each(samples)('%s: headline, answers and tables stand on the same figures', async (sample) => {
  const { phrased } = await analyze([sample])
  for (const incident of phrased.incidents) {
    if (incident.memory === null) continue
    const shown = shownSizes(incident)
    const { consumer } = incident.diagnosis
    for (const phrase of [incident.headline, consumer.statement])
      for (const part of phrase) {
        if (typeof part === 'object' && 'bytes' in part)
          expect(shown.has(part.bytes) || quoted(part.bytes, incident), `${part.bytes} in: ${JSON.stringify(phrase)}`).toBe(true)
        if (typeof part === 'object' && 'percent' in part)
          expect(isShare(part.percent, [...shown]), `${part.percent} in: ${JSON.stringify(phrase)}`).toBe(true)
      }
    const sum = incident.memory.classes.reduce((all, part) => all + part.bytes, 0)
    expect(Math.round(sum)).toBe(Math.round(incident.memory.totalBytes))
    for (const part of incident.memory.classes) expect(part.share).toBeCloseTo(part.bytes / incident.memory.totalBytes, 6)
  }
})
