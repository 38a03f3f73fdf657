import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { EvictionEvent } from '../../../src/model/event.ts'
import type { PlacedEvent } from '../../../src/model/incident.ts'
import { manyProcesses } from '../../../src/rules/consumer/many-processes.ts'
import { processConsumer } from '../../../src/rules/consumer/process.ts'
import { unknownConsumer } from '../../../src/rules/consumer/unknown.ts'
import { quote } from '../../kernel/make-dump.ts'
import { factsWith, MIB } from '../facts-with.ts'
import { globalDump, makeDeath, makeIncident, memcgDump, placed, podWorkload } from '../make-incident.ts'
import { factsOn, holding, linesOf, told } from './holding.ts'

const machine = { scope: 'machine' as const }
const killedWith = (mib: number | null, more: object = {}) => ({
  kill: makeDeath(memcgDump(), { anonRssBytes: mib === null ? null : mib * MIB, ...more }),
})

describe('pods of a node behind an eviction', () => {
  const pod = (name: string, mib: number) => ({
    namespace: 'shop',
    pod: name,
    container: null,
    bytes: mib * MIB,
    quote: quote(`${name} ${mib}Mi`),
  })
  const listed = (...names: string[]) =>
    names.map((name) => ({ name, namespace: 'shop', requestBytes: 10 * MIB, quote: quote(`list ${name}`) }))
  const facts = (rows: readonly object[], node: object = {}, killer: 'kubelet' | 'kernel' = 'kubelet') => {
    const kill = makeDeath(null, { killer, anonRssBytes: null, workload: podWorkload })
    const incident = makeIncident({ kills: [kill], snapshots: [{ kind: 'pod-usage', source: 't', rows } as never] })
    return factsWith(incident, {
      composition: null,
      node: { capacityBytes: { value: 100 * MIB, quote: null }, pods: [], ...node } as never,
    })
  }
  const largest = (...of: Parameters<typeof facts>) => told(processConsumer, facts(...of))
  const many = (...of: Parameters<typeof facts>) => told(manyProcesses, facts(...of))
  test('one that held half and more, and no more than there is', () => {
    expect(largest([pod('a', 50), pod('b', 9)])?.[1]).toBe('Pod shop/a held 50 MiB: 50 % of the 100 MiB of the node.')
    expect(largest([pod('a', 49), pod('b', 9)])).toBeNull()
    expect(largest([pod('a', 100)])).not.toBeNull()
    expect(largest([pod('a', 101)])).toBeNull()
    expect(largest([{ ...pod('a', 50), namespace: null }])?.[1]).toContain('Pod a held')
    expect(largest([], {})).toBeNull()
    expect(largest([pod('a', 50)], {}, 'kernel')).toBeNull()
    expect(largest([pod('a', 50)], { pods: listed('a') })?.[1]).toContain('held 50 MiB, of the 10 MiB that it requests: 50 %')
    expect(largest([pod('a', 50)], { pods: [{ ...listed('a')[0], requestBytes: 0 }] })?.[1]).toContain('held 50 MiB: 50 %')
  })
  test('several that held as much together', () => {
    expect(many([pod('a', 30), pod('b', 20)])?.[1]).toBe(
      '2 pods together held 50 MiB, 50 % of the 100 MiB of the node; the largest are shop/a with 30 MiB and shop/b with 20 MiB.',
    )
    expect(many([pod('a', 30), pod('b', 19)])).toBeNull()
    expect(many([pod('a', 50), pod('b', 20)])).toBeNull()
    expect(many([pod('a', 49), pod('b', 20)])).not.toBeNull()
    expect(many([pod('a', 49), pod('b', 48), pod('c', 3)])).not.toBeNull()
    expect(many([pod('a', 49), pod('b', 48), pod('c', 4)])).toBeNull()
    expect(many([pod('a', 49)])).toBeNull()
    expect(many([pod('a', 30), pod('b', 20)], {}, 'kernel')).toBeNull()
  })
  test('how sure, by whether the table is of that node and that time', () => {
    const own = pod('api-7c9d4', 20)
    const sure = (rows: readonly object[], pods: object[]) => many(rows, { pods })
    expect(sure([pod('a', 40), own], listed('a'))).toMatchObject(['medium', expect.anything(), expect.stringContaining('has no time')])
    expect(sure([pod('a', 40), own], [])).toMatchObject([
      'low',
      expect.anything(),
      expect.stringContaining('run on that node is not in the input'),
    ])
    expect(sure([pod('a', 40), pod('b', 20)], listed('a', 'b'))).toMatchObject([
      'low',
      expect.anything(),
      expect.stringContaining('printed later'),
    ])
  })
})

