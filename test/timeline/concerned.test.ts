import { describe, expect, it } from 'vitest'
import type { ContainerRef, Event } from '../../src/model/event.ts'
import { concernedBy } from '../../src/timeline/concerned.ts'
import { CONTAINER_PATH, ID, makeContainer, makePod, makeState, podWorkload } from '../rules/make-incident.ts'
import { at, refOf } from './scene.ts'
import { report, type SourceParts, source } from './sources.ts'

const UID = podWorkload.podUid as string
const OTHER = 'ab'.repeat(32)
const SANDBOX = 'cd'.repeat(32)
const event = (more: object): Event => at(0, more).event
const names = (...parts: SourceParts[]): string[] => [...concernedBy(parts.map((p) => source('s', p)))].sort()
const of = (...events: Event[]): string[] => names({ events })
const whole: ContainerRef = { namespace: 'shop', pod: 'api-0', podUid: UID, container: 'api', containerId: ID }

describe('whom a death names', () => {
  it.each<[string, object | Event, string[]]>([
    ['a kernel’s kill in a container', report(5, { taskMemcg: CONTAINER_PATH }), [UID, ID, `cri-containerd-${ID}.scope`]],
    ['in a unit', report(5, { taskMemcg: '/system.slice/export.service' }, null, { oomMemcg: null, taskMemcg: null }), ['export.service']],
    ['a kill in no control group', report(5, { taskMemcg: null }, null, { oomMemcg: null, taskMemcg: null }), []],
    [
      'the group whose limit was hit',
      report(5, { taskMemcg: null }, null, { oomMemcg: '/a.slice', taskMemcg: '/a.slice/b.scope' }),
      ['a.slice', 'b.scope'],
    ],
    ['a path whose last part is no unit', { kind: 'userspace-kill', cgroup: '/batch/web', monitored: null }, []],
    [
      'a userspace killer’s victim',
      { kind: 'userspace-kill', cgroup: '/user.slice/run.scope', monitored: '/user.slice' },
      ['run.scope', 'user.slice'],
    ],
    ['of nobody known', { kind: 'userspace-kill', cgroup: null, monitored: null }, []],
    ['an eviction', { kind: 'eviction', target: refOf({ pod: 'api-0', podUid: UID }) }, [UID, 'api-0']],
    ['the manager’s word on nobody', { kind: 'eviction', target: null }, []],
    ['a runtime that gave up', { kind: 'runtime', what: 'heap-exhausted', target: refOf({ containerId: ID }) }, [ID]],
    ['a refused allocation', { kind: 'runtime', what: 'allocation-refused', target: refOf({ containerId: ID }) }, [ID]],
    ['what a runtime says at its start', { kind: 'runtime', what: 'sized', target: refOf({ containerId: ID }) }, []],
    ['a runtime without a name', { kind: 'runtime', what: 'heap-exhausted', target: null }, []],
    [
      'an OOM by the runtime’s word',
      { kind: 'container', what: 'oom', target: refOf({ containerId: ID }), reason: null, exitCode: null },
      [ID],
    ],
    [
      'an end called OOMKilled',
      { kind: 'container', what: 'died', target: refOf({ containerId: ID }), reason: 'OOMKilled', exitCode: 1 },
      [ID],
    ],
    ['137', { kind: 'container', what: 'exit', target: refOf({ containerId: ID }), reason: null, exitCode: 137 }, [ID]],
    ['another end', { kind: 'container', what: 'exit', target: refOf({ containerId: ID }), reason: 'Error', exitCode: 1 }, []],
    ['a unit killed for memory', { kind: 'unit', what: 'oom-killed', unit: 'a.service', result: null }, ['a.service']],
    ['by systemd-oomd', { kind: 'unit', what: 'oomd-killed', unit: 'a.service', result: null }, ['a.service']],
    ['a unit that failed of it', { kind: 'unit', what: 'failed', unit: 'a.service', result: 'oom-kill' }, ['a.service']],
    ['a unit that failed of something else', { kind: 'unit', what: 'failed', unit: 'a.service', result: 'exit-code' }, []],
    [
      'an event about memory',
      { kind: 'object-event', ofMemory: true, namespace: 'shop', name: 'api-0', uid: UID, objectKind: 'Pod' },
      [UID, 'api-0'],
    ],
    [
      'an event about something else',
      { kind: 'object-event', ofMemory: false, namespace: 'shop', name: 'api-0', uid: UID, objectKind: 'Pod' },
      [],
    ],
    ['lines lost', { kind: 'loss', what: 'printk-dropped' }, []],
  ])('%s', (_, one, want) => expect(of('moment' in one ? one : event(one))).toEqual([...want].sort()))

  it('a runtime without a name speaks for the container whose log it is', () => {
    const said = event({ kind: 'runtime', what: 'heap-exhausted', target: null })
    expect(names({ events: [said], place: { container: refOf({ pod: 'api-0' }) } })).toEqual(['api-0'])
    const named = event({ kind: 'runtime', what: 'heap-exhausted', target: refOf({ pod: 'web-0' }) })
    expect(names({ events: [named], place: { container: refOf({ pod: 'api-0' }) } })).toEqual(['web-0'])
  })
})

