import { describe, expect, test } from 'vitest'
import type { SourceEvidence } from '../../src/model/evidence.ts'
import type { Sighting } from '../../src/model/sighting.ts'
import { factsOf } from '../../src/scan/collector.ts'
import { openEventLog } from '../../src/scan/event-log.ts'
import { joined } from '../../src/scan/later.ts'
import { MOST_SIGHTINGS } from '../../src/witness/index.ts'
import { sourceOf } from './tools.ts'

const sighting = (line: number): Sighting => ({
  word: 'killed-process',
  pid: line,
  quote: { source: 'kern.log', line, offset: null, cursor: null, text: `Killed process ${line} (x)` },
})

const reading = (sightings: readonly Sighting[]) => {
  const source = factsOf(sourceOf(''), { format: 'syslog', lines: 1, bytes: 1 })
  const evidence: SourceEvidence = { source, events: [], anchors: [], snapshots: [], warnings: [], sightings }
  return { evidence, log: openEventLog() }
}
const linesOf = (first: readonly Sighting[], second: readonly Sighting[]) =>
  joined(reading(first), reading(second), () => true, 0).sightings?.map(({ quote }) => quote.line)

describe('two readings of a source as one', () => {
  test('proofs that only the second saw stand in their place, one that both saw once', () => {
    expect(linesOf([sighting(1), sighting(5)], [sighting(3), sighting(5), sighting(9)])).toEqual([1, 3, 5, 9])
  })

  test('of very many proofs the first are kept, as one reading does: the second saw the end of the file, too', () => {
    const first = Array.from({ length: MOST_SIGHTINGS }, (_, at) => sighting(10 * at + 10))
    const lines = linesOf(first, [sighting(15), sighting(10 * MOST_SIGHTINGS + 5)])
    expect(lines).toHaveLength(MOST_SIGHTINGS)
    expect(lines?.slice(0, 3)).toEqual([10, 15, 20])
    expect(lines?.at(-1)).toBe(10 * MOST_SIGHTINGS - 10)
  })
})
