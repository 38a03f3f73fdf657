import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { ScoredTask } from '../../../src/model/figures.ts'
import type { Kill } from '../../../src/model/incident.ts'
import { isFragmented } from '../../../src/rules/limit/fragmentation.ts'
import { machineState } from '../../../src/rules/limit/machine.ts'
import { nodeMemory } from '../../../src/rules/limit/node-memory.ts'
import { entitledGiant, giantOf, isOneOfMany, unclaimedOf } from '../../../src/rules/root-cause/claims.ts'
import { evictedUse, isGlobalKill, isMemcgKill, isOwnLimit, shareOf, shareOfHolder } from '../../../src/rules/root-cause/signs.ts'
import { makeRow, trigger } from '../../kernel/make-dump.ts'
import { factsWith, heldBy, MIB, makeZone } from '../facts-with.ts'
import { CONTAINER_PATH, globalDump, inPod, killed, makeContainer, makePod, memcgDump } from '../make-incident.ts'
import { evicted } from '../root-cause-cases.ts'

const base = factsWith(inPod(globalDump({ taskMemcg: CONTAINER_PATH })))
const scores = base.scores as NonNullable<IncidentFacts['scores']>
const host = factsWith(killed(globalDump()))
const group = factsWith(inPod(memcgDump()))
const spared = (mib: number, adj: number | null, more: object = {}): ScoredTask =>
  ({
    row: { ...makeRow({ pid: 7, rss: mib * 256, anon: mib * 256, comm: 'backupd' }), oomScoreAdj: adj, oomAdj: null, ...more },
    badness: 1,
    rank: 2,
    eligible: true,
    unadjusted: 1,
    unadjustedRank: 1,
  }) as never

describe('a giant that an adjustment spared', () => {
  const giant = (task: ScoredTask | null, used: number, more: Partial<IncidentFacts> = {}) =>
    giantOf({ ...base, ...heldBy(base, { anon: used }), scores: { ...scores, shieldedGiant: task }, swap: null, ...more })
  test('held a fifth of what was held in RAM and swap', () => {
    expect(giant(spared(20, -900), 100)?.share).toBe(0.2)
    expect(giant(spared(19.9, -900), 100)).toBeNull()
    const swap = (total: number, free: number) => ({ swap: { totalBytes: total * MIB, freeBytes: free * MIB } })
    expect(giant(spared(32, -900), 100, swap(100, 40))?.share).toBe(0.2)
    expect(giant(spared(31, -900), 100, swap(100, 40))).toBeNull()
    expect(giant(spared(20, -900), 100, swap(0, 50))?.share).toBe(0.2)
    expect(giant(null, 100)).toBeNull()
    expect(giant(spared(50, null), 100)).toBeNull()
    expect(giant(spared(50, -900), 100, { kill: { ...(base.kill as Kill), killer: 'kubelet' } })).toBeNull()
    expect(giant(spared(50, -900), 100, { kill: null })).toBeNull()
  })
  test('where nothing was held its share is not known', () => {
    const none = { composition: { ...(heldBy(base, { anon: 100 }).composition as object), usedBytes: 0 } as never }
    expect(giant(spared(600, -900), 100, none)?.share).toBeNull()
    expect(giant(spared(200, -900), 100, none)).toBeNull()
  })
  test('is one of many where nothing spares it and it holds less than half', () => {
    const of = (share: number | null, adj = 0) => isOneOfMany({ task: spared(1, adj), bytes: 1, share, adj, by: 'own' })
    expect([of(0.499), of(0.5), of(null), of(0.499, -1)]).toEqual([true, false, false, false])
    expect(isOneOfMany({ task: spared(1, 400), bytes: 1, share: 0.1, adj: 400, by: 'burstable' })).toBe(false)
  })
  const node = (gib: number) => ({ node: { capacityBytes: { value: gib * 2 ** 30, quote: null } } as never })
  test('is entitled to the request that an adjustment from 3 to 998 stands for', () => {
    // Of 100 GiB a thousandth is 102.4 MiB.
    expect(giant(spared(300, 998), 400, node(100))).toBeNull()
    expect(giant(spared(308, 998), 400, node(100))?.by).toBe('burstable')
    expect(giant(spared(150, 999), 400, node(100))).not.toBeNull()
    expect(giant(spared(300, 3), 400, node(100))).toBeNull()
    expect(giant(spared(300, 2), 400, node(100))).not.toBeNull()
    const most = Math.ceil(3 * 100 * 1.024 * 2 ** 20)
    expect(giant(spared(1, 998, { rssAnonBytes: most }), 400, node(100))).toBeNull()
    expect(giant(spared(1, 998, { rssAnonBytes: most + 1 }), 400, node(100))).not.toBeNull()
  })
  test('the largest of the table that stays within its request', () => {
    const of = (adj: number | null, mib: number, more: Partial<IncidentFacts> = {}) => {
      const { row } = spared(mib, adj)
      return entitledGiant({
        ...base,
        ...heldBy(base, { anon: 400 }, { largest: { row, bytes: mib * MIB, swapBytes: 0, exact: true } }),
        ...node(100),
        ...more,
      })
    }
    expect(of(998, 300)).toMatchObject({ bytes: 300 * MIB, adj: 998 })
    expect(of(998, 79)).toBeNull()
    expect(of(998, 80)).not.toBeNull()
    expect(of(null, 300)).toBeNull()
    expect(of(-900, 300)).toBeNull()
    expect(of(998, 300, { node: null, machineAccounting: null, meminfo: null })).toBeNull()
    expect(of(998, 300, { composition: null })).toBeNull()
    expect(of(998, 300, heldBy(base, { anon: 400 }, { largest: null }))).toBeNull()
  })
  test('what asked for nothing, of nothing held, is none', () => {
    const dump = { ...(base.dump as NonNullable<IncidentFacts['dump']>), tasks: [makeRow({ rss: 9, anon: 9, adj: 1000 })] }
    expect(unclaimedOf({ ...base, dump, composition: { ...(base.composition as object), usedBytes: 0 } as never })).toBeNull()
    expect(unclaimedOf({ ...base, dump, composition: null })).toBeNull()
    expect(unclaimedOf({ ...base, ...heldBy(base, { anon: 1 }), dump: null })).toBeNull()
  })
})