describe('what is not known', () => {
  const said = (facts: IncidentFacts) => told(unknownConsumer, facts)?.[1]
  test('the figures are not printed', () => {
    const lost = holding('anon', 60, { unprintedBytes: 90 * MIB })
    expect(said(factsOn(lost, killedWith(null)))).toBe('90 MiB of the 200 MiB stand in figures that are not in the log.')
    expect(said(factsOn(lost, killedWith(50)))).toBe(
      '90 MiB of the 200 MiB stand in figures that are not in the log; java (PID 100) held 50 MiB of its own, 25 %.',
    )
    expect(said(factsOn(lost, killedWith(200)))).toContain('of its own, 100 %')
    expect(said(factsOn(lost, killedWith(201)))).toContain('of its own, not all of it there')
  })
  test('which processes held them', () => {
    expect(said(factsOn(holding('anon', 60), killedWith(null)))).toBe(
      "60 MiB were in the class anon of the report's figures; which processes held them is not in the log.",
    )
    expect(said(factsOn(holding('other', 60), killedWith(null)))).toContain('do not tell processes from page cache')
    expect(said(factsOn(holding('anon', 60, { from: 'tasks' }), killedWith(null)))).toContain('has no memory counters')
    expect(said(factsOn(null, killedWith(null)))).toContain('What filled the memory is not known')
  })
  test('the victim alone', () => {
    expect(said(factsOn(null, killedWith(30)))).toBe(
      'The killed process java (PID 100) held 30 MiB of its own; against what total is not in the log.',
    )
    expect(said(factsOn(null, killedWith(30, { comm: ' ' })))).toMatch(/^The killed process held/)
    expect(said(factsOn(holding('anon', 60, { from: 'tasks' }), killedWith(30)))).toContain('against what total is not in the log')
    expect(said(factsOn(holding('anon', 60), killedWith(30)))).toMatch(
      /^Memory of processes took 60 MiB, 60 % of the 100 MiB in use; .* held 30 MiB\.$/,
    )
    expect(said(factsOn(holding('anon', 60, machine), killedWith(30)))).toContain('30 % of the 200 MiB that the machine')
    expect(said(factsOn(holding('file', 60), killedWith(30)))).toContain(
      'held 30 MiB of its own, 30 % of the 100 MiB in use; what filled the rest',
    )
    expect(said(factsOn(holding('file', 60), killedWith(100)))).toContain('100 % of')
    expect(said(factsOn(holding('file', 60), killedWith(101)))).toContain('held 101 MiB of its own; what filled')
  })
  test('a machine that was not full', () => {
    const room = (more: Partial<IncidentFacts>, mib: number | null = 30) =>
      said(factsOn(null, { hadRoom: true, ...killedWith(mib), ...more }))
    expect(room({ dump: null })).toBe('The machine was not full: much of its memory was free; java (PID 100) held 30 MiB of its own.')
    expect(room({ dump: null }, null)).toBe('The machine was not full: much of its memory was free.')
    const accounting = { machineAccounting: { totalBytes: 999 * MIB } as never }
    expect(room({ dump: globalDump(), ...accounting }, null)).toContain('31.3 MiB of 999 MiB was free')
    expect(room({ dump: globalDump(), machineAccounting: null }, null)).toContain('much of its memory')
    expect(room({ dump: null, ...accounting }, null)).toContain('much of its memory')
  })
  test('by the kill’s own line, where that tells what the victim held', () => {
    expect(linesOf(unknownConsumer, factsOn(null, killedWith(30)))).toEqual([expect.stringContaining('Killed process')])
    expect(linesOf(unknownConsumer, factsOn(null, killedWith(null)))).toEqual([])
    expect(linesOf(unknownConsumer, factsOn(null, { hadRoom: true, scope: 'global', dump: globalDump(), ...killedWith(30) }))).toEqual([
      'a line of role counters',
      'a line of role ram',
      expect.stringContaining('Killed process'),
    ])
  })
  test('what would tell: the figures, else its course', () => {
    const settled = (facts: IncidentFacts) => unknownConsumer.settledBy?.(facts).map(({ command }) => command?.split(' ')[0])
    expect(settled(factsOn(null))).toEqual(['journalctl'])
    expect(settled(factsOn(holding('anon', 60)))).toEqual(['ps'])
    expect(settled(factsOn(null, { hadRoom: true }))).toEqual([])
  })
  const usage = (usageMib: number | null, requestMib: number | null = null, container = 'app') => ({
    container,
    usageBytes: usageMib === null ? null : usageMib * MIB,
    requestBytes: requestMib === null ? null : requestMib * MIB,
  })
  const eviction = (...usages: object[]) =>
    placed<EvictionEvent>(1, { kind: 'eviction', stage: 'evicted', target: null, usages, signal: null } as never)
  const evicted = (own: PlacedEvent | null, context: readonly PlacedEvent[] = [], killer: 'kubelet' | 'kernel' = 'kubelet') => {
    const kill = makeDeath(null, { killer, anonRssBytes: null, event: (own?.event ?? null) as never })
    const facts = factsWith(makeIncident({ kills: [kill], context }), { composition: null })
    return [said(facts), ...linesOf(unknownConsumer, facts)].join(' ')
  }
  test('what an evicted pod used, by its own event or another of it', () => {
    expect(evicted(eviction(usage(50, 20)))).toBe(
      'What filled the node is not in the log; of the evicted pod, container app used 50 MiB (request 20 MiB). line of eviction',
    )
    expect(evicted(eviction(usage(50)))).toContain('used 50 MiB. line')
    expect(evicted(eviction(usage(50)), [eviction(usage(70))])).toContain('used 50 MiB')
    expect(evicted(eviction(usage(null)), [eviction(), eviction(usage(70))])).toContain('used 70 MiB')
    expect(evicted(null, [eviction(usage(70))])).toContain('used 70 MiB')
    expect(evicted(eviction(usage(50), usage(null)), [eviction(usage(70))])).toContain('used 50 MiB')
    const two = eviction(usage(50))
    const quoted = { ...two, event: { ...two.event, quotes: [quote('first', 1), quote('second', 2)] } } as PlacedEvent
    expect(evicted(quoted)).toMatch(/ first$/)
    expect(evicted(placed(1, { kind: 'object-event' } as never), [eviction(usage(70))])).toContain('used 70 MiB')
    for (const none of [evicted(null), evicted(eviction()), evicted(eviction(usage(null))), evicted(eviction(usage(50)), [], 'kernel')])
      expect(none).not.toContain('evicted pod')
  })
})
