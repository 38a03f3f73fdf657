import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { EvictionEvent, KernelNotice, UnitEvent } from '../../../src/model/event.ts'
import type { Incident, Kill, PlacedEvent } from '../../../src/model/incident.ts'
import { noKill } from '../../../src/rules/consequence/no-kill.ts'
import { nodePanic } from '../../../src/rules/consequence/node-panic.ts'
import { podEvicted } from '../../../src/rules/consequence/pod-evicted.ts'
import { processKilled } from '../../../src/rules/consequence/process-killed.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { factsWith } from '../facts-with.ts'
import {
  globalDump,
  ID,
  inPod,
  instantAt,
  killed,
  makeDeath,
  makeIncident,
  makePod,
  memcgDump,
  placed,
  podWorkload,
} from '../make-incident.ts'
import { asked, crowd, line, quotes, target } from './asked.ts'

describe('a process that was killed', () => {
  const told = (incident: Incident, more: Partial<IncidentFacts> = {}) => asked(processKilled as never, incident, more)
  const service = killed(globalDump())
  test('is all that is known', () => {
    expect(told(service)).toMatchObject({
      confidence: 'high',
      said: expect.stringMatching(/^Java \(PID 100\) was killed.*; what happened next/i),
    })
    expect(told(killed(globalDump(), {}, { killer: 'kubelet' }))).toBeNull()
    const both = { ...service, kills: [...service.kills, makeDeath(null, { pid: 101 })] }
    expect(told(both)?.said).toContain(', the first of 2 processes of this incident')
    expect(told(service)?.said).not.toContain('first of')
  })
  test('not where no process is known at all', () => {
    const nobody = { pid: null, dump: null }
    const by = (death: Partial<Kill>) => told(makeIncident({ kills: [makeDeath(null, { ...nobody, ...death })] })) !== null
    expect(by({})).toBe(false)
    expect(by({ pid: 7 })).toBe(true)
    expect(by({ dump: globalDump() })).toBe(true)
    expect(by({ killer: 'systemd-oomd' })).toBe(true)
    expect(by({ event: { kind: 'userspace-kill' } as never })).toBe(true)
    expect(by({ event: { kind: 'object-event' } as never })).toBe(true)
    expect(by({ event: { kind: 'container' } as never })).toBe(false)
  })
  test('how sure that no more is known', () => {
    const covered = (more: object) => told({ ...service, coverage: { ...service.coverage, ...more } })?.confidence
    expect(['kubelet', 'pods', 'runtime', 'events'].map((source) => covered({ [source]: true }))).toEqual([
      'medium',
      'medium',
      'medium',
      'medium',
    ])
    expect(covered({ node: true })).toBe('high')
    const unit = placed<UnitEvent>(1, {
      kind: 'unit',
      unit: 'analytics.service',
      what: 'oom-killed',
      result: null,
      pid: null,
      quotes: quotes('unit'),
    } as never)
    const second = { ...unit, event: { ...unit.event, quotes: quotes('second') } as UnitEvent }
    expect(told({ ...service, context: [unit, second] })).toMatchObject({
      confidence: 'medium',
      lines: expect.stringMatching(/^[^|]+\|[^|]+\|unit1$/),
    })
    const other = { ...unit, event: { ...unit.event, what: 'started' } as UnitEvent }
    expect(told({ ...service, context: [other] })?.lines).not.toContain('unit')
    expect(told(makeIncident({ kills: [makeDeath(null, { workload: null })], context: [unit] }))?.lines).not.toContain('unit')
  })
  test('lines or a runtime that tell of the container say more', () => {
    expect(told(inPod(memcgDump(), { context: [line(1, 'exit')] }))?.confidence).toBe('low')
    expect(told(inPod(memcgDump(), { context: [line(1, 'exit', { target: { ...target, pod: 'web' } })] }))?.confidence).toBe('high')
    const snapshot = (running: boolean) =>
      ({ kind: 'runtime-container', source: 'i', containerId: ID, running, oomKilled: true, finishedUs: null, quotes: [] }) as never
    for (const is of [true, false]) expect(told(inPod(memcgDump(), { snapshots: [snapshot(is)] }))?.confidence).toBe('low')
  })
  test('a container that lived on is another answer, of a pod', () => {
    const both = (kind: string) => {
      const workload = { ...podWorkload, kind: kind as never }
      const one = inPod(crowd, {}, { workload })
      return told({ ...one, kills: [...one.kills, makeDeath(crowd, { workload, eventKey: 'run-2', pid: 102, at: instantAt(30) })] })
    }
    expect(both('pod')).toBeNull()
    expect(both('container')).not.toBeNull()
  })
  test('what would tell more, and the job that asked for too little', () => {
    const command = (incident: Incident, more: Partial<IncidentFacts> = {}) =>
      processKilled.settledBy?.(factsWith(incident, more))[0]?.command
    expect(command(inPod(memcgDump()))).toContain('kubectl get pods')
    expect(command(service)).toBe('systemctl status analytics.service; journalctl -b all -u analytics.service')
    expect(command(service, { victimCgroup: null })).toContain('systemctl --failed')
    const advice = (event: object | null) =>
      processKilled.recommend?.(factsWith(killed(globalDump(), {}, { event: event as never })) as never).map((one) => one.command)
    expect(advice({ kind: 'userspace-kill', echo: true, job: '77' })).toEqual(['sacct -j 77 --format=JobID,ReqMem,MaxRSS,State'])
    expect(advice({ kind: 'userspace-kill', echo: false, job: '77' })).toEqual([])
    expect(advice({ kind: 'object-event', echo: true, job: '77' })).toEqual([])
    expect(advice(null)).toEqual([])
  })
})

