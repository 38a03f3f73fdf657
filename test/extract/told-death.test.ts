import { describe, expect, it } from 'vitest'
import { blamedContainer, isAboutMemory, isRefusal } from '../../src/extract/eviction-message.ts'
import { isInitKill, toldDeath } from '../../src/extract/told-death.ts'

describe('what an event’s message says of a death', () => {
  it.each([
    [
      'Memory cgroup out of memory: Killed process 4242 (stress) total-vm:120kB, anon-rss:100kB, file-rss:7kB, shmem-rss:3kB, UID:1001 pgtables:16kB oom_score_adj:-998',
      {
        pid: 4242,
        comm: 'stress',
        uid: 1001,
        oomScoreAdj: -998,
        constraint: 'memcg',
        totalVmBytes: 120 * 1024,
        anonRssBytes: 100 * 1024,
        fileRssBytes: 7 * 1024,
        shmemRssBytes: 3 * 1024,
        pgtablesBytes: 16 * 1024,
        pod: null,
        isInit: false,
      },
    ],
    ['Out of memory: Kill process 9 (java) score 800 or sacrifice child', { pid: 9, comm: 'java', constraint: 'none', anonRssBytes: null }],
    [
      'Killed process 208, UID 1000, (java) total-vm:66720kB',
      { pid: 208, comm: 'java', constraint: null, totalVmBytes: 66720 * 1024, uid: null },
    ],
    ['System OOM encountered, victim process: my app, pid: 77', { pid: 77, comm: 'my app', constraint: null }],
    [
      'pod was OOM killed. node:n1 pod:web-7d.x namespace:shop uid:5931aa75-4603-11ee-9f00-0242ac120002',
      {
        pid: null,
        pod: { namespace: 'shop', pod: 'web-7d.x', podUid: '5931aa75-4603-11ee-9f00-0242ac120002', container: null, containerId: null },
      },
    ],
    [
      'OOM kill: pod_name= web container: app uuid: 5931aa75-4603-11ee-9f00-0242ac120002',
      { pod: { namespace: null, pod: 'web', podUid: '5931aa75-4603-11ee-9f00-0242ac120002', container: 'app', containerId: null } },
    ],
    ['failed to create containerd task: … container init was OOM-killed (memory limit too low?)', { pid: null, pod: null, isInit: true }],
  ])('%s', (message, told) => expect(toldDeath(message)).toMatchObject(told))

  it.each(['Back-off restarting failed container', 'Liveness probe failed: pod: web', 'System OOM encountered', 'total-vm:5kB'])(
    '%s: nothing',
    (message) => expect(toldDeath(message)).toBeNull(),
  )

  it('figures count once, the first', () =>
    expect(toldDeath('Out of memory: Killed process 1 (a) anon-rss:5kB anon-rss:9kB')).toMatchObject({ anonRssBytes: 5120 }))
  it('a status says it in the same words', () =>
    expect([isInitKill('container init was OOM-killed'), isInitKill('init')]).toEqual([true, false]))
})

describe('an eviction’s message', () => {
  it.each([
    ['The node was low on resource: memory. Threshold quantity: 100Mi, available: 61Mi. ', true],
    ['The node was low on resource: [MemoryPressure]. ', true],
    ['The node was low on resource: ephemeral-storage. Container a was using 5Gi, request is 0. ', false],
    ['The node was low on resource: inodes. ', false],
    ['The node was low on resource: pids. ', false],
    ['Usage of EmptyDir volume "memory" exceeds the limit "1Gi". ', false],
    ['The node had condition: [DiskPressure, MemoryPressure]. ', false],
  ])('%s is about memory: %s', (message, about) => expect(isAboutMemory(message)).toBe(about))
  it('a refusal is none', () =>
    expect([isRefusal('Pod The node had condition: [MemoryPressure]. '), isRefusal('The node was low on resource: memory.')]).toEqual([
      true,
      false,
    ]))
  it('blames a container', () => {
    expect(blamedContainer('… Container app-1 was using 3Gi, which exceeds its request of 0. Container b was using 1Mi')).toBe('app-1')
    expect(blamedContainer('The node was low on resource: memory. ')).toBeNull()
  })
})
