import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Workload } from '../../../src/model/incident.ts'
import { choose } from '../../../src/rules/advice/choose.ts'
import { hasAllocationProfile, hasPressure, isKernelFrom } from '../../../src/rules/advice/kernel-age.ts'
import { insideLxc, lxcOf } from '../../../src/rules/advice/lxc.ts'
import { unitOfItsOwn } from '../../../src/rules/advice/own-unit.ts'
import { subjectOf } from '../../../src/rules/advice/subject.ts'
import { cliOf, insideOf, isWaiting, targetOf, throughPort } from '../../../src/rules/advice/target.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { factsWith, MIB } from '../facts-with.ts'
import {
  globalDump,
  inPod,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  makeState,
  memcgDump,
  placed,
} from '../make-incident.ts'
import { group, inside } from './in-groups.ts'

describe('a system container', () => {
  const of = (path: string, release: string | null = null, more: object = {}) => lxcOf(group(path, {}, { release, ...more }))
  test('by who manages it', () => {
    expect(of('/lxc/101', '6.8.12-4-pve')?.set(96 * MIB)).toBe('pct set 101 --memory 96')
    expect(of('/lxc/101', '6.8.12')?.set(96 * MIB + 5)).toBe(`lxc-cgroup -n 101 memory.max ${96 * MIB}`)
    expect(of('/lxc/web', '6.8.12-4-pve', { cgroupVersion: 1 })?.set(MIB)).toBe(`lxc-cgroup -n web memory.limit_in_bytes ${MIB}`)
    expect(of('/lxc.payload.web')?.inside).toBe('lxc exec web -- ')
    expect(of('/docker/x')).toBeNull()
    expect(lxcOf(group('/x', { limitCgroup: { runtime: 'lxc', containerId: null } as never }))).toBeNull()
    expect(lxcOf(group('/lxc/101', { dump: null, node: { kernelVersion: '6.8.12-4-pve' } as never }))?.inside).toBe('pct exec 101 -- ')
  })
  test('a command inside it, with a shell where it needs one', () => {
    const run = (path: string, command: string) => insideLxc(group(path), command)
    expect([run('/lxc/web', 'ps'), run('/lxc/web', 'ps | sort'), run('/x', 'ps')]).toEqual([
      'lxc-attach -n web -- ps',
      "lxc-attach -n web -- sh -c 'ps | sort'",
      'ps',
    ])
  })
})