describe('whom a document shows dead', () => {
  const inspected = (more: object) => ({
    ...{ kind: 'runtime-container', containerId: ID, podUid: null, podName: null, oomKilled: null, exitCode: null },
    ...more,
  })
  it.each<[string, object, string[]]>([
    ['OOM killed', { oomKilled: true }, [ID]],
    ['ended with an error', { exitCode: 1 }, [ID]],
    ['by every name', { exitCode: 137, podUid: UID, podName: 'api-0' }, [UID, ID, 'api-0'].sort()],
    ['ended well', { oomKilled: false, exitCode: 0 }, []],
    ['runs', {}, []],
  ])('an inspected container: %s', (_, more, want) => expect(names({ snapshots: [inspected(more)] })).toEqual(want))

  const pod = (state: object | null, more: object = {}) => ({
    snapshots: [
      makePod([makeContainer({ containerId: ID, lastState: state === null ? null : makeState({ kind: 'terminated', ...state }) })], {
        name: 'api-0',
        uid: UID,
        ...more,
      }),
    ],
  })
  const all = [UID, ID, 'api-0'].sort()
  it.each<[string, ReturnType<typeof pod>, string[]]>([
    ['an error', pod({ exitCode: 1 }), all],
    ['OOMKilled without a code', pod({ reason: 'OOMKilled' }), all],
    ['success', pod({ exitCode: 0, reason: 'Completed' }), []],
    ['nothing ended', pod(null), []],
    ['the pod failed', pod(null, { reason: 'Evicted' }), all],
    ['a pod without a name', pod({ exitCode: 1 }, { name: '' }), [UID, ID].sort()],
    ['by the hash of a static pod', pod({ exitCode: 1 }, { configHash: 'f00' }), [...all, 'f00'].sort()],
    ['the run that died and the one that runs', pod({ exitCode: 1, containerId: OTHER }), [...all, OTHER].sort()],
  ])('a pod: %s', (_, parts, want) => expect(names(parts)).toEqual(want))
  it('a node’s document names nobody', () => expect(names({ snapshots: [{ kind: 'node', reason: 'x', exitCode: 1 }] })).toEqual([]))
})

describe('names that were said in one breath', () => {
  const kill = report(5, { taskMemcg: `/docker/${ID}` }, null, { oomMemcg: null, taskMemcg: null })
  const created = (target: Partial<ContainerRef>, sandboxId?: string) =>
    event({
      ...{ kind: 'container', what: 'created', reason: null, exitCode: null, target: refOf(target) },
      ...(sandboxId === undefined ? {} : { sandboxId }),
    })
  it('lead from a container to its pod, its sandbox, and the pod’s other containers', () => {
    const events = [kill, created({ containerId: ID, podUid: UID }, SANDBOX), created({ containerId: OTHER, podUid: UID })]
    expect(of(...events)).toEqual([UID, ID, OTHER, SANDBOX].sort())
    expect(of(...events.slice(1))).toEqual([])
  })
  it('one name alone leads nowhere; others’ lives are not read', () => {
    expect(of(kill, created({ containerId: ID }))).toEqual([ID])
    expect(of(kill, created({ containerId: OTHER, podUid: UID }))).toEqual([ID])
  })
  it('a shortened id is the same container', () =>
    expect(of(kill, created({ containerId: ID.slice(0, 12), podUid: UID }))).toEqual([UID, ID, ID.slice(0, 12)].sort()))
  it('of evictions, runtimes and events about pods, not about other objects', () => {
    expect(of(kill, event({ kind: 'runtime', what: 'sized', target: refOf(whole) }))).toEqual([UID, ID, 'api-0'].sort())
    expect(of(kill, event({ kind: 'eviction', target: refOf({ containerId: ID, pod: 'api-0' }) }))).toEqual([ID, 'api-0'].sort())
    const told = (objectKind: string) =>
      event({ kind: 'object-event', ofMemory: false, objectKind, namespace: 'shop', name: 'api-0', uid: UID })
    const link = created({ containerId: ID, podUid: UID })
    expect(of(kill, link, told('Pod'))).toEqual([UID, ID, 'api-0'].sort())
    expect(of(kill, link, told('pod'))).toEqual([UID, ID, 'api-0'].sort())
    expect(of(kill, link, told('Job'))).toEqual([UID, ID].sort())
  })
  it('of documents that show nobody dead', () => {
    const healthy = makePod([makeContainer({ containerId: ID }), makeContainer({ name: 'b', containerId: OTHER })], {
      name: 'api-0',
      uid: UID,
    })
    expect(names({ events: [kill], snapshots: [healthy] })).toEqual([UID, ID, OTHER, 'api-0'].sort())
    const inspected = { kind: 'runtime-container', containerId: ID, podUid: UID, podName: null, oomKilled: null, exitCode: null }
    expect(names({ events: [kill], snapshots: [inspected] })).toEqual([UID, ID].sort())
  })
})
