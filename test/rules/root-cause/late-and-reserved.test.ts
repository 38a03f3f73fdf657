import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { EvictionEvent } from '../../../src/model/event.ts'
import type { NodeSnapshot } from '../../../src/model/snapshot.ts'
import { evictionTooLate } from '../../../src/rules/root-cause/eviction-too-late.ts'
import { hugepageReservation } from '../../../src/rules/root-cause/hugepage-reservation.ts'
import { makeInfo, quote } from '../../kernel/make-dump.ts'
import { factsWith, MIB, saidIn, textsOf } from '../facts-with.ts'
import { CONTAINER_PATH, globalDump, inPod, instantAt, killed, memcgDump, placed } from '../make-incident.ts'

const node = (more: Partial<NodeSnapshot> = {}): NodeSnapshot =>
  ({
    kind: 'node',
    name: 'node-1',
    capacityBytes: { value: 972 * MIB, quote: quote('memory: 972Mi', 60) },
    allocatableBytes: { value: 800 * MIB, quote: quote('memory: 800Mi', 61) },
    kubeletVersion: 'v1.33.1',
    osImage: null,
    allocated: null,
    ...more,
  }) as NodeSnapshot
describe('eviction that came too late', () => {
  const event = (seconds: number | null, stage: EvictionEvent['stage'] = 'ranked') => {
    const one = placed<EvictionEvent>(seconds ?? 0, {
      kind: 'eviction',
      stage,
      target: null,
      ranking: [],
      signal: 'memory.available',
      thresholdBytes: 100 * MIB,
      availableBytes: 60 * MIB,
      capacityBytes: null,
      message: null,
      usages: [],
    } as never)
    return seconds === null ? { ...one, at: { ...one.at, epochUs: null } } : one
  }
  const kubelet = { ...factsWith(killed(globalDump())).incident.coverage, kubelet: true }
  const facts = (events: ReturnType<typeof event>[], more: Partial<IncidentFacts> = {}, coverage = kubelet) =>
    factsWith(inPod(globalDump({ taskMemcg: CONTAINER_PATH }), { context: events, coverage }), more)
  const told = (...of: Parameters<typeof facts>) => evictionTooLate.evaluate(facts(...of) as never)
  test('the first eviction after the kill, none before', () => {
    expect(told([event(0)])?.confidence).toBe('medium')
    expect(told([event(30)])?.confidence).toBe('medium')
    expect(told([event(31)])?.confidence).toBe('low')
    expect(told([event(-1), event(5)])).toBeNull()
    expect(told([event(-1)])).toBeNull()
    expect(told([])).toBeNull()
    // What was only observed is no eviction; what nobody dates stands on neither side.
    expect(told([event(-1, 'observed'), event(5)])).not.toBeNull()
    expect(told([event(null)])).toBeNull()
    expect(told([event(null), event(5)])).not.toBeNull()
    const undated = facts([event(5)])
    expect(evictionTooLate.evaluate({ ...undated, kill: { ...undated.kill, at: { ...instantAt(0), epochUs: null } } } as never)).toBeNull()
  })
  test('of a node’s shortage, of a pod, where the kubelet’s log is there', () => {
    expect(told([event(5)], {}, { ...kubelet, kubelet: false })).toBeNull()
    expect(told([event(5)], { victimCgroup: null, kill: { ...facts([]).kill, workload: null } as never })).toBeNull()
    expect(told([event(5)], { kill: { ...facts([]).kill, killer: 'earlyoom' } as never })).toBeNull()
    const shared = (path: string) =>
      evictionTooLate.evaluate(factsWith(inPod(memcgDump({ oomMemcg: path }), { context: [event(5)], coverage: kubelet })) as never)
    expect(shared('/kubepods.slice')).not.toBeNull()
    expect(shared(CONTAINER_PATH)).toBeNull()
  })
  test('who took it stands with it', () => {
    expect(saidIn(told([event(5)]))).toMatch(/ java held 797 MiB, sshd /)
    const many = factsWith(
      inPod(
        globalDump(
          { taskMemcg: CONTAINER_PATH },
          {},
          [1, 2].map((n) => ({ pid: 99 + n, rss: 90_000, anon: 90_000 })),
        ),
        {
          context: [event(5)],
          coverage: kubelet,
        },
      ),
    )
    expect(saidIn(evictionTooLate.evaluate(many as never))).toMatch(/ java held 703 MiB in 2 processes\.$/)
    expect(saidIn(told([event(5)], { composition: null }))).toMatch(/threshold is too low\.$/)
  })
  test('the threshold is raised to a twentieth of the node', () => {
    const advice = (...of: Parameters<typeof facts>) => evictionTooLate.recommend?.(facts(...of) as never).at(-1)
    expect(textsOf([advice([event(5)], { node: node({ capacityBytes: { value: 8000 * MIB, quote: null } as never }) })])[0]).toContain(
      'from 100 MiB to about 5 % of the node (512 MiB)',
    )
    expect(textsOf([advice([], { node: null })])[0]).toContain('(100Mi by default) to about 5 % of the node (')
    expect(textsOf([advice([], { node: null, machineAccounting: null })])[0]).toContain('of the node, and add')
    expect(advice([event(5)])).toMatchObject({ lookFirst: true, command: expect.stringContaining('/nodes/node-1/') })
    const nowhere = facts([], { node: null })
    expect(evictionTooLate.recommend?.({ ...nowhere, incident: { ...nowhere.incident, host: null } } as never).at(-1)?.command).toBeNull()
  })
})