describe('the object that a command is about', () => {
  const of = (workload: Partial<Workload> | null, more: Partial<IncidentFacts> = {}) => {
    const target = targetOf(inside(workload, more))
    return target === null
      ? null
      : `${target.kind}/${target.name} ${target.settable ? 'set' : ''} ${target.undoable ? 'undo' : ''} ${target.ends ? 'ends' : ''}`
          .trim()
          .replace(/ +/g, ' ')
  }
  test('its owner, else the pod', () => {
    expect(of({})).toBe('deployment/api set undo')
    expect(of({ owner: 'ReplicaSet/x' })).toBe('replicaset/x set')
    expect(of({ owner: 'CronJob/x' })).toBe('cronjob/x set ends')
    expect(of({ owner: 'Job/x' })).toBe('job/x ends')
    expect(of({ owner: null })).toBe('null/api-7c9d4')
    expect(of({ owner: 'Node/n' })).toBe('null/api-7c9d4')
    expect(of({ owner: 'x' })).toBe('null/api-7c9d4')
    expect(of({ owner: '/x' })).toBe('null/api-7c9d4')
    expect(of({ pod: null })).toBe('deployment/api set undo')
    expect(of({ pod: null, owner: null }, { pod: null })).toBeNull()
    for (const kind of ['SlurmJob', 'EcsTask', 'NomadAllocation', 'YarnApplication'])
      expect(of({ pod: null, owner: `${kind}/x` }, { pod: null })).toBeNull()
    expect(of(null, { pod: makePod([], { owner: 'StatefulSet/x' }) })).toBe('statefulset/x set undo')
  })
  test('that is over', () => {
    const pod = (more: object, state: 'terminated' | 'running' = 'running') =>
      of({ owner: null }, { pod: makePod([], { owner: null, ...more }), container: makeContainer({ state: makeState({ kind: state }) }) })
    expect(['Failed', 'Succeeded', 'Running'].map((phase) => pod({ phase }))).toEqual([
      'null/api-7c9d4 ends',
      'null/api-7c9d4 ends',
      'null/api-7c9d4',
    ])
    expect(pod({ restartPolicy: 'Never' }, 'terminated')).toContain('ends')
    expect(pod({ restartPolicy: 'Never' })).not.toContain('ends')
    expect(pod({ restartPolicy: 'OnFailure' }, 'terminated')).not.toContain('ends')
  })
  test('inside of which a command runs', () => {
    const run = (workload: Partial<Workload> | null, more: Partial<IncidentFacts> = {}) => insideOf(inside(workload, more))
    expect(run({})).toBe('kubectl exec -n shop deployment/api -c api -- ')
    expect(run({ owner: 'DeploymentConfig/api' })).toContain('deploymentconfig/api')
    expect(run({ owner: 'StatefulSet/api' })).toBe('kubectl exec -n shop api-7c9d4 -c api -- ')
    expect(run({ container: null })).toBe('kubectl exec -n shop deployment/api -- ')
    expect(run({ owner: 'Job/api' })).toBe('')
    expect(run({ owner: 'StatefulSet/api', pod: null }, { pod: null })).toBe('')
    expect(run(null, { pod: null })).toBe('')
    expect(run({}, { pod: makePod([], { reason: 'CrashLoopBackOff' }) })).toBe('')
    expect(run({}, { container: makeContainer({ state: makeState({ kind: 'waiting' }) }) })).toBe('')
    expect(isWaiting(inside())).toBe(false)
  })
  test('whose port is asked by another of one’s own', () => {
    expect(throughPort(inside(), 8080, 'curl localhost:8080; nc localhost 8080')).toBe(
      'kubectl port-forward -n shop deployment/api 28080:8080 >/dev/null & sleep 3; curl localhost:28080; nc localhost 28080; kill $!',
    )
    expect(throughPort(inside({ owner: 'Job/api' }), 8080, 'x')).toBeNull()
  })
  test('of OpenShift by its own tool', () => {
    const cli = (more: Partial<IncidentFacts>, workload: Partial<Workload> = {}) =>
      cliOf(inside(workload, { container: null, pod: null, ...more }))
    expect(cli({})).toBe('kubectl')
    expect(cli({ node: { osImage: 'Red Hat Enterprise Linux CoreOS 417' } as never })).toBe('oc')
    expect(cli({ node: { osImage: 'Red Hat Enterprise Linux 9' } as never })).toBe('kubectl')
    expect([cli({}, { namespace: 'openshift-dns' }), cli({}, { namespace: 'my-openshift-' })]).toEqual(['oc', 'kubectl'])
    expect(cli({ pod: makePod([], { openshift: true } as never) })).toBe('oc')
    expect(cli({ pod: makePod([], { owner: 'DeploymentConfig/x' }) })).toBe('oc')
    const image = (name: string) => cli({ container: makeContainer({ image: name }) })
    expect([
      image('quay.io/openshift-release-dev/x'),
      image('image-registry.openshift-image-registry.svc:5000/x'),
      image('quay.io/x'),
    ]).toEqual(['oc', 'oc', 'kubectl'])
  })
})

describe('who the advice is about', () => {
  const rows = (...mib: readonly number[]) =>
    mib.map((size, n) => ({ pid: 100 + n, rss: size * 256, anon: size * 256, comm: n === 0 ? 'a' : 'b' }))
  const of = (mib: readonly number[], more: Partial<IncidentFacts> = {}) => {
    const found = subjectOf(
      factsWith(
        inPod(memcgDump({ kills: [] }, { anon: 78 * MIB, kernel: 0 }, rows(...mib)), {}, { pid: 100, comm: 'a', anonRssBytes: 7 * MIB }),
        more,
      ),
    )
    return found === null ? null : [found.comm, found.pid, found.count, found.isVictim, found.within]
  }
  test('the largest, where it held a fifth and more', () => {
    expect(of([60, 5])).toEqual(['a', 100, 1, true, true])
    expect(of([5, 60])).toEqual(['b', 101, 1, false, true])
    expect(of([5, 60], { limitCgroup: { level: 'pod' } as never })).toEqual(['b', 101, 1, false, false])
    expect(of([5, 60], { scope: 'global' })).toEqual(['b', 101, 1, false, false])
    expect([of([16]) === null, of([15.7]) === null]).toEqual([false, true])
    const small = factsWith(inPod(memcgDump({ kills: [] }, { anon: 78 * MIB, kernel: 0 }, rows(10)))).composition
    expect(of([60], { composition: { ...small, largest: { ...small?.largest, swapBytes: 10 * MIB } } as never })).not.toBeNull()
  })
  test('a crowd of three and more, none of which holds half of it', () => {
    expect(of([5, 20, 20, 20])).toEqual(['b', null, 3, false, true])
    expect(of([5, 20, 20])).toEqual(['b', 101, 1, false, true])
    expect(of([5, 30, 15, 15])).toEqual(['b', 101, 1, false, true])
    expect(of([5, 29, 15, 15])).toEqual(['b', null, 3, false, true])
    expect(of([1, 5, 5, 5])).toBeNull()
    // with what it has in swap it holds half of what the crowd does
    const swapped = (swapMib: number) => {
      const held = factsWith(inPod(memcgDump({ kills: [] }, { anon: 78 * MIB, kernel: 0 }, rows(5, 20, 20, 20)))).composition
      return of([60], { composition: { ...held, largest: { ...held?.largest, swapBytes: swapMib * MIB } } as never })?.[2]
    }
    expect([swapped(9), swapped(10)]).toEqual([3, 1])
  })
  test('the victim where nothing else is known', () => {
    const none = (more: Partial<IncidentFacts>) => of([60], { composition: null, ...more })
    expect(none({ dump: null })).toEqual(['a', 100, 1, true, true])
    expect(none({})).toBeNull()
    expect(none({ dump: null, kill: makeDeath(null, { comm: null }) })).toBeNull()
    expect(none({ dump: null, kill: null })).toBeNull()
    const without = { ...factsWith(inPod(memcgDump())).composition, largest: null, groups: [] } as never
    expect(of([60], { composition: without })).toEqual(['a', 100, 1, true, true])
    expect(of([60], { composition: without, kill: null })).toBeNull()
  })
})

