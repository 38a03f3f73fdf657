import { describe, expect, it } from 'vitest'
import { analyzeEvidence, type EvidenceOptions } from '../src/analyze.ts'
import type { SourceEvidence } from '../src/model/evidence.ts'
import { dmesg, evidenceOf, killLines } from './evidence.ts'

const options: EvidenceOptions = {
  timezone: null,
  year: null,
  showCommandLines: false,
  zoneOffset: null,
  warnings: [],
  inputNames: [],
}

const evidence = await evidenceOf({ 'a/dmesg': dmesg(killLines(41.5, 292)), 'b/dmesg': dmesg(killLines(77.5, 815)) })

/** The source with its first event seen through `look`, which may throw. */
const seenThrough = (e: SourceEvidence, look: () => void): SourceEvidence => ({
  ...e,
  events: e.events.map((event) =>
    event.kind !== 'kernel-oom'
      ? event
      : Object.defineProperty({ ...event }, 'dump', {
          enumerable: true,
          get() {
            look()
            return event.dump
          },
        }),
  ),
})

const pidsIn = (given: readonly SourceEvidence[], asked = options) => {
  const { incidents, findings, sources, warnings } = analyzeEvidence(given, asked)
  return {
    pids: incidents.flatMap((i) => i.kills.map((k) => k.victim.pid)),
    sources: sources.length,
    findings: findings.map(({ id }) => id),
    warnings,
  }
}

describe('evidence that the analysis cannot bear', () => {
  it('costs its own source, and is named', () => {
    const [first, second] = evidence as [SourceEvidence, SourceEvidence]
    const broken = seenThrough(first, () => {
      throw new Error('boom')
    })
    expect(pidsIn([broken, second])).toEqual({
      pids: [815],
      sources: 2,
      findings: ['seen-not-understood'],
      warnings: expect.arrayContaining([
        expect.stringMatching(/^bundle\/a\/dmesg: the reader analysis failed on this and was left out \(boom\)/),
      ]),
    })
  })

  it('that is borne source by source, but not together, leaves a report of none, and names all', () => {
    let last = ''
    const afterOther = (name: string) => () => {
      if (last !== '' && last !== name) throw new Error('boom')
      last = name
    }
    // Asked for once at the beginning of each analysis.
    const asked = Object.defineProperty({ ...options }, 'inputNames', {
      enumerable: true,
      get() {
        last = ''
        return []
      },
    })
    const pair = evidence.map((e, at) => seenThrough(e, afterOther(String(at))))
    const { pids, warnings } = pidsIn(pair, asked)
    expect(pids).toEqual([])
    expect(warnings.filter((w) => w.includes('the reader analysis failed'))).toHaveLength(2)
    expect(pair.map((e) => pidsIn([e], asked).pids)).toEqual([[292], [815]])
  })

  it('costs one kill where it is met when what was read of very many is gone already', async () => {
    const lines = Array.from({ length: 5_002 }, (_, n) => killLines(41.5 + 60 * n, 1000 + n).slice(-1)).flat()
    const [whole] = (await evidenceOf({ 'a/dmesg': dmesg(lines) })) as [SourceEvidence]
    const given: SourceEvidence = { ...whole, events: [...whole.events] }
    const at = given.events.findIndex((event) => event.kind === 'kernel-oom')
    const event = given.events[at] as Extract<SourceEvidence['events'][number], { kind: 'kernel-oom' }>
    const dump = Object.defineProperty({ ...event.dump }, 'trigger', {
      enumerable: true,
      get() {
        if (given.events.length === 0) throw new Error('boom')
        return null
      },
    })
    ;(given.events as unknown[])[at] = { ...event, dump }
    const { pids, warnings } = pidsIn([given], { ...options, isLastUse: true })
    expect(pids).toEqual(Array.from({ length: 5_001 }, (_, n) => 1001 + n))
    expect(warnings.filter((told) => told.includes('the reader analysis failed'))).toEqual([
      'bundle/a/dmesg: the reader analysis failed on this and was left out (boom): a bug of ours; the rest is reported',
    ])
  })

  it('is nothing to speak of, where it can be borne', () => {
    expect(pidsIn(evidence)).toMatchObject({ pids: [292, 815], warnings: expect.not.arrayContaining([expect.stringContaining('failed')]) })
  })
})