describe('signs', () => {
  test('a panic or nothing killable is a shortage like a kill', () => {
    const none = (facts: IncidentFacts, nature: string, dump = facts.dump) =>
      ({ ...facts, kill: null, dump, incident: { ...facts.incident, nature } }) as IncidentFacts
    expect(isGlobalKill(none(host, 'no-kill'))).toBe(true)
    expect(isGlobalKill(none(host, 'panic'))).toBe(false)
    expect(isGlobalKill(none(host, 'no-kill', null))).toBe(false)
    expect(isMemcgKill(none(group, 'no-kill'))).toBe(true)
  })
  test('shares of nothing are none', () => {
    const of = (usedBytes: number, from: 'figures' | 'tasks' = 'figures') =>
      shareOf({ ...host, composition: { ...heldBy(host, { anon: 1 }).composition, usedBytes, from } }, 'anon')
    expect([of(2 * MIB), of(0), of(2 * MIB, 'tasks')]).toEqual([0.5, 0, 0])
    const holder = { row: makeRow({ rss: 256 }), bytes: 3 * MIB, swapBytes: MIB, exact: true }
    const none = { ...host, dump: null, composition: { ...heldBy(host, { anon: 0, file: 0 }).composition, usedBytes: 0 } }
    expect(shareOfHolder(none, holder)).toBe(0)
    expect(shareOfHolder({ ...none, ...heldBy(host, { anon: 8 }) }, holder)).toBe(0.5)
    expect(shareOfHolder({ ...none, ...heldBy(host, { anon: 2 }) }, holder)).toBe(1)
    expect(shareOfHolder({ ...none, composition: null }, holder)).toBe(0)
    expect(shareOfHolder({ ...none, ...heldBy(host, { file: 8 }) }, holder)).toBe(0.5)
  })
  test('a pod of which nothing is known is taken for one of one container', () => {
    const pod = { ...group, limitCgroup: { ...(group.limitCgroup as object), level: 'pod' } as never }
    expect(isOwnLimit({ ...pod, pod: null })).toBe(true)
    expect(isOwnLimit({ ...pod, pod: makePod([makeContainer(), makeContainer({ name: 'b' })]) })).toBe(false)
  })
  test('what an evicted pod used: nothing told is not nothing', () => {
    expect(evictedUse(factsWith(evicted(0)))).toBe(0)
    expect(evictedUse(host)).toBe(-1)
  })
})

describe('zones and nodes', () => {
  test('a node is dry where no zone of it is known not to be', () => {
    const of = (...more: Parameters<typeof makeZone>[0][]) => machineState({ ...host, zones: more.map((one) => makeZone(one)) })?.dryNodes
    expect(of({}, { name: 'DMA32', exhausted: null })).toEqual([0])
    expect(of({ exhausted: null }, { name: 'DMA32', exhausted: null })).toEqual([])
    expect(of({}, { name: 'DMA32', exhausted: false, freeBytes: 400 * MIB })).toEqual([])
  })
  test('memory in pieces is no shortage of the machine', () => {
    const pieces = makeZone({ exhausted: false, headroomBytes: 20 * MIB, hasBlock: false, freeBytes: 60 * MIB })
    const of = (order: number) => ({ ...factsWith(killed(globalDump({ trigger: trigger(['GFP_KERNEL'], order) }))), zones: [pieces] })
    expect(isFragmented(of(3))).toBe(true)
    expect(nodeMemory.evaluate(of(3) as never)).toBeNull()
    expect(nodeMemory.evaluate(of(0) as never)).not.toBeNull()
  })
  test('an alert at a tenth of it', () => {
    expect(nodeMemory.recommend?.(host as never)[0]).toMatchObject({ lookFirst: true })
    expect(nodeMemory.recommend?.({ ...host, machineAccounting: null } as never)).toEqual([])
  })
})
