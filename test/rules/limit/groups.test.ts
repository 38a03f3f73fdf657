import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import { allocatableLimit } from '../../../src/rules/limit/allocatable-limit.ts'
import { cgroupLimit } from '../../../src/rules/limit/cgroup-limit.ts'
import { containerLimit, isOnlyContainersLimit } from '../../../src/rules/limit/container-limit.ts'
import { memcgMissing, upper } from '../../../src/rules/limit/memcg-limit.ts'
import { podLimit } from '../../../src/rules/limit/pod-limit.ts'
import { unitLimit } from '../../../src/rules/limit/unit-limit.ts'
import { counter, quote, trigger } from '../../kernel/make-dump.ts'
import { factsWith, MIB, saidIn } from '../facts-with.ts'
import {
  CONTAINER_PATH,
  globalDump,
  ID,
  inPod,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  makeState,
  memcgDump,
  podWorkload,
} from '../make-incident.ts'

const POD_PATH = CONTAINER_PATH.replace(/\/[^/]+$/, '')
const limit = (bytes: number) => ({ value: bytes, quote: quote('spec limit', 40) })
const of = (path: string, dump = {}, more: Partial<IncidentFacts> = {}) => factsWith(inPod(memcgDump({ oomMemcg: path, ...dump })), more)

describe('who a memory cgroup belongs to', () => {
  test.each([
    [CONTAINER_PATH, 'container'],
    [POD_PATH, 'pod'],
    ['/kubepods.slice', 'allocatable'],
    ['/kubepods.slice/kubepods-burstable.slice', 'allocatable'],
    ['/system.slice/a.service', 'unit'],
    ['/system.slice', 'unit'],
    ['/user.slice/user-1000.slice/session-3.scope', 'unit'],
    ['/lxc/web01', 'cgroup'],
    ['/mine', 'cgroup'],
    ['/slurm/uid_1000/job_42/step_0', 'cgroup'],
    ['/machine.slice/machine-qemu\\x2d3\\x2dweb.scope', 'cgroup'],
  ])('%s: %s', (path, whose) => {
    const facts = of(path)
    const rules = { container: containerLimit, pod: podLimit, allocatable: allocatableLimit, unit: unitLimit, cgroup: cgroupLimit }
    const told = Object.entries(rules).filter(([, rule]) => rule.evaluate(facts as never) !== null)
    expect(told.map(([name]) => name)).toEqual([whose])
    // Not by hand, not of a machine, not by another killer.
    for (const other of [
      { ...facts, dump: { ...facts.dump, manual: true } },
      { ...facts, scope: 'global' },
      { ...facts, kill: { ...facts.kill, killer: 'earlyoom' } },
    ])
      for (const [, rule] of told) expect(rule.evaluate(other as never)).toBeNull()
  })
  test('what is missing of it', () => {
    const missing = (facts: IncidentFacts) => memcgMissing(facts).map(({ command }) => command)
    expect(missing(of(CONTAINER_PATH))).toEqual([])
    expect(missing(of(CONTAINER_PATH, { memory: null }))).toEqual([expect.stringContaining('grep -A3 "memory: usage"')])
    expect(missing({ ...of(CONTAINER_PATH, { memory: null }), memcgLimit: null })).toEqual(['journalctl -k -o short-precise'])
    expect(missing(factsWith(killed(globalDump())))).toEqual([])
  })
  test('high where its name was printed and its counter agrees', () => {
    const sure = (more: object, trust: 'high' | 'medium' = 'high') => {
      const facts = of(CONTAINER_PATH)
      return containerLimit.evaluate({ ...facts, trust, memcgLimit: { ...facts.memcgLimit, ...more } } as never)?.confidence
    }
    expect(sure({})).toBe('high')
    expect(sure({}, 'medium')).toBe('medium')
    expect(sure({ pathFrom: null })).toBe('medium')
    expect(sure({ reached: false })).toBe('medium')
    expect(sure({ reached: null })).toBe('high')
    expect(sure({ pathFrom: 'statistics' })).toBe('high')
    expect(sure({ pathFrom: 'statistics', reached: null })).toBe('medium')
  })
  test('its counter in words', () => {
    const said = (more: object, dump = {}) => {
      const facts = of(CONTAINER_PATH, dump)
      return saidIn(containerLimit.evaluate({ ...facts, memcgLimit: { ...facts.memcgLimit, ...more } } as never))
    }
    expect(said({ of: 'memory+swap' })).toContain('reached its memory-and-swap limit of 80 MiB (usage 80 MiB)')
    expect(said({ usageBytes: null, reached: null })).toContain('reached its memory limit of 80 MiB; the kernel')
    expect(said({ limitBytes: null })).toContain('whose size is not in the log')
    expect(said({}, { swap: counter(99, 100) })).toContain('with the 100 KiB of swap that it may use full as well')
    expect(said({}, { swap: counter(98, 100) })).not.toContain('swap')
    expect(said({}, { swap: counter(99, null) })).not.toContain('swap')
    expect(said({}, { swap: null })).not.toContain('swap')
    expect(saidIn(containerLimit.evaluate({ ...of(CONTAINER_PATH), kill: null } as never))).toContain('; the OOM killer then ran in it.')
    expect(upper(['the', { bytes: 1 } as never])).toEqual(['The', { bytes: 1 }])
    expect(upper([])).toEqual([])
    expect(upper([{ code: 'a' } as never])).toEqual([{ code: 'a' }])
  })
  test('the specification of another level contradicts nothing', () => {
    const container = makeContainer({ limitBytes: limit(120 * MIB) })
    expect(containerLimit.evaluate(of(CONTAINER_PATH, {}, { container }) as never)?.against).not.toBeNull()
    expect(containerLimit.evaluate(of(CONTAINER_PATH, {}, { container: makeContainer({ limitBytes: null }) }) as never)?.against).toBeNull()
    expect(cgroupLimit.evaluate(of('/mine', {}, { container }) as never)?.against).toBeNull()
  })
})

