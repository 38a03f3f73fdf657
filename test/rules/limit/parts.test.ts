import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Recommendation } from '../../../src/model/diagnosis.ts'
import type { ZoneState } from '../../../src/model/figures.ts'
import type { OomDump } from '../../../src/model/oom-dump.ts'
import { boundAnswer, isBystander, isReclaimer, relaxBinding } from '../../../src/rules/limit/bound-nodes.ts'
import { isFragmented } from '../../../src/rules/limit/fragmentation.ts'
import { isMostlyFree, machineState } from '../../../src/rules/limit/machine.ts'
import { fragmentationCause } from '../../../src/rules/root-cause/fragmentation.ts'
import { zoneOrNumaExhaustion } from '../../../src/rules/root-cause/zone-or-numa-exhaustion.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { trigger } from '../../kernel/make-dump.ts'
import { factsWith, heldBy, MIB, makeZone, saidIn, textsOf } from '../facts-with.ts'
import { CONTAINER_PATH, globalDump, killed } from '../make-incident.ts'

const zone = (more: Partial<ZoneState> = {}): ZoneState => makeZone({ headroomBytes: 2 * MIB, exhausted: false, ...more })
const dry = (more: Partial<ZoneState> = {}): ZoneState => makeZone(more)
const asks = (more: Partial<NonNullable<OomDump['trigger']>> = {}) => ({ ...trigger(['GFP_KERNEL']), ...more })

