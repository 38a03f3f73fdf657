import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { CgroupIdentity } from '../../../src/model/figures.ts'
import { giveRoom } from '../../../src/rules/advice/give-room.ts'
import { adviseOn } from '../../../src/rules/advice/index.ts'
import { commandFor, lookInside } from '../../../src/rules/advice/look-inside.ts'
import type { Subject } from '../../../src/rules/advice/subject.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import type { RowFigures } from '../../kernel/make-dump.ts'
import { factsWith, MIB } from '../facts-with.ts'
import {
  globalDump,
  ID,
  inPod,
  killed,
  makeContainer,
  makeDeath,
  makePod,
  makeState,
  memcgDump,
  NOON,
  podWorkload,
} from '../make-incident.ts'
import { full, said } from './full-of-one.ts'

const OTHER = 'b2'.repeat(32)
/** The subject, as a command about it needs it. */
const one = (more: Partial<Subject> = {}, runtime: object = {}): Subject => ({
  ...{ comm: 'app', pid: 100, bytes: 5 * MIB, count: 1, isVictim: true, within: true },
  runtime: { id: 'x', ...runtime } as never,
  ...more,
})
const rows = (...all: readonly (readonly [pid: number, comm: string])[]): RowFigures[] =>
  all.map(([pid, comm]) => ({ pid, comm, rss: 900 }))
const pod = (more: Partial<IncidentFacts> = {}, tasks: RowFigures[] = rows([100, 'app'])) =>
  factsWith(inPod(memcgDump({}, {}, tasks)), { container: makeContainer(), pod: makePod([]), ...more })
/** A container outside of Kubernetes, of which only its cgroup is known. */
const plain = (more: Partial<CgroupIdentity> = {}, facts: Partial<IncidentFacts> = {}, owner: string | null = null) => {
  const identity = {
    level: 'container',
    containerId: ID,
    runtime: 'docker',
    podUid: null,
    unit: null,
    path: `/docker/${ID}`,
    ...more,
  } as never
  const workload = { ...podWorkload, kind: 'container' as never, pod: null, podUid: null, container: null, owner }
  return factsWith(killed(memcgDump(), {}, { workload }), {
    pod: null,
    container: null,
    limitCgroup: identity,
    victimCgroup: identity,
    ...facts,
  })
}
const START = 'kubectl exec -n shop deployment/api -c api -- '

