import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { NodeEvent, ObjectEvent } from '../../../src/model/event.ts'
import type { ZoneState } from '../../../src/model/figures.ts'
import type { NodeSnapshot } from '../../../src/model/snapshot.ts'
import { cgroupLimit } from '../../../src/rules/limit/cgroup-limit.ts'
import { containerLimit } from '../../../src/rules/limit/container-limit.ts'
import { fragmentation, isFragmented } from '../../../src/rules/limit/fragmentation.ts'
import { memoryZone } from '../../../src/rules/limit/memory-zone.ts'
import { nodeMemory } from '../../../src/rules/limit/node-memory.ts'
import { podLimit } from '../../../src/rules/limit/pod-limit.ts'
import { trueSystemOom } from '../../../src/rules/limit/system-oom.ts'
import { unknownLimit } from '../../../src/rules/limit/unknown.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter, quote, trigger } from '../../kernel/make-dump.ts'
import { factsWith, MIB, makeZone, saidIn } from '../facts-with.ts'
import {
  CONTAINER_PATH,
  globalDump,
  inPod,
  instantAt,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  memcgDump,
  placed,
} from '../make-incident.ts'

const machine = killed(globalDump())
const total = factsWith(machine).machineAccounting?.totalBytes ?? 0
const rich = (more: Partial<ZoneState> = {}) =>
  makeZone({ node: 1, freeBytes: 400 * MIB, exhausted: false, headroomBytes: 380 * MIB, ...more })

