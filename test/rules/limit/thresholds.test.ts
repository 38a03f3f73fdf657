import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { EvictionEvent, RuntimeEvent } from '../../../src/model/event.ts'
import { evictionThreshold } from '../../../src/rules/limit/eviction-threshold.ts'
import { manual } from '../../../src/rules/limit/manual.ts'
import { nodeMemory } from '../../../src/rules/limit/node-memory.ts'
import { runtimeHeap } from '../../../src/rules/limit/runtime-heap.ts'
import { unknownLimit } from '../../../src/rules/limit/unknown.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote, trigger } from '../../kernel/make-dump.ts'
import { factsWith, MIB, saidIn } from '../facts-with.ts'
import { globalDump, killed, makeDeath, makeIncident, memcgDump, placed, podWorkload } from '../make-incident.ts'

describe('thresholds and others', () => {
  const evictions = (...events: Partial<EvictionEvent>[]) =>
    events.map((event) =>
      placed<EvictionEvent>(0, {
        kind: 'eviction',
        stage: 'ranked',
        target: null,
        ranking: [],
        signal: null,
        thresholdBytes: null,
        availableBytes: null,
        capacityBytes: null,
        message: null,
        usages: [],
        ...event,
      } as never),
    )
  const threshold = (
    events: Partial<EvictionEvent>[],
    own: Partial<EvictionEvent> | null = null,
    killer: 'kubelet' | 'kernel' = 'kubelet',
  ) =>
    evictionThreshold.evaluate(
      factsWith(
        makeIncident({
          kills: [makeDeath(null, { killer, workload: podWorkload, event: own === null ? null : (evictions(own)[0]?.event as never) })],
          context: evictions(...events),
        }),
      ) as never,
    )
  test('the kubelet’s: an observation above it is of another moment', () => {
    expect(saidIn(threshold([{ thresholdBytes: 100 * MIB, availableBytes: 60 * MIB }]))).toContain(
      'threshold memory.available of 100 MiB (60 MiB was left), and the kubelet evicted pod shop/api-7c9d4',
    )
    expect(saidIn(threshold([{ thresholdBytes: 100 * MIB, availableBytes: 100 * MIB }]))).toContain('memory.available of 100 MiB, and')
    expect(saidIn(threshold([{ thresholdBytes: 100 * MIB }]))).toContain('of 100 MiB, and')
    expect(
      saidIn(
        threshold([
          { availableBytes: MIB },
          { thresholdBytes: 100 * MIB, availableBytes: 200 * MIB },
          { thresholdBytes: 90 * MIB, availableBytes: 60 * MIB },
        ]),
      ),
    ).toContain('of 90 MiB (60 MiB was left)')
    expect(saidIn(threshold([{}]))).toContain('threshold memory.available, and')
    expect(
      saidIn(threshold([{ thresholdBytes: 90 * MIB, availableBytes: 60 * MIB }], { thresholdBytes: 100 * MIB, availableBytes: 50 * MIB })),
    ).toContain('of 100 MiB (50 MiB')
    expect(saidIn(threshold([{ signal: 'nodefs.available' }, { signal: 'allocatableMemory.available' }]))).toContain(
      'threshold memory.available',
    )
    expect(saidIn(threshold([{ signal: 'nodefs.available' }, { signal: 'memory.swap' }]))).toContain('threshold memory.swap')
    expect(threshold([{}], null, 'kernel')).toBeNull()
  })
  test('by hand', () => {
    const told = (more: object, order = 0) =>
      manual.evaluate(factsWith(killed(globalDump({ trigger: trigger(['GFP_KERNEL'], order), ...more }))) as never)
    expect(told({})).toBeNull()
    expect(saidIn(told({ manual: true }, -1))).toContain('(SysRq-f, order=-1)')
    expect(saidIn(told({ manual: true }, 1))).toContain('(SysRq-f).')
    expect(saidIn(told({ manual: true, trigger: null }))).toContain('(SysRq-f).')
  })
  test('a runtime’s own heap: as sure as nothing beside it speaks of a kill', () => {
    const event = (more: Partial<RuntimeEvent> = {}) =>
      placed<RuntimeEvent>(0, {
        kind: 'runtime',
        runtime: 'jvm',
        what: 'heap-exhausted',
        detail: null,
        heapUsedBytes: null,
        heapLimitBytes: null,
        pid: null,
        program: null,
        target: null,
        ...more,
      })
    const told = (more: Partial<RuntimeEvent> = {}, incident = {}) =>
      runtimeHeap.evaluate(factsWith(makeIncident({ nature: 'runtime-heap', context: [event(more)], ...incident })) as never)
    expect(told()).toMatchObject({ confidence: 'high', against: null })
    expect(saidIn(told())).toBe('The JVM ran out of its own heap and ended by itself; the kernel killed nothing.')
    expect(saidIn(told({ heapLimitBytes: 64 * MIB, detail: 'Java heap space', area: 'metaspace' }))).toContain(
      'ran out of its own Metaspace of 64 MiB (Java heap space) and ended',
    )
    expect(told({ what: 'own-limit' })).toBeNull()
    expect(told({}, { nature: 'kill' })).toBeNull()
    const beside = told({}, { proofsBeside: [quote('oom-kill: …', 9)] })
    expect(beside?.confidence).toBe('low')
    expect(beside?.evidence.at(-1)?.text).toBe('oom-kill: …')
    expect(plainPhrase(beside?.against ?? [])).toContain('Where the kernel killed it')
  })
  test('where none can be named', () => {
    const said = (facts: IncidentFacts) => saidIn(unknownLimit.evaluate(facts as never) as never)
    const free = factsWith(
      killed(globalDump({ constraint: null }, { free: 150_000, active_anon: 50_000 }, [{ rss: 40_000, anon: 40_000 }])),
    )
    expect(said(free)).toContain('586 MiB of memory was free: it was not the whole machine')
    expect(said(factsWith(killed(globalDump())))).toContain('java (PID 100) was killed; which limit was hit is not in the log')
    expect(said({ ...factsWith(killed(globalDump())), kill: null })).toBe('Which limit was hit is not in the log.')
    expect(said(factsWith(killed(globalDump({ pagefaultOom: true }))))).toContain('(gfp_mask=0x0) while 31.3 MiB was free: the failure')
    expect(said(factsWith(killed(globalDump({ pagefaultOom: true, memInfo: null }))))).toContain('(gfp_mask=0x0): the failure')
    const group = (more: object) => said({ ...factsWith(killed(memcgDump())), ...more })
    const frames = (memcg: boolean) => ({
      dump: {
        ...memcgDump(),
        has: { ...memcgDump().has, memcg },
        trigger: { ...trigger([]), frames: ['dump_stack', 'mem_cgroup_out_of_memory'] },
      },
    })
    expect(group(frames(false))).toContain('stopped java (PID 100) (the stack goes through mem_cgroup_out_of_memory)')
    expect(group(frames(true))).not.toContain('the stack goes')
    expect(group({ kill: null })).toContain('The limit of a memory cgroup was reached; the lines')
    const command = (journal: boolean) => {
      const facts = factsWith(killed(globalDump()))
      const coverage = { ...facts.incident.coverage, journal }
      return unknownLimit.settledBy?.({ ...facts, incident: { ...facts.incident, coverage } } as never)[0]?.command ?? ''
    }
    expect([command(true).includes('dmesg'), command(false).includes('dmesg')]).toEqual([false, true])
  })
  test('of a machine: what is told where a kill line is all there is', () => {
    const facts = factsWith(killed(globalDump()))
    const told = (dump: object, more: object = {}) => nodeMemory.evaluate({ ...facts, ...more, dump: { ...facts.dump, ...dump } } as never)
    expect(told({ constraintPrinted: null, quotes: {} })?.confidence).toBe('medium')
    expect(told({ constraintPrinted: null })?.confidence).toBe('high')
    expect(told({ constraintPrinted: null, quotes: {}, panic: { cause: 'setting' } })?.confidence).toBe('high')
    expect(told({ panic: { cause: 'setting' } }, { zones: null })?.confidence).toBe('high')
    expect(told({}, { zones: null })?.confidence).toBe('medium')
    expect(saidIn(told({ constraintPrinted: null }, { zones: null }))).toContain('is not in the log')
    expect(saidIn(told({ constraintPrinted: null, panic: { cause: 'setting' } }, { zones: null }))).toContain(
      'no cgroup limit, cpuset or memory policy was in the way',
    )
    expect(saidIn(told({}, { machineAccounting: null, swap: null }))).toContain('ran out of memory; no cgroup')
    expect(saidIn(told({}, { machineAccounting: null, swap: { totalBytes: 0, freeBytes: 0 } }))).toContain(
      'ran out of memory: it has no swap',
    )
    expect(saidIn(told({}, { swap: { totalBytes: 512 * MIB, freeBytes: -4096 } }))).toContain('of 512 MiB of swap 0 B was free')
  })
})