describe('a pod’s limit that is its one container’s', () => {
  const facts = (types: readonly ('regular' | 'init' | 'sidecar' | 'ephemeral')[], own: number | null = 80 * MIB, pod = {}) => {
    const container = makeContainer({ limitBytes: own === null ? null : limit(own) })
    return of(
      POD_PATH,
      {},
      {
        container,
        pod: makePod(
          types.map((type, n) => makeContainer({ type, name: `c${n}` } as never)),
          pod,
        ),
      },
    )
  }
  test('where it is alone beside init containers, and its own is the same within two pages of 64 KiB', () => {
    expect(isOnlyContainersLimit(facts(['regular']))).toBe(true)
    expect(isOnlyContainersLimit(facts(['regular', 'init']))).toBe(true)
    expect(isOnlyContainersLimit(facts(['regular', 'sidecar']))).toBe(false)
    expect(isOnlyContainersLimit(facts(['sidecar']))).toBe(true)
    expect(isOnlyContainersLimit(facts(['regular', 'regular']))).toBe(false)
    expect(isOnlyContainersLimit(facts([]))).toBe(false)
    expect(isOnlyContainersLimit(facts(['regular'], 80 * MIB + 131_072))).toBe(true)
    expect(isOnlyContainersLimit(facts(['regular'], 80 * MIB + 131_073))).toBe(false)
    expect(isOnlyContainersLimit(facts(['regular'], 80 * MIB - 131_073))).toBe(false)
    expect(isOnlyContainersLimit(facts(['regular'], null))).toBe(false)
    expect(isOnlyContainersLimit(facts(['regular'], 80 * MIB, { limitBytes: limit(80 * MIB) }))).toBe(false)
    expect(isOnlyContainersLimit({ ...facts(['regular']), memcgLimit: null })).toBe(false)
    expect(isOnlyContainersLimit({ ...facts(['regular']), pod: null })).toBe(false)
  })
  test('is told as the container’s, with its line', () => {
    const told = containerLimit.evaluate(facts(['regular']) as never)
    expect(saidIn(told)).toContain('The pod has one container, whose limit is the same')
    expect(told?.evidence.at(-1)?.text).toBe('spec limit')
    expect(podLimit.evaluate(facts(['regular']) as never)).toBeNull()
    expect(containerLimit.evaluate(facts(['regular', 'regular']) as never)).toBeNull()
    expect(saidIn(podLimit.evaluate(facts(['regular', 'regular']) as never))).toContain("for the pod's 2 containers together")
  })
})