describe('a pod that was evicted', () => {
  const eviction = (pod: string | null, stage: EvictionEvent['stage'] = 'evicted', more: object = {}) =>
    placed<EvictionEvent>(1, {
      kind: 'eviction',
      stage,
      target: { ...target, pod },
      usages: [],
      signal: null,
      quotes: quotes('evicted'),
      ...more,
    } as never)
  const told = (death: Partial<Kill>, context: readonly PlacedEvent[] = [], more: Partial<IncidentFacts> = {}) =>
    asked(podEvicted as never, inPod(memcgDump(), { context }, death), { pod: null, ...more })
  const kubelet = { killer: 'kubelet' as const, evidence: quotes('kill') }
  test('by the kubelet’s own kill', () => {
    expect(told(kubelet)).toEqual({
      confidence: 'high',
      said: 'The kubelet evicted pod shop/api-7c9d4: the pod failed and is not restarted in place; its owner may make a new one elsewhere.',
      lines: 'kill1|kill2',
    })
    expect(told({ ...kubelet, workload: null })?.said).toContain('evicted pod unknown')
  })
  test('after the kernel had killed in it: by its status, or by lines about it', () => {
    const pod = makePod([], { reason: 'Evicted', quotes: quotes('pod') })
    expect(told({}, [], { pod })).toMatchObject({
      confidence: 'high',
      said: expect.stringContaining('after the kernel had killed in it'),
      lines: 'pod1|pod2',
    })
    expect(told({}, [], { pod: makePod([]) })).toBeNull()
    expect(told({}, [eviction('api-7c9d4')])).toMatchObject({ confidence: 'high', lines: 'evicted1' })
    const three = ['x', 'y', 'z'].map((name) => eviction('api-7c9d4', 'evicted', { quotes: quotes(name) }))
    expect(told({}, three)?.lines).toBe('x1|y1')
    expect(told({}, [eviction('api-7c9d4', 'evicting')])).not.toBeNull()
    expect(told({}, [eviction(null)])).not.toBeNull()
    expect(told({}, [eviction('b', 'evicted', { target: null })])).not.toBeNull()
    expect(told({}, [eviction('web-1')])).toBeNull()
    expect(told({}, [eviction('api-7c9d4', 'threshold-met')])).toBeNull()
    expect(told({ workload: null }, [eviction(null)])).toBeNull()
  })
})