describe('a command inside a container', () => {
  test('runs as it is, or in a shell where it needs one', () => {
    expect(commandFor(pod(), one(), 'jcmd PID x')).toBe(`${START}jcmd 1 x`)
    expect(commandFor(pod(), one(), 'jcmd PID x | sort')).toBe(`${START}sh -c 'jcmd 1 x | sort'`)
    expect(commandFor(pod(), one(), null)).toBeNull()
    expect(commandFor(pod(), one({}, { outside: true }), 'kubectl get x')).toBe('kubectl get x')
    expect(commandFor(pod(), one({ runtime: null }), 'x PID')).toBe(`${START}x 1`)
  })
  test('about which process: all, the first, a child of a starter, or the largest', () => {
    const pid = (subject: Subject, ...all: readonly (readonly [number, string])[]) =>
      commandFor(pod({}, rows(...all)), subject, 'x PID')?.slice(START.length)
    expect(pid(one({}, { all: '0' }), [100, 'app'])).toBe('x 0')
    expect(pid(one(), [100, 'app'], [101, 'b'])).toBe('x 1')
    expect(pid(one({ pid: 101 }), [100, 'sh'], [101, 'app'])).toBe("sh -c 'x $(pgrep -o app)'")
    expect(pid(one({ pid: 101 }), [100, 'npm start'], [101, 'app'])).toContain('pgrep -o app')
    expect(pid(one({ pid: 101 }), [100, 'puma'], [101, 'app'])).toContain('grep -sH VmRSS')
    // the sandbox's own process is none of the container's
    expect(pid(one(), [7, 'pause'], [100, 'app'])).toBe('x 1')
    expect(pid(one({ comm: 'app*', pid: null }), [100, 'tini'], [101, 'app-1'])).toContain('pgrep -o app)')
    for (const comm of ['bash', 'dash', 'ash', 'dumb-init', 'docker-init', 'catatonit', 's6-svscan', 'supervisord', 'yarn', 'pnpm'])
      expect(pid(one({ pid: 101 }), [100, comm], [101, 'app'])).toContain('pgrep')
    expect(commandFor(pod({ dump: null }), one({ pid: 9 }), 'x PID')).toBe(`${START}x 1`)
    expect(commandFor(pod({ scope: 'global' }, rows([1, 'a'], [100, 'app'])), one(), 'x PID')).toBe(`${START}x 1`)
  })
  test('none, where its run is too short for one', () => {
    const lived = (seconds: number, more: Partial<IncidentFacts> = {}, subject = one()) =>
      commandFor(pod({ started: { value: NOON - seconds * 1e6, quote: null }, ...more }), subject, 'x')
    expect([lived(299), lived(300), lived(0), lived(-1)].map((command) => command === null)).toEqual([true, false, true, false])
    expect(lived(299, {}, one({ within: false }))).not.toBeNull()
    const on = makeContainer({ state: makeState({ startedUs: NOON - 9e6, containerId: ID }) })
    expect(lived(299, { container: on })).not.toBeNull()
    const again = makeContainer({ ready: true, state: makeState({ startedUs: NOON + 5e6, containerId: OTHER }) })
    expect(lived(299, { container: again })).not.toBeNull()
    expect(lived(299, { container: { ...again, ready: false } })).toBeNull()
  })
  test('by its port from outside', () => {
    const asked = (facts: IncidentFacts, more: Partial<Subject> = {}) => commandFor(facts, one(more, { port: 8080 }), 'curl localhost:8080')
    expect(asked(pod())).toMatch(/^kubectl port-forward -n shop deployment\/api 28080:8080 .* curl localhost:28080; kill \$!$/)
    expect(asked(pod(), { within: false })).not.toContain('port-forward')
    const named = { podUid: podWorkload.podUid, containerId: ID, runtime: 'containerd' } as Partial<CgroupIdentity>
    expect(asked(plain(named))).toMatch(/^nsenter -t "\$\(crictl inspectp .*\)" -n sh -c 'curl localhost:8080' {2}# on the node, as root$/)
    expect(asked(plain())).toBe(
      `nsenter -t "$(docker inspect -f '{{.State.Pid}}' ${ID.slice(0, 12)})" -n sh -c 'curl localhost:8080'  # on the node, as root`,
    )
    expect(asked(plain({ runtime: 'podman' }))).toContain('podman inspect')
    for (const more of [
      { runtime: 'containerd' as const },
      { containerId: null },
      { containerId: 'web' },
      { podUid: 'none', containerId: null },
    ])
      expect(asked(plain(more as never)) ?? '').not.toContain('nsenter')
    expect(asked(plain({}, { victimCgroup: null })) ?? '').not.toContain('nsenter')
    const outer = { limitCgroup: { level: 'container', containerId: OTHER, runtime: 'docker', podUid: null, path: '/b' } as never }
    expect(asked(pod(outer)) ?? '').not.toContain('port-forward')
  })
  test('of docker, podman, Nomad and ECS', () => {
    const run = (more: Partial<CgroupIdentity>, owner: string | null = null, subject = one(), command = 'x PID') =>
      commandFor(plain(more, {}, owner), subject, command)
    expect(run({})).toBe(`docker exec ${ID.slice(0, 12)} x 1`)
    expect(run({}, null, one(), 'x PID | sort')).toBe(`docker exec ${ID.slice(0, 12)} sh -c 'x 1 | sort'`)
    expect(run({ runtime: 'podman' })).toContain('podman exec')
    expect(run({ containerId: 'web' }, 'NomadAllocation/77')).toBe('nomad alloc exec -task web 77 x 1')
    expect(run({ runtime: null as never }, 'EcsTask/5')).toBe(`docker exec ${ID.slice(0, 12)} x 1`)
    expect(run({ runtime: 'containerd' })).toBe('x "$(pgrep -o app)"')
    expect(run({ containerId: 'web' })).toBe('x "$(pgrep -o app)"')
    expect(run({ containerId: null })).toBe('x "$(pgrep -o app)"')
    expect(run({}, null, one({ within: false }))).toBe('x "$(pgrep -o app)"')
  })
  test('of a pod of which only the UID is known, by its present container', () => {
    const named = { podUid: podWorkload.podUid, runtime: 'containerd' } as Partial<CgroupIdentity>
    const run = (more: Partial<CgroupIdentity> = {}, subject = one(), command = 'x PID') =>
      commandFor(plain({ ...named, ...more }), subject, command)
    const front = `crictl exec "$(crictl ps -q --label io.kubernetes.pod.uid=${podWorkload.podUid} | head -1)" `
    expect(run()).toBe(`${front}x 1  # on the node`)
    expect(run({}, one(), 'x | y')).toBe(`${front}sh -c 'x | y'  # on the node`)
    expect(run({ podUid: 'none' })).toBe('x "$(pgrep -o app)"')
    expect(run({}, one({ within: false }))).toBe('x "$(pgrep -o app)"')
    // docker's id is that of the run, which a pod does not keep
    expect(run({ runtime: 'docker' })).toContain('crictl exec')
  })
  test('of a pod that is over, none', () => {
    const over = { pod: makePod([], { phase: 'Failed' }) }
    expect(commandFor(pod(over), one(), 'x PID')).toBeNull()
    expect(commandFor(pod(over), one({ within: false }), 'x PID')).toBe('x "$(pgrep -o app)"')
  })
  test('within another container, only where that is a system of its own', () => {
    const outer = (more: object) => ({
      limitCgroup: { level: 'container', containerId: OTHER, podUid: null, path: '/b', ...more } as never,
    })
    expect(commandFor(pod(outer({ runtime: 'docker' })), one(), 'x PID')).toBeNull()
    expect(commandFor(pod(outer({ runtime: 'docker' })), one({ within: false }), 'x PID')).toBe('x "$(pgrep -o app)"')
    expect(commandFor(pod(outer({ runtime: 'lxc', containerId: 'web', path: '/lxc.payload.web' })), one(), 'x PID')).toBe(
      `lxc exec web -- sh -c 'x "$(pgrep -o app)"'`,
    )
  })
  test('on a host by its name', () => {
    const host = factsWith(killed(globalDump()))
    expect(commandFor(host, one(), 'x PID')).toBe('x "$(pgrep -o app)"')
    expect(commandFor(host, one({ comm: 'app*' }), 'x PID')).toBe('x "$(pgrep -o app)"')
  })
})

describe('what is looked at', () => {
  const held = (facts: IncidentFacts) => said(lookInside(facts))
  test('of a program that is not known, two profiles; of one without a heap nothing', () => {
    expect(held(full('unheard-of', ''))).toBe(
      'Take two heap profiles of unheard-of in one run, early and late, and see what grew. It held 972 MiB.',
    )
    expect(lookInside(full('stress-ng', ''))).toEqual([])
    expect(lookInside(factsWith(killed(globalDump(), {}, { comm: null }), { composition: null }))).toEqual([])
    expect(held(full('mongod', ''))).toContain('It held 972 MiB.')
  })
  test('how much, in how many', () => {
    const crowd = memcgDump(
      {},
      { anon: 78 * MIB },
      [100, 101, 102].map((pid) => ({ pid, comm: 'web', rss: 20 * 256, anon: 20 * 256 })),
    )
    expect(held(factsWith(inPod(crowd)))).toContain('It held 60 MiB in 3 processes.')
    const sizeless = factsWith(inPod(memcgDump(), {}, { comm: 'web', anonRssBytes: null, dump: null }), { composition: null, dump: null })
    expect(held(sizeless)).not.toContain('It held')
  })
  test('how long it lived, where that is too short', () => {
    const lived = (seconds: number, more: Partial<IncidentFacts> = {}) =>
      held(full('web', '', 1024, { started: { value: NOON - seconds * 1e6, quote: null }, ...more }))
    expect(lived(7.4)).toContain('The killed run lasted 7 s, too short for a command inside it')
    expect(lived(0.2)).toContain('The killed run lasted 1 s')
    expect(lived(300)).not.toContain('too short')
    const waits = { container: makeContainer({ state: makeState({ kind: 'waiting' }), restartCount: { value: 3, quote: null } }) }
    expect(lived(300, waits)).toMatch(
      /^Read what the killed run .*Its container waits \(CrashLoopBackOff\), and no command can be run in it/,
    )
    expect(
      lived(300, { ...waits, limitCgroup: null, kill: makeDeath(null, { comm: 'other', pid: 7, workload: podWorkload }) }),
    ).not.toContain('Its container waits')
  })
  test('a vital program is given room', () => {
    const of = (host: string | null) => {
      const facts = factsWith(killed(globalDump(), { host }))
      return giveRoom(facts, 'etcd', 5 * MIB)[0]
    }
    expect([of('node-1')?.command, of(null)?.command, of(null)?.lookFirst]).toEqual([
      'kubectl get pods -A -o wide --field-selector spec.nodeName=node-1',
      'kubectl get pods -A -o wide',
      true,
    ])
  })
})

describe('the whole of the advice', () => {
  const byAnswer = (when: 'now' | 'find') => [{ when, text: [when], why: [], command: null, effect: [], owner: 'application' }] as never
  const of = (facts: IncidentFacts, when: 'now' | 'find' = 'now') =>
    adviseOn(facts, byAnswer(when)).map(({ text, owner, when: at }) => `${at} ${owner} ${plainPhrase(text).slice(0, 12)}`)
  test('something is done now: what was killed is looked after', () => {
    const host = factsWith(killed(globalDump()))
    expect(of(host)).toEqual(['now application now'])
    expect(of(host, 'find')).toEqual(['now platform See that wha', 'find application find'])
  })
  test('whose pod it is comes first, unless it is a bystander', () => {
    const nameless = { ...podWorkload, pod: null }
    expect(of(factsWith(inPod(memcgDump(), {}, { workload: nameless })))[0]).toBe('now platform Find out whi')
    const bystander = globalDump({}, {}, [{ rss: 205_000, anon: 204_000, comm: 'mysqld', pid: 9 }])
    expect(of(factsWith(inPod(bystander, {}, { workload: nameless })))).toEqual(['now application now', 'find platform Find out whi'])
    const victim = globalDump({}, {}, [{ rss: 205_000, anon: 204_000, comm: 'java', pid: 100 }])
    expect(of(factsWith(inPod(victim, {}, { workload: nameless })))[0]).toBe('now platform Find out whi')
  })
  test('the cluster’s own pods are the platform’s', () => {
    const by = (namespace: string, more: Partial<IncidentFacts> = {}) =>
      of(factsWith(inPod(memcgDump(), {}, { workload: { ...podWorkload, namespace } }), more))[0]
    expect(['kube-system', 'openshift-dns', 'shop', 'kube-system2'].map((one) => by(one)?.split(' ')[1])).toEqual([
      'platform',
      'platform',
      'application',
      'application',
    ])
    expect(by('shop', { pod: makePod([], { owner: 'Node/node-1' }) })).toContain('platform')
    const bystander = globalDump({}, {}, [{ rss: 205_000, anon: 204_000, comm: 'mysqld', pid: 9 }])
    expect(of(factsWith(inPod(bystander, {}, { workload: { ...podWorkload, namespace: 'kube-system' } })))[0]).toContain('application')
  })
})