describe('a group that no line names', () => {
  const unnamed = (dump = {}, death = {}) =>
    factsWith(killed(memcgDump({ oomMemcg: null, taskMemcg: null, stats: [], kills: [], ...dump }), {}, { memcg: null, ...death }))
  const told = (...args: Parameters<typeof unnamed>) => containerLimit.evaluate(unnamed(...args) as never)
  test('the victim’s container, where it is known from elsewhere', () => {
    expect(saidIn(told({}, { workload: podWorkload }))).toContain('which lived in container api: most likely')
    expect(saidIn(told({}, { memcg: CONTAINER_PATH }))).toContain(`lived in container`)
    expect(told({}, { workload: { ...podWorkload, containerId: null } })).toBeNull()
    expect(told({}, {})).toBeNull()
    expect(containerLimit.evaluate({ ...unnamed({}, { memcg: CONTAINER_PATH }), kill: null } as never)).toBeNull()
    expect(told({ oomMemcg: '/mine' }, { workload: podWorkload })).toBeNull()
  })
  test('else the cpuset of the one that asked', () => {
    const asks = (cpuset: string | null, more = {}) => told({ cpuset: null, trigger: { ...trigger(['GFP_KERNEL']), cpuset, ...more } })
    expect(saidIn(asks(ID))).toContain('java (PID 100), which asked for memory, lived in container 91efaeab566e')
    expect(asks(`cri-containerd-${ID}.scope`)).not.toBeNull()
    expect(asks(ID.slice(0, 11))).toBeNull()
    expect(asks('x'.repeat(64))).toBeNull()
    expect(asks('/')).toBeNull()
    expect(asks(null)).toBeNull()
    expect(told({ cpuset: ID, trigger: null })).not.toBeNull()
    expect(told({ cpuset: ID, trigger: null })?.evidence.map(({ text }) => text)).toContain('Killed process 100 (java)')
  })
  test('or the unit that systemd or the journal names', () => {
    const unit = { ...podWorkload, kind: 'systemd-unit' as const, unit: 'a.service', containerId: null }
    const said = (workload: object | null) => unitLimit.evaluate(unnamed({}, { workload }) as never)
    expect(saidIn(said(unit))).toContain('a process of unit a.service: most likely')
    expect(said({ ...unit, containerId: ID })).toBeNull()
    expect(said({ ...unit, kind: 'container' })).toBeNull()
    expect(said({ ...unit, unit: null })).toBeNull()
    expect(said(null)).toBeNull()
    expect(unitLimit.evaluate({ ...unnamed({}, { workload: unit }), kill: null } as never)).toBeNull()
  })
  test('or another, as its counter or its stack shows', () => {
    const other = (dump: object) => cgroupLimit.evaluate(unnamed(dump) as never)
    const stack = (...frames: string[]) => ({ memory: null, trigger: { ...trigger(['GFP_KERNEL']), frames } })
    expect(other({})).toMatchObject({ confidence: 'medium', against: expect.anything() })
    expect(other(stack('out_of_memory'))).toBeNull()
    expect(other(stack('mem_cgroup_oom_synchronize'))).not.toBeNull()
    expect(other({ memory: null, trigger: null })).toBeNull()
    expect(cgroupLimit.evaluate({ ...unnamed(), scope: 'global' } as never)).toBeNull()
  })
})

describe('a status alone', () => {
  const kill = {
    target: { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID },
    workload: podWorkload,
  }
  const facts = (death = {}, container = makeContainer()) =>
    factsWith(makeIncident({ kills: [makeDeath(null, { ...kill, ...death } as never)], pods: [makePod([container])] }), { container })
  const told = (...args: Parameters<typeof facts>) => containerLimit.evaluate(facts(...args) as never)
  test('most likely its own limit', () => {
    expect(saidIn(told())).toContain('says OOMKilled, and the container has a memory limit of 80 MiB: most likely')
    expect(told()?.evidence.at(-1)?.text).toBe('      memory:  80Mi')
    expect(told({ target: null })).toBeNull()
    expect(told({ killer: 'kubelet' })).toBeNull()
    expect(told({ constraint: 'none' })).toBeNull()
    expect(told({}, makeContainer({ limitBytes: null }))).toBeNull()
    expect(containerLimit.evaluate({ ...facts(), kill: null } as never)).toBeNull()
    const event = { kind: 'node', what: 'system-oom' } as never
    expect(containerLimit.evaluate({ ...facts({ event }), node: { kubeletVersion: 'v1.30.0' } } as never)).toBeNull()
    expect(containerLimit.evaluate({ ...facts({ event }), node: { kubeletVersion: 'v1.20.0' } } as never)).not.toBeNull()
  })
  test('a start that was killed before its program began', () => {
    const init = { ...makeState({ kind: 'terminated' }), initKilled: true } as never
    expect(saidIn(told({}, makeContainer({ state: init })))).toContain(
      'was killed for memory before its program began; its limit is 80 MiB',
    )
    expect(saidIn(told({}, makeContainer({ lastState: init })))).toContain('before its program began')
    expect(saidIn(told({}, makeContainer({ state: makeState({}) })))).not.toContain('began')
  })
  test('the runtime’s own word', () => {
    const inspected = (more: object = {}, death = {}) => {
      const snapshots = [
        { kind: 'runtime-container', name: 'web', oomKilled: true, containerId: ID, limitBytes: 80 * MIB, ...more },
      ] as never
      const incident = makeIncident({ kills: [makeDeath(null, { target: { containerId: ID } as never, ...death })], snapshots })
      return containerLimit.evaluate(factsWith(incident) as never)
    }
    expect(saidIn(inspected())).toContain('container 91efaeab566e was OOMKilled')
    expect(saidIn(inspected({}, { workload: podWorkload }))).toContain('container api was OOMKilled')
  })
})