describe('a request that was held to some nodes', () => {
  const facts = (dump: Partial<OomDump>, more: Partial<IncidentFacts> = {}, death = {}) =>
    factsWith(
      killed(
        globalDump({ constraint: 'cpuset', cpuset: 'batch', memsAllowed: '1', trigger: asks(), ...dump }, { free: 64_000 }),
        {},
        death,
      ),
      { zones: [dry()], ...more },
    )
  const told = (...of: Parameters<typeof facts>) => boundAnswer(facts(...of), 'cpuset')
  const POLICY = { constraint: 'memory_policy', nodemask: '0', memsAllowed: '0-1' } as const
  test('by a cpuset or a policy, which the kernel printed', () => {
    expect(saidIn(told({}))).toBe(
      'The cpuset batch held the request of java (PID 100) to NUMA node 1, and that memory was exhausted; they had 10 MiB free, and the whole machine 250 MiB.',
    )
    expect(told({})?.confidence).toBe('high')
    expect(told({}, { trust: 'medium' })?.confidence).toBe('medium')
    expect(boundAnswer(facts({}), 'memory-policy')).toBeNull()
    expect(told(POLICY)).toBeNull()
    expect(saidIn(boundAnswer(facts(POLICY), 'memory-policy'))).toContain(
      'A memory policy (mbind, numactl) held the request of java (PID 100) to NUMA node 0,',
    )
    expect(told({ constraint: 'none' })).toBeNull()
    expect(told({}, { scope: 'memcg' })).toBeNull()
    expect(saidIn(told({ cpuset: null, trigger: asks({ cpuset: 'own' }) }))).toContain('The cpuset own held')
    expect(saidIn(told({ cpuset: null }))).toContain('The cpuset ? held')
    expect(saidIn(told({ memsAllowed: null, trigger: asks({ memsAllowed: '3' }) }))).toContain('to NUMA node 3')
    expect(saidIn(told({ memsAllowed: null }))).toContain('to its nodes')
    expect(saidIn(boundAnswer(facts({ ...POLICY, nodemask: null, trigger: asks({ nodemask: '2' }) }), 'memory-policy'))).toContain(
      'to NUMA node 2',
    )
  })
  test('what those nodes had', () => {
    const said = (...zones: ZoneState[]) => told({}, { zones })
    expect(saidIn(said(zone({ freeBytes: 30 * MIB, lowBytes: 12 * MIB })))).toContain('; they had 30 MiB free, and the whole')
    expect(said(zone({ freeBytes: 30 * MIB }))?.confidence).toBe('medium')
    // Zones of other nodes, and device memory, are not theirs.
    expect(saidIn(said(dry(), zone({ allowed: false, freeBytes: 900 * MIB }), zone({ name: 'Device', freeBytes: 900 * MIB })))).toContain(
      'they had 10 MiB free',
    )
    expect(saidIn(said())).toContain('; what those had is not in the log; the whole machine had 250 MiB free')
    expect(said()?.confidence).toBe('high')
    const { free: _, ...counters } = facts({}).dump?.memInfo?.counters ?? {}
    const info = (of: IncidentFacts) =>
      ({ ...of, dump: { ...of.dump, memInfo: { ...of.dump?.memInfo, counters } } }) as never as IncidentFacts
    expect(saidIn(boundAnswer(info(facts({}, { zones: [] })), 'cpuset'))).toMatch(/to NUMA node 1\.$/)
    expect(saidIn(boundAnswer(info(facts({})), 'cpuset'))).toMatch(/they had 10 MiB free\.$/)
    expect(saidIn(told({}, { zones: null }))).toContain('what those had is not in the log')
  })
  test('free, but in a zone that such a request may not use', () => {
    const idle = (more: Partial<ZoneState> = {}) => zone({ name: 'Movable', usable: false, freeBytes: 400 * MIB, ...more })
    const said = (...zones: ZoneState[]) => told({}, { zones })
    expect(saidIn(said(dry(), idle(), idle({ node: 1 }), idle({ node: 2, name: 'HighMem' })))).toContain(
      'which had 1.17 GiB free, but in zone Movable, HighMem, which a request of this kind may not use, and the whole machine 250 MiB',
    )
    expect(said(dry(), idle())?.confidence).toBe('high')
    expect(saidIn(said(zone({ freeBytes: 30 * MIB }), idle()))).not.toContain('may not use')
    expect(saidIn(said(dry(), idle({ freeBytes: 10 * MIB })))).not.toContain('may not use')
    expect(saidIn(said(dry(), idle({ freeBytes: 10.1 * MIB })))).toContain('may not use')
    expect(saidIn(said(dry(), idle({ exhausted: true })))).not.toContain('may not use')
    expect(saidIn(said(dry(), idle({ exhausted: null })))).not.toContain('may not use')
    expect(saidIn(said(dry({ exhausted: null }), idle()))).toContain('may not use')
  })
  test('another than the one that asked is a bystander, unless they live together', () => {
    const by = (dump: Partial<OomDump>, death = {}, more: Partial<IncidentFacts> = {}) => isBystander(facts(dump, more, death))
    const other = { trigger: asks({ comm: 'mpirun', pid: 7 }), taskMemcg: '/system.slice/a.service' }
    expect(by(other)).toBe(true)
    expect(saidIn(told(other))).toContain('java (PID 100) is a bystander: the binding is not its own.')
    expect(saidIn(told({}))).not.toContain('bystander')
    expect(by({})).toBe(false)
    expect(by({ ...other, trigger: asks({ comm: 'java', pid: 7 }) })).toBe(false)
    expect(by({ ...other, trigger: asks({ comm: 'mpirun', pid: 100 }) })).toBe(false)
    expect(by({ ...other, trigger: asks({ comm: 'kswapd1', pid: 7 }) })).toBe(false)
    expect(by({ ...other, trigger: null })).toBe(false)
    expect(by({ ...other, constraint: 'none' })).toBe(false)
    expect(by(other, {}, { kill: null })).toBe(false)
    // The table may have the program's name where the kill line has its thread's.
    expect(by({ ...other, trigger: asks({ comm: 'java', pid: 7 }) }, { comm: 'C2 Compiler' })).toBe(false)
    expect(by({ ...other, trigger: asks({ comm: 'mpirun', pid: 7 }) }, { comm: 'C2 Compiler' })).toBe(true)
    expect(by({ ...other, cpuset: 'a.service' })).toBe(false)
    expect(by({ ...other, cpuset: 'a.service' }, { memcg: '/b' })).toBe(true)
    expect(by({ ...other, cpuset: '/' })).toBe(true)
    expect(by({ ...other, cpuset: null, trigger: asks({ comm: 'mpirun', pid: 7, cpuset: 'a.service' }) })).toBe(false)
    expect(by({ ...other, cpuset: null })).toBe(true)
    expect([isReclaimer('kswapd0'), isReclaimer('java'), isReclaimer(null)]).toEqual([true, false, false])
  })
  const advice = (...of: Parameters<typeof facts>) => relaxBinding(facts(...of))
  test('more nodes for the one that asked; else whoever is bound there is to be found', () => {
    const [own] = advice({})
    expect(textsOf([own])[0]).toContain('Allow java more than NUMA node 1, or let it interleave: ')
    expect(own).toMatchObject({ command: 'numactl --hardware; numastat -m | head -20', lookFirst: true })
    const [found] = advice({ trigger: asks({ comm: 'kswapd1', pid: 50 }) })
    expect(textsOf([found])[0]).toContain('Find out what is bound to NUMA node 1 (java held the most)')
    expect(found).toMatchObject({ command: expect.stringContaining('numastat -p java'), lookFirst: false })
    expect(textsOf(advice({ constraint: 'none' }, { zones: [dry(), zone({ node: 1, freeBytes: 300 * MIB })] }))[0]).toContain(
      'more than NUMA node 0',
    )
    expect(advice({ constraint: 'none' }, { zones: [zone({ freeBytes: 300 * MIB })] })).toEqual([])
    const none = { composition: null, kill: null } as const
    expect(relaxBinding({ ...facts({ trigger: null }), ...none })).toEqual([])
  })
  test.each([
    ['a pod', { taskMemcg: CONTAINER_PATH }, 'memoryManagerPolicy: Static'],
    ['a guest', { taskMemcg: '/machine.slice/machine-qemu\\x2d3\\x2dweb.scope' }, 'virsh numatune'],
    ['a step of a job', { taskMemcg: '/slurm/uid_1000/job_42/step_0' }, '--mem-bind=none'],
    ['a unit', { taskMemcg: '/system.slice/a.service' }, 'AllowedMemoryNodes='],
    ['whatever', { taskMemcg: '/x' }, "cpuset.mems, numactl --interleave, or the kubelet's memory manager policy"],
    ['a cpuset of Slurm', { taskMemcg: '/x', cpuset: 'step_0' }, '--mem-bind=none'],
    ['a policy', { taskMemcg: CONTAINER_PATH, ...POLICY }, 'NUMAPolicy='],
    // The victim's own place says nothing of another that asked.
    ['another', { taskMemcg: CONTAINER_PATH, trigger: asks({ comm: 'mpirun', pid: 7 }) }, "or the kubelet's memory manager policy"],
  ])('where it is set: %s', (_, dump, words) => {
    expect(textsOf(advice(dump as never))[0]).toContain(words)
  })
})