describe('the memory of the whole machine', () => {
  const told = (more: Partial<IncidentFacts> = {}, incident = machine) => nodeMemory.evaluate(factsWith(incident, more) as never)
  test('dry zones prove it; free memory in a zone that could be used speaks against it', () => {
    expect(told()).toMatchObject({ confidence: 'high', against: null })
    expect(told({ trust: 'medium' })?.confidence).toBe('medium')
    expect(told({ zones: [makeZone({ sizeBytes: total })] })?.confidence).toBe('high')
    const plenty = told({ zones: [makeZone(), rich({ node: 0, name: 'HighMem' })] })
    expect(plenty?.confidence).toBe('medium')
    expect(plainPhrase(plenty?.against ?? [])).toContain('free memory above the watermarks')
    expect(told({ zones: [makeZone(), rich()] })).toBeNull()
    expect(told({ zones: null })?.confidence).toBe('medium')
    expect(told({}, inPod(memcgDump()))).toBeNull()
    expect(told({}, killed(globalDump({ constraint: 'cpuset' })))).toBeNull()
    expect(told({}, killed(globalDump({ constraint: 'memory_policy' })))).toBeNull()
    expect(told({}, killed(globalDump({ pagefaultOom: true })))).toBeNull()
  })
  test('much free: only where all zones were dry that make up three quarters of it', () => {
    const incident = killed(
      globalDump({}, { free: Math.ceil((total / 4096) * 0.3), active_anon: 150_000 }, [{ rss: 90_000, anon: 90_000 }]),
    )
    expect(told({ zones: [makeZone({ sizeBytes: total * 0.75 })] }, incident)).toMatchObject({ confidence: 'medium' })
    expect(told({ zones: [makeZone({ sizeBytes: total * 0.74 })] }, incident)).toBeNull()
    expect(told({ zones: [makeZone({ sizeBytes: total }), rich({ node: 0 })] }, incident)).toBeNull()
  })
  test('says what was free, of what, and of swap', () => {
    expect(saidIn(told())).toMatch(
      /ran out of memory: of \d+ MiB, 31\.3 MiB \(3\.\d+ %\) was free, and it has no swap; no cgroup limit, cpuset or memory policy was in the way\./,
    )
    expect(saidIn(told({ swap: { totalBytes: 512 * MIB, freeBytes: 3 * MIB } }))).toContain('of 512 MiB of swap 3 MiB was free')
    expect(saidIn(told({ swap: null }))).not.toContain('swap')
    expect(saidIn(told({ zones: null }, killed(globalDump({ constraintPrinted: null }))))).toContain(
      'but whether a cpuset, a memory policy or a single zone was is not in the log',
    )
  })
  test('free pages of CMA areas are none for a kernel’s request', () => {
    const cma = (pages: number, flags: string[]) =>
      saidIn(told({}, killed(globalDump({ trigger: trigger(flags) }, { free: 8_000, free_cma: pages }))))
    expect(cma(2_000, ['GFP_KERNEL'])).toContain('7.81 MiB of it in CMA areas')
    expect(cma(1_999, ['GFP_KERNEL'])).not.toContain('CMA')
    expect(cma(2_000, ['GFP_HIGHUSER_MOVABLE'])).not.toContain('CMA')
    expect(cma(2_000, [])).not.toContain('CMA')
  })

  const version = (kubeletVersion: string): NodeSnapshot => ({ kubeletVersion, name: 'node-1' }) as NodeSnapshot
  const bare = (more = {}) =>
    makeIncident({ kills: [makeDeath(null, { constraint: 'none', evidence: [1, 2, 3].map((n) => quote(`line ${n}`, n)), ...more })] })
  const event = (seconds: number) =>
    placed<NodeEvent>(seconds, {
      kind: 'node',
      what: 'system-oom',
      node: 'node-1',
      comm: 'java',
      pid: 100,
      message: 'System OOM encountered',
    })
  test('without a report: the kill line’s words, or a SystemOOM of a kubelet from 1.21 on', () => {
    expect(told({}, bare())).toMatchObject({ confidence: 'medium' })
    expect(saidIn(told({}, bare()))).toContain('the kill line begins with Out of memory')
    expect(told({}, bare())?.evidence.map(({ text }) => text)).toEqual(['line 2', 'line 3'])
    expect(told({}, bare({ constraint: 'memcg' }))).toBeNull()
    expect(told({}, bare({ constraint: null }))).toBeNull()
    expect(told({}, bare({ killer: 'earlyoom' }))).toBeNull()
    const with2 = { ...bare({ constraint: null }), context: [event(1)] }
    expect(saidIn(told({ node: version('v1.21.0') }, with2))).toContain('kubelet v1.21.0 reports SystemOOM only then')
    expect(told({ node: version('v1.20.9') }, with2)).toBeNull()
    expect(told({ node: null }, with2)).toBeNull()
  })
  test('the zones are asked for where they are not in the log', () => {
    const asked = (incident: typeof machine) => nodeMemory.settledBy?.(factsWith(incident) as never).length
    expect([asked(machine), asked(killed({ ...globalDump(), memInfo: null })), asked(inPod(memcgDump()))]).toEqual([0, 1, 0])
  })
  test('a SystemOOM within a minute of the kill is about it', () => {
    const near = (seconds: number, uncertaintyMs = 0) => {
      const one = event(seconds)
      return (
        trueSystemOom(factsWith({ ...bare(), context: [{ ...one, at: { ...one.at, uncertaintyMs } }] }, { node: version('v1.33.1') })) !==
        null
      )
    }
    expect([near(59), near(-59), near(60), near(-60)]).toEqual([true, true, false, false])
    expect([near(61, 2000), near(62, 2000)]).toEqual([true, false])
    const other = placed<ObjectEvent>(1, { kind: 'object-event', reason: 'Rebooted' } as never)
    expect(trueSystemOom(factsWith({ ...bare(), context: [other] }, { node: version('v1.33.1') }))).toBeNull()
    const object = placed<ObjectEvent>(1, { kind: 'object-event', reason: 'SystemOOM' } as never)
    expect(trueSystemOom(factsWith({ ...bare(), context: [object] }, { node: version('v1.33.1') }))).not.toBeNull()
    expect(
      trueSystemOom(factsWith({ ...bare({ at: { ...instantAt(0), epochUs: null } }), context: [event(1)] }, { node: version('v1.33.1') })),
    ).toBeNull()
  })
})

describe('a part of the machine', () => {
  const told = (zones: ZoneState[], dump = {}) => memoryZone.evaluate(factsWith(killed(globalDump(dump)), { zones }) as never)
  test('one node dry beside one that is not', () => {
    expect(told([makeZone(), rich()])).toMatchObject({ confidence: 'high', against: null })
    expect(saidIn(told([makeZone(), rich(), rich({ node: 2 })]))).toContain('NUMA node 0 ran dry while node 1,2 still had 800 MiB free')
    expect(told([makeZone(), makeZone({ node: 1 })])).toBeNull()
    expect(told([makeZone(), rich()], { constraint: 'cpuset' })).toBeNull()
    expect(told([makeZone(), rich()], { constraint: 'memory_policy' })).toBeNull()
    const untold = told([makeZone(), rich()], { constraintPrinted: null })
    expect(untold?.confidence).toBe('medium')
    expect(plainPhrase(untold?.against ?? [])).toContain('a cpuset or a memory policy is not in the log')
    expect(told([makeZone(), rich()], { constraintPrinted: null, memsAllowed: '0-1' })?.confidence).toBe('high')
  })
  test('a kind of zone that the request may not use', () => {
    const forbidden = rich({ node: 0, usable: false, name: 'HighMem' })
    expect(saidIn(told([makeZone(), forbidden]))).toContain(
      'could only use Normal, which was exhausted, while HighMem still had 400 MiB free',
    )
    expect(told([makeZone({ exhausted: false, freeBytes: 20 * MIB }), forbidden])).toBeNull()
  })
})