describe('a pool of huge pages', () => {
  const pools = (...all: (readonly [pageMib: number, total: number, free: number, node?: number])[]) => {
    const dump = globalDump({}, { active_anon: 20_000 }, [{ rss: 3_000, anon: 3_000 }])
    const hugepages = all.map(([page, total, free, at = 0]) => ({
      node: at,
      total,
      free,
      surplus: 0,
      pageBytes: page * MIB,
      quote: quote('Node 0 hugepages_total=…'),
    }))
    return factsWith(killed({ ...dump, memInfo: { ...makeInfo(), ...dump.memInfo, hugepages } }))
  }
  const advice = (...of: Parameters<typeof pools>) => hugepageReservation.recommend?.(pools(...of) as never) ?? []
  test('is shrunk to what is in use, a tenth at least', () => {
    expect(advice([2, 200, 150])[0]?.command).toBe('echo 50 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages')
    expect(textsOf(advice([2, 200, 150]))[0]).toContain('300 MiB of it was unused (150 of 200 pages). Keep the 50 in use and what')
    expect(advice([2, 200, 190])[0]?.command).toContain('echo 20 >')
    expect(advice([2, 201, 200])[0]?.command).toContain('echo 21 >')
    expect(textsOf(advice([2, 200, 200]))[0]).toContain('Keep what the program')
    expect(textsOf(advice([2, 200, 199]))[0]).toContain('Keep the 1 in use')
  })
  test('in use by nine tenths it is not idle', () => {
    expect(textsOf(advice([2, 200, 20]))[0]).toContain('fewer huge pages than 200 together with a smaller user of them')
    expect(advice([2, 200, 20])[0]).toMatchObject({ lookFirst: true })
    expect(textsOf(advice([2, 200, 21]))[0]).toContain('Shrink the pool')
    expect(advice([2, 0, 0])).toHaveLength(1)
    expect(advice()).toHaveLength(1)
  })
  test('of several sizes the one that holds the most, over all nodes', () => {
    expect(advice([2, 300, 300], [1024, 1, 1])[0]?.command).toContain('hugepages-1048576kB')
    expect(advice([2, 513, 513], [1024, 1, 1])[0]?.command).toContain('hugepages-2048kB')
    expect(advice([1024, 1, 1], [2, 300, 300, 0], [2, 300, 250, 1])[0]?.command).toBe(
      'echo 60 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages',
    )
  })
  test('who set it is to be found', () => {
    expect(textsOf(advice([2, 200, 150])).at(-1)).toContain('that did not use it')
    expect(textsOf(advice([2, 200, 0])).at(-1)).not.toContain('that did not use it')
  })
  test('is quoted, with what is left for the rest', () => {
    const told = hugepageReservation.evaluate(pools([2, 200, 200]) as never)
    expect(told?.evidence[0]?.text).toBe('Node 0 hugepages_total=…')
    expect(saidIn(told)).toMatch(
      /400 MiB \(4\d %\) of the memory is reserved as huge pages, and 400 MiB of that is unused: ordinary processes share the \d+ MiB/,
    )
    expect(hugepageReservation.evaluate({ ...pools([2, 200, 200]), trust: 'medium' } as never)?.confidence).toBe('medium')
    expect(hugepageReservation.evaluate({ ...pools([2, 200, 200]), scope: 'memcg' } as never)).toBeNull()
  })
})