describe('part of the machine as the cause', () => {
  const facts = (dump: Partial<OomDump>, zones: ZoneState[], more: Partial<IncidentFacts> = {}, death = {}) =>
    factsWith(killed(globalDump({ trigger: asks(), ...dump }), {}, death), { zones, ...more })
  const said = (...of: Parameters<typeof facts>) => saidIn(zoneOrNumaExhaustion.evaluate(facts(...of) as never))
  const rich = zone({ node: 1, freeBytes: 400 * MIB })
  const part = (mib: Parameters<typeof heldBy>[1]) => heldBy(factsWith(killed(globalDump())), mib, { scope: 'part' })
  const CPUSET = { constraint: 'cpuset', cpuset: 'batch', memsAllowed: '0' } as const
  test('a process that filled its part, or asked only', () => {
    expect(said(CPUSET, [dry()])).toBe("java could use only part of the machine's memory, and filled that part while the rest had room.")
    expect(said(CPUSET, [dry()], part({ anon: 100, slab: 50 }), { anonRssBytes: 60 * MIB })).toMatch(/^java could use only part/)
    expect(said(CPUSET, [dry()], part({ anon: 100, slab: 50 }), { anonRssBytes: 59 * MIB })).toBe(
      "The request of java could use only part of the machine's memory, 150 MiB, and that part was full (100 MiB memory of processes) while the rest had room; the killed process held little of it.",
    )
    expect(said(CPUSET, [dry()], part({ anon: 60, slab: 90 }), { anonRssBytes: 60 * MIB })).toContain(
      '(90 MiB kernel slab) while the rest had room; the killed process held little of it.',
    )
    expect(said(CPUSET, [dry()], part({ kernel: 90, anon: 9 }), { anonRssBytes: 9 * MIB })).toContain('(90 MiB of it the kernel’s)')
    expect(said({ ...CPUSET, trigger: null }, [dry()], part({ anon: 60, slab: 90 }))).toContain('The request could use only part')
    expect(said({}, [dry(), rich])).toContain('java could use only part')
    expect(said({}, [zone({ freeBytes: 30 * MIB })])).toBe('')
  })
  test('a bystander, where the binding is that of another', () => {
    const other = { ...CPUSET, trigger: asks({ comm: 'mpirun', pid: 7 }), taskMemcg: '/a' }
    expect(said(other, [dry()], part({ anon: 100 }), { anonRssBytes: 19.9 * MIB })).toContain(
      'java (PID 100) was killed there without being to blame',
    )
    expect(said(other, [dry()], part({ anon: 100 }), { anonRssBytes: 20 * MIB })).toContain('and how much it held there is not printed')
    expect(
      said({ ...other, constraint: 'memory_policy', nodemask: '0' }, [dry()], part({ anon: 100 }), { anonRssBytes: 9 * MIB }),
    ).toContain('without being to blame')
    expect(said({ ...other, trigger: asks({ comm: 'kswapd0', pid: 7 }) }, [dry()])).toContain('java could use only part')
    expect(said({ ...other, trigger: asks({ comm: 'java', pid: 7 }) }, [dry()], part({ anon: 100 }), { anonRssBytes: MIB })).not.toContain(
      'blame',
    )
    expect(said(other, [dry()], { composition: null }, { anonRssBytes: 9 * MIB })).toContain('without being to blame')
  })
  const HIGH = zone({ usable: false, name: 'HighMem', freeBytes: 400 * MIB, sizeBytes: 2000 * MIB })
  test('a zone that the request may not use binds nobody', () => {
    const high = [dry(), HIGH]
    expect(said({}, high)).toContain('java could use only part')
    expect(said({ trigger: asks({ comm: 'mpirun', pid: 7 }) }, high)).toMatch(/^The request of mpirun could use only part/)
    expect(said({}, high, {}, { comm: null })).toMatch(/^The request of java/)
  })
  const advice = (...of: Parameters<typeof facts>): readonly Recommendation[] =>
    zoneOrNumaExhaustion.recommend?.(facts(...of) as never) ?? []
  test('low memory of a 32-bit kernel is freed, or another kernel is run', () => {
    const [free, other] = advice({}, [dry(), HIGH])
    expect(textsOf([free])[0]).toContain('Free low memory: ')
    expect(textsOf([free])[0]).not.toContain('mem=16G')
    expect(other).toMatchObject({ when: 'prevent', owner: 'platform', lookFirst: true })
    expect(textsOf([other])[0]).toContain('Run a 64-bit kernel')
    // From 16 GiB on its entries take a good part of it.
    const large = (gib: number) => textsOf(advice({}, [dry(), zone({ ...HIGH, sizeBytes: gib * 2 ** 30, freeBytes: gib * 2 ** 29 })]))[0]
    expect(large(16)).toContain('its entries for the 16 GiB of HighMem alone take 128 MiB of low memory')
    expect(large(15.9)).not.toContain('mem=16G')
    expect(textsOf(advice({}, [dry(), zone({ ...HIGH, sizeBytes: null })]))[0]).not.toContain('mem=16G')
  })
  test('a driver that asks for low addresses is to be found, where no binding is', () => {
    const [driver] = advice({}, [dry({ name: 'DMA32', node: null }), zone({ usable: false, freeBytes: 400 * MIB, node: 1 })], {
      composition: null,
      kill: null,
    })
    expect(driver).toBeDefined()
    const low = [dry({ name: 'DMA32' }), zone({ usable: false, freeBytes: 400 * MIB })]
    expect(textsOf(advice({ trigger: null }, low, { composition: null, kill: null }))[0]).toContain(
      'Find the driver that asks for low addresses',
    )
    expect(advice({ trigger: null }, low, { composition: null, kill: null })[0]).toMatchObject({
      when: 'now',
      owner: 'kernel',
      lookFirst: true,
    })
    const movable = [dry(), zone({ usable: false, freeBytes: 400 * MIB, name: 'Movable' })]
    expect(advice({ trigger: null }, movable, { composition: null, kill: null })).toEqual([])
  })
})