describe('free memory, but not in one piece', () => {
  const asked = (order: number, ...zones: ZoneState[]) =>
    factsWith(killed(globalDump({ trigger: trigger(['GFP_KERNEL'], order) })), { zones })
  const able = (more: Partial<ZoneState> = {}) =>
    makeZone({
      exhausted: false,
      headroomBytes: 16 * 4096,
      minBytes: 4 * MIB,
      hasBlock: false,
      blockBytes: 0,
      freeBytes: 60 * MIB,
      ...more,
    })
  test('headroom for the whole request, and no block', () => {
    expect(isFragmented(asked(4, able()))).toBe(true)
    expect(isFragmented(asked(4, able({ headroomBytes: 16 * 4096 - 1 })))).toBe(false)
    expect(isFragmented(asked(5, able()))).toBe(false)
    // At its watermark a zone is short, in whatever pieces the rest lies.
    expect(isFragmented(asked(4, able({ minBytes: 16 * 4096 * 100 })))).toBe(true)
    expect(isFragmented(asked(4, able({ minBytes: 16 * 4096 * 100 + 100 })))).toBe(false)
    expect(isFragmented(asked(0, able()))).toBe(false)
    expect(isFragmented(asked(4, able({ hasBlock: true })))).toBe(false)
    expect(isFragmented(asked(4, able(), able({ hasBlock: true })))).toBe(false)
    expect(isFragmented(asked(4, able({ hasBlock: null })))).toBe(true)
    expect(isFragmented(asked(4, able({ hasBlock: null, exhausted: true })))).toBe(false)
    expect(isFragmented(asked(4, able({ usable: false })))).toBe(false)
  })
  test('is told by size, zone and blocks', () => {
    const said = (...zones: ZoneState[]) => fragmentation.evaluate(asked(4, ...zones) as never)
    expect(saidIn(said(able()))).toBe(
      'The request was for 64 KiB in one piece (order 4); 60 MiB was free in Normal, but no block of that size that it could use.',
    )
    expect(saidIn(said(able({ blockBytes: 65_536 })))).toContain('but only 64 KiB in blocks of that size or larger')
    expect(said(able({ hasBlock: null }))?.confidence).toBe('medium')
    expect(saidIn(said(able({ hasBlock: null })))).toContain('the free lists are not in the log')
    expect(said(able())?.confidence).toBe('high')
    expect(saidIn(said(able(), able({ node: 1 })))).toContain('120 MiB was free in Node 0 Normal, Node 1 Normal')
    expect(saidIn(said(able(), able({ name: 'DMA32' })))).toContain('in Normal, DMA32')
    // A zone whose line was cut is of no node that we know.
    expect(saidIn(said(able({ node: null }), able({ node: 1 })))).toContain('in Normal, Node 1 Normal')
  })
})