test('a job of cron is given a unit of its own', () => {
  const of = (unit: string, context: ReturnType<typeof placed>[] = [], more: Partial<IncidentFacts> = {}, mib = 96) => {
    const path = `/system.slice/${unit}`
    const found = unitOfItsOwn(factsWith(killed(memcgDump({ oomMemcg: path, taskMemcg: path }), { context: context as never }), more), {
      bytes: mib * MIB,
    } as never)
    return found === null ? null : `${plainPhrase(found.text)} ${found.command} ${found.lookFirst}`
  }
  for (const unit of ['cron.service', 'crond.service', 'cronie.service', 'anacron.service', 'atd.service']) expect(of(unit)).not.toBeNull()
  expect(of('cron.service')).toMatch(
    /^Give the job that runs java a unit .* -p MemoryHigh=64M -p MemoryMax=96M in front .* grep -rn -e java \/etc\/crontab .* true$/,
  )
  expect(of('web.service')).toBeNull()
  expect(of('cron.service', [], {}, 4096)).toContain('-p MemoryHigh=3G -p MemoryMax=4G')
  expect(
    of('cron.service', [placed(-9, { kind: 'change', what: 'job', by: 'cron', detail: 'reindex --all', subject: null } as never)]),
  ).toContain('Give the job reindex --all a unit')
  expect(of('cron.service', [placed(-9, { kind: 'change', what: 'exec', by: 'cron', detail: 'x', subject: null } as never)])).toContain(
    'that runs java',
  )
  expect(of('cron.service', [], { composition: null, kill: makeDeath(null, { comm: null }) })).toBeNull()
  expect(of('cron.service', [], { composition: null })).toContain('that runs java')
})

test('what a kernel has, by its version', () => {
  const on = (release: string | null, node: string | null = null) =>
    factsWith(killed(globalDump({ release } as never)), { node: { kernelVersion: node } as never })
  const is = (release: string | null, node: string | null = null) => isKernelFrom(on(release, node), 5, 19)
  expect([is('5.19.0'), is('5.18.9'), is('6.0.0'), is('4.99.0'), is(null, '5.19.1'), is('5.4.0', '6.1.0'), is(null)]).toEqual([
    true,
    false,
    true,
    false,
    true,
    false,
    null,
  ])
  expect([hasPressure(on('4.19.0')), hasPressure(on('4.20.0')), hasPressure(on(null))]).toEqual([false, true, true])
  expect([hasAllocationProfile(on('6.9.0')), hasAllocationProfile(on('6.10.0')), hasAllocationProfile(on(null))]).toEqual([
    false,
    true,
    true,
  ])
})

test('five pieces of advice at most, three of a part, two against a return', () => {
  const one = (when: 'now' | 'find' | 'prevent', n: number, command: string | null = null) =>
    ({ when, text: [`${when}${n}`], why: [], command, effect: [] }) as never
  const of = (...all: never[]) => choose(all).map(({ text }) => text.join(''))
  const many = (when: 'now' | 'find' | 'prevent', count: number) => Array.from({ length: count }, (_, n) => one(when, n))
  expect(of(...many('prevent', 4))).toEqual(['prevent0', 'prevent1'])
  expect(of(...many('find', 4))).toEqual(['find0', 'find1', 'find2'])
  expect(of(...many('now', 4))).toEqual(['now0', 'now1', 'now2'])
  expect(of(...many('prevent', 2), ...many('find', 3), ...many('now', 3))).toEqual(['now0', 'now1', 'find0', 'find1', 'prevent0'])
  expect(of(...many('prevent', 1), ...many('find', 1), ...many('now', 3))).toHaveLength(5)
  expect(of(one('find', 1, 'ps'), one('now', 2, 'ps'), one('now', 3, 'top'))).toEqual(['now3', 'find1'])
  expect(of(one('now', 1), one('now', 1), one('find', 1))).toEqual(['now1', 'find1'])
  expect(choose(makeIncident().kills as never)).toEqual([])
})