describe('zones', () => {
  const state = (...zones: ZoneState[]) => machineState(factsWith(killed(globalDump()), { zones }))
  test('a node whose lines are cut has no size to be wealthy of', () => {
    expect(state(dry(), zone({ node: 1, sizeBytes: null, freeBytes: 400 * MIB }))?.wealthy).toEqual([])
    expect(
      state(
        dry(),
        zone({ node: 1, sizeBytes: 900 * MIB, freeBytes: 200 * MIB }),
        zone({ node: 1, name: 'DMA', sizeBytes: 100 * MIB, freeBytes: 200 * MIB }),
      )?.wealthy,
    ).toEqual([{ node: 1, freeBytes: 400 * MIB, managedBytes: 1000 * MIB }])
    expect(state(dry(), zone({ node: 1, freeBytes: null }))?.wealthy).toEqual([])
  })
  test('who was asked decides whether it was the machine', () => {
    const facts = factsWith(killed(globalDump()), { zones: [dry()] })
    expect(machineState(facts)).not.toBeNull()
    expect(machineState({ ...facts, zones: null })).toBeNull()
    expect(machineState({ ...facts, scope: null })).toBeNull()
    expect(machineState({ ...facts, kill: { ...facts.kill, killer: 'earlyoom' } as never })).toBeNull()
    expect(machineState({ ...facts, kill: null })).not.toBeNull()
    expect(machineState({ ...facts, dump: { ...facts.dump, manual: true } as never })).toBeNull()
    expect(isMostlyFree({ ...facts, machineAccounting: null })).toBe(false)
  })
  test('a request of one page is never too large for its pieces', () => {
    const able = zone({ headroomBytes: 900 * MIB, minBytes: null, hasBlock: false, blockBytes: 0 })
    const facts = (order: number, ...zones: ZoneState[]) =>
      factsWith(killed(globalDump({ trigger: trigger(['GFP_KERNEL'], order) })), { zones })
    expect(isFragmented(facts(1, able))).toBe(true)
    expect(isFragmented(facts(0, able))).toBe(false)
    expect(isFragmented(facts(1, zone({ ...able, headroomBytes: null })))).toBe(false)
    expect(isFragmented({ ...facts(1, able), zones: null })).toBe(false)
    expect(isFragmented({ ...facts(1, able), scope: 'memcg' })).toBe(false)
    const said = (...zones: ZoneState[]) => fragmentationCause.evaluate(facts(3, ...zones) as never)
    expect(saidIn(said(able))).toContain('only in pieces smaller than the 32 KiB that java needed in one block (order 3)')
    expect(said(able)?.confidence).toBe('high')
    expect(said(zone({ ...able, hasBlock: null }))?.confidence).toBe('medium')
    expect(said(zone({ ...able, hasBlock: null }), zone({ ...able, usable: false, hasBlock: false }))?.confidence).toBe('medium')
    expect(said(zone({ ...able, hasBlock: true }))).toBeNull()
    const advice = fragmentationCause.recommend?.(facts(3, able) as never) ?? []
    expect(textsOf(advice)[0]).toContain('blocks of order 3')
    expect(advice[1]).toMatchObject({ lookFirst: true })
    expect(advice[0]?.lookFirst).not.toBe(true)
    expect(plainPhrase(advice[1]?.text ?? [])).toContain('asks for order 3')
  })
})