describe('a kernel that panicked', () => {
  const panic = (cause: string) => ({ text: 'Kernel panic - not syncing: Out of memory', cause })
  const incident = (cause: string, more: Partial<Kill> = {}) => {
    const notice = placed<KernelNotice>(1, {
      kind: 'kernel-notice',
      notice: 'panic',
      panic: panic(cause),
      quotes: quotes('panic'),
    } as never)
    return killed(globalDump(), { context: [notice] }, { pid: 1, ...more })
  }
  const told = (cause: string, more: Partial<IncidentFacts> = {}) => asked(nodePanic as never, incident(cause), more)
  test('says why', () => {
    expect(told('setting')).toMatchObject({
      confidence: 'high',
      said: 'The kernel panicked: Kernel panic - not syncing: Out of memory, and node-1 stopped.',
    })
    expect(told('setting')?.lines).toBe('panic1')
    expect(told('nothing-left')?.said).toContain('No process was left that it could kill')
    expect(told('init')?.said).toContain('The kernel killed init (pid 1) along with the group')
    expect(told('init')?.lines.split('|')).toHaveLength(3)
    expect(asked(nodePanic as never, killed(globalDump()))).toBeNull()
  })
  test('by its own report, with the line of it', () => {
    const of = (own: boolean, quoted: object) => {
      const dump = globalDump({ panic: panic('setting'), quotes: quoted } as never)
      const event = placed(1, { kind: 'kernel-oom', dump, quotes: quotes('dump') } as never)
      const one = { ...killed(own ? dump : globalDump()), dumps: [{ ...event, boot: own ? 'x' : 'b' }] }
      return asked(nodePanic as never, one, own ? { dump } : {})?.lines
    }
    expect(of(true, { panic: quotes('p', 2) })).toBe('p1|p2')
    expect(of(true, {})).toBe('dump1')
    expect(of(false, { panic: quotes('p', 1) })).toBe('p1')
  })
  test('is looked after: the machine first, then its setting', () => {
    const advice = (cause: string, more: Partial<IncidentFacts> = {}) =>
      nodePanic.recommend?.(factsWith(incident(cause), more) as never) ?? []
    expect(advice('setting').map(({ command }) => command)).toEqual([
      'uptime -s; sysctl kernel.panic vm.panic_on_oom; ls -l /var/crash',
      'sysctl vm.panic_on_oom kernel.panic',
    ])
    expect(advice('init').map(({ command, lookFirst }) => [command, lookFirst])).toEqual([
      ['uptime -s; sysctl kernel.panic; ls -l /var/crash', true],
    ])
    expect(advice('init', { node: { name: 'n' } as never })[0]?.command).toMatch(/^kubectl get nodes -o wide; uptime/)
    expect(advice('init', { victimCgroup: { podUid: 'u' } as never })[0]?.command).toMatch(/^kubectl get nodes/)
    const words = (more: Partial<IncidentFacts>) => plainPhrase(advice('init', more)[0]?.text ?? ('' as never))
    expect(words({})).toMatch(/Start .* \(797 MiB at the panic\) last/)
    expect(words({ scope: 'memcg' })).not.toContain('at the panic')
    expect(words({ composition: null })).not.toContain('at the panic')
  })
})

describe('nothing was killed', () => {
  const told = (nature: Incident['nature'], more: Partial<IncidentFacts> = {}, incident: Partial<Incident> = {}) =>
    asked(noKill as never, makeIncident({ nature, ...incident }), { trust: 'high', ...more })
  test('as the nature of it tells', () => {
    expect(told('refused-allocation')).toMatchObject({ confidence: 'high', said: expect.stringContaining('got an error (ENOMEM)') })
    expect(told('runtime-heap')).toMatchObject({ confidence: 'high', said: expect.stringContaining('ended by itself') })
    expect(told('no-kill')).toMatchObject({ confidence: 'medium', said: expect.stringContaining('Nothing could be killed') })
    expect(told('no-kill', { dump: memcgDump({ noKillable: true }) })?.confidence).toBe('high')
    expect(told('dump-without-kill')).toBeNull()
    expect(told('no-kill', { kill: makeDeath(null) })).toBeNull()
    expect(told('no-kill', { dump: globalDump({ panic: { text: 'p', cause: 'setting' } } as never) })).toBeNull()
    expect(told('no-kill', {}, { proofsBeside: [] })).not.toBeNull()
    expect(told('no-kill', {}, { proofsBeside: [quote('Killed process 7', 7)] } as never)).toBeNull()
  })
  test('unless systemd says of the unit that it ended', () => {
    const unit = (what: UnitEvent['what']) =>
      placed<UnitEvent>(1, { kind: 'unit', unit: 'a.service', what, result: null, pid: null } as never)
    expect(
      [unit('failed'), unit('main-exited'), unit('oom-killed')].map((one) => told('no-kill', {}, { context: [one] }) === null),
    ).toEqual([true, true, false])
  })
  test('what is exempt from it under a limit of its own hangs', () => {
    const advice = (more: Partial<IncidentFacts> = {}, comm = 'java') => {
      const dump = memcgDump({ noKillable: true, kills: [] }, {}, [{ rss: 19000, anon: 18900, comm, adj: -1000 }])
      const facts = factsWith(makeIncident({ nature: 'no-kill', dumps: [placed(0, { kind: 'kernel-oom', dump } as never)] }), more)
      return noKill.recommend?.(facts as never).map(({ command, lookFirst }) => [command, lookFirst])
    }
    expect(advice()).toEqual([[null, true]])
    expect(advice({ limitCgroup: { unit: 'web.service' } as never })).toEqual([
      ['systemctl show web.service -p OOMScoreAdjust -p MemoryMax', true],
    ])
    expect(advice({ scope: 'global' })).toEqual([])
    expect(advice({ composition: null })).toEqual([])
    expect(advice({ dump: memcgDump() })).toEqual([])
    expect(advice({}, 'sshd')).toEqual([])
  })
})