describe('a group’s limit', () => {
  const podPath = CONTAINER_PATH.replace(/\/[^/]+$/, '')
  const ofContainer = (incident: ReturnType<typeof inPod>, more: Partial<IncidentFacts> = {}) =>
    containerLimit.evaluate(factsWith(incident, more) as never)
  const spec = (kib: number) => ({ container: makeContainer({ limitBytes: { value: 80 * MIB + kib * 1024, quote: quote('limit') } }) })
  test('the specification agrees within two pages of 64 KiB', () => {
    expect(ofContainer(inPod(memcgDump()), spec(128))).toMatchObject({ confidence: 'high', against: null })
    expect(ofContainer(inPod(memcgDump()), spec(129))?.confidence).toBe('medium')
    expect(ofContainer(inPod(memcgDump()), spec(-129))?.confidence).toBe('medium')
    expect(plainPhrase(ofContainer(inPod(memcgDump()), spec(40_960))?.against ?? [])).toContain(
      'specification says 120 MiB, the kernel enforced 80 MiB',
    )
  })
  test('the counter at its limit, below it, or lost', () => {
    expect(saidIn(ofContainer(inPod(memcgDump())))).toContain('reached its memory limit of 80 MiB (usage 80 MiB)')
    const below = ofContainer(inPod(memcgDump({ memory: counter(60_000, 81_920) })))
    expect(below?.confidence).toBe('medium')
    expect(saidIn(below)).toContain('had a memory limit of 80 MiB and used 58.6 MiB when the report was written')
    expect(saidIn(ofContainer(inPod(memcgDump({ memory: null }))))).toContain('reached its memory limit, whose size is not in the log')
    const full = (used: number, limit = 100_000) => saidIn(ofContainer(inPod(memcgDump({ swap: counter(used, limit) }))))
    expect(full(99_000)).toContain('of swap that it may use full as well (memory.swap.max)')
    expect(full(98_999)).not.toContain('swap')
    expect(full(0, 0)).not.toContain('swap')
  })
  test('a pod’s: the sum, its own level, or its one container’s', () => {
    const ofPod = (more: Partial<IncidentFacts>) =>
      saidIn(podLimit.evaluate(factsWith(inPod(memcgDump({ oomMemcg: podPath })), more) as never))
    const some = (count: number, more = {}) => ({
      pod: makePod(
        Array.from({ length: count }, (_, n) => makeContainer({ name: `c${n}`, limitBytes: null })),
        more,
      ),
    })
    expect(ofPod(some(2))).toContain("holds for the pod's 2 containers together")
    expect(ofPod(some(2, { limitBytes: { value: 80 * MIB, quote: quote('l') } }))).toContain('pod-level limit that the specification sets')
    expect(ofPod(some(1))).toContain("in a pod of one container that is the container's own limit too")
    expect(ofPod({ pod: null })).toContain('in a pod of one container')
    expect(podLimit.evaluate(factsWith(inPod(memcgDump())) as never)).toBeNull()
  })
  test('a group that no line names', () => {
    const unnamed = (dump = {}, death = {}) =>
      factsWith(
        killed(memcgDump({ oomMemcg: null, taskMemcg: null, stats: [], kills: [], ...dump }), {}, { memcg: null, ...death }),
      ) as never
    expect(cgroupLimit.evaluate(unnamed())).toMatchObject({ confidence: 'medium' })
    expect(cgroupLimit.evaluate(unnamed({ memory: null }))).toBeNull()
    const stack = { memory: null, trigger: { ...trigger(['GFP_KERNEL']), frames: ['out_of_memory', 'mem_cgroup_out_of_memory'] } }
    expect(cgroupLimit.evaluate(unnamed(stack))).not.toBeNull()
    const id = 'c3'.repeat(32)
    expect(saidIn(containerLimit.evaluate(unnamed({ cpuset: `cri-containerd-${id}.scope` }) as never))).toContain('lived in container c3c3')
    expect(containerLimit.evaluate(unnamed({ cpuset: id }))).toMatchObject({ confidence: 'medium' })
    expect(containerLimit.evaluate(unnamed({ cpuset: 'machine-qemu' }))).toBeNull()
    expect(saidIn(unknownLimit.evaluate(unnamed({ memory: null })) as never)).toMatch(
      /The limit of a memory cgroup stopped .*; the lines that name the group are not in the log/,
    )
  })
  test('of another kind', () => {
    const of = (path: string) => cgroupLimit.evaluate(factsWith(killed(memcgDump({ oomMemcg: path, taskMemcg: path }))) as never)
    expect(of('/mygroup')).not.toBeNull()
    expect(of('/slurm/uid_1000/job_42/step_0')).not.toBeNull()
    expect(of('/lxc/web01')).not.toBeNull()
    expect(of('/system.slice/a.service')).toBeNull()
    expect(of(CONTAINER_PATH)).toBeNull()
  })
})

describe('the runtime’s own word that a container was killed, with the limit that it set', () => {
  const ID_OF = makeDeath(null, { target: { containerId: 'a1'.repeat(32) } as never })
  const inspected = (more: object = {}, kill = ID_OF) =>
    containerLimit.evaluate(
      factsWith(
        makeIncident({
          kills: [kill],
          snapshots: [
            { kind: 'runtime-container', name: 'web', oomKilled: true, containerId: 'a1'.repeat(32), limitBytes: 80 * MIB, ...more },
          ] as never,
        }),
      ) as never,
    )
  test('counts for the container that it is about, and where it has both', () => {
    expect(inspected()).toMatchObject({ confidence: 'medium' })
    expect(saidIn(inspected())).toContain('a memory limit of 80 MiB')
    expect(inspected({ containerId: 'b2'.repeat(32) })).toBeNull()
    expect(inspected({ oomKilled: false })).toBeNull()
    expect(inspected({ oomKilled: null })).toBeNull()
    expect(inspected({ limitBytes: null })).toBeNull()
    expect(inspected({ kind: 'setting' })).toBeNull()
  })
})
