import { describe, expect, test } from 'vitest'
import {
  cartPod,
  cartTask,
  describePod,
  eventObject,
  eventsJson,
  id64,
  kernelReport,
  onlyIncident,
  type Pod,
  podsJson,
  quietKernel,
  reportOf,
  scope,
  text,
  uuid,
} from './compose.ts'

// One death is one kill (contract), also where the sources share neither UID nor container id.

const killAt = (at: number, pod: number, id: number, pid: number, host = 'worker-1') =>
  kernelReport({ at, host, oomMemcg: scope(uuid(pod), id64(id)), limitKb: 262144, tasks: [{ ...cartTask, pid }] })
const log = (...kills: readonly string[][]): string => text([...quietKernel(1700), ...kills.flat()].sort())
const died = (finished: number, more: Partial<Pod> = {}, limit = '256Mi'): Pod =>
  cartPod(more, { limit, last: { kind: 'terminated', reason: 'OOMKilled', exitCode: 137, started: 300, finished } })
const both = (...pods: readonly Pod[]): string => pods.map(describePod).join('\n\n')

describe('kernel log and describe outputs', () => {
  test('two replicas that died one second apart: each has its own', async () => {
    const files = {
      'kern.log': log(killAt(899, 1, 1, 4321), killAt(900, 2, 4, 5001)),
      'describe.txt': both(died(899), died(900, { name: 'cart-6f7d8c9b5-zzzzz' })),
    }
    const { incidents } = await reportOf(files)
    expect(incidents.map((i) => [i.workload?.pod, i.workload?.podUid, i.kills.length])).toEqual([
      ['cart-6f7d8c9b5-x2v4q', uuid(1), 1],
      ['cart-6f7d8c9b5-zzzzz', uuid(2), 1],
    ])
    expect(incidents[0]?.related).toEqual([incidents[1]?.id])
  })
  test('in the same second nobody can tell whose is whose: still two deaths, without names', async () => {
    const files = {
      'kern.log': log(killAt(900.1, 1, 1, 4321), killAt(900.6, 2, 4, 5001)),
      'describe.txt': both(died(900), died(900, { name: 'cart-6f7d8c9b5-zzzzz' })),
    }
    const { incidents } = await reportOf(files)
    expect(incidents.map((i) => [i.workload?.pod, i.kills.length])).toEqual([
      [null, 1],
      [null, 1],
    ])
  })
  test('another limit in the specification: the same death, and no certainty', async () => {
    const incident = onlyIncident(
      await reportOf({ 'kern.log': log(killAt(899.8, 1, 1, 4321)), 'describe.txt': both(died(900, {}, '512Mi')) }),
    )
    expect(incident.workload).toMatchObject({ pod: cartPod().name })
    expect(incident.diagnosis.limit).toMatchObject({ id: 'container-limit', confidence: 'medium' })
  })
  test('a pod of another node is another death', async () => {
    const { incidents } = await reportOf({
      'kern.log': log(killAt(899.8, 1, 1, 4321)),
      'describe.txt': both(died(900, { node: 'worker-9' })),
    })
    expect(incidents).toHaveLength(2)
  })
  test('a crash loop: the last state names all runs of the pod', async () => {
    const files = {
      'kern.log': log(killAt(600, 1, 11, 4321), killAt(700, 1, 12, 4400), killAt(850, 1, 13, 4500)),
      'describe.txt': both(died(850)),
    }
    const incident = onlyIncident(await reportOf(files))
    expect(incident.kills).toHaveLength(3)
    expect(incident.pattern).toBe('repeating')
    expect(incident.workload).toMatchObject({ pod: cartPod().name, containerId: id64(13), containerIds: [id64(11), id64(12), id64(13)] })
  })
})

describe('statuses and events without a kernel log', () => {
  const line =
    'Memory cgroup out of memory: Killed process 4321 (cart-server) total-vm:262144kB, anon-rss:260000kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:196kB oom_score_adj:984'
  const npd = eventsJson(eventObject(900, 'OOMKilling', line, { kind: 'Node', name: 'worker-1' }, { component: 'kernel-monitor' }))
  test('the node problem detector tells who, the status where', async () => {
    const incident = onlyIncident(await reportOf({ 'events.json': npd, 'pods.json': podsJson(died(900)) }))
    expect(incident.kills).toHaveLength(1)
    expect(incident.kills[0]).toMatchObject({
      constraint: 'memcg',
      victim: { pid: 4321, comm: 'cart-server', anonRssBytes: 260000 * 1024, oomScoreAdj: 984 },
    })
    expect(incident.diagnosis.consumer).toMatchObject({ id: 'process', confidence: 'medium' })
  })
  test('docker inspect and docker events tell of one death', async () => {
    const inspect = [
      {
        Id: id64(1),
        Name: '/cache',
        State: {
          Status: 'exited',
          Running: false,
          OOMKilled: true,
          ExitCode: 137,
          StartedAt: '2026-11-24T06:05:00Z',
          FinishedAt: '2026-11-24T06:15:00Z',
        },
        HostConfig: { Memory: 268435456 },
        Config: { Image: 'redis:7' },
      },
    ]
    const events = `2026-11-24T06:15:00.123456789Z container oom ${id64(1)} (image=redis:7, name=cache)\n2026-11-24T06:15:00.323456789Z container die ${id64(1)} (exitCode=137, execDuration=12, image=redis:7, name=cache)\n`
    const report = await reportOf({ 'inspect.json': JSON.stringify(inspect, null, 4), 'events.txt': events })
    const incident = onlyIncident(report)
    expect(incident.diagnosis.limit).toMatchObject({ id: 'container-limit', confidence: 'medium' })
    expect(incident.headline).toMatch(/in container cache was killed/)
    expect(report.findings.map((f) => f.id)).toEqual(['log-does-not-cover'])
  })
  test('runc could not start the container: its init was killed', async () => {
    const message =
      'failed to create containerd task: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown'
    const pod = cartPod(
      {},
      {
        limit: '4Mi',
        state: { kind: 'waiting', reason: 'CrashLoopBackOff' },
        last: { kind: 'terminated', reason: 'StartError', exitCode: 128, message, finished: 900, id: id64(1) },
      },
    )
    const incident = onlyIncident(await reportOf({ 'pods.json': podsJson(pod) }))
    expect(incident.diagnosis.limit.statement).toMatch(/before its program began; its limit is 4 MiB/)
  })
  const table = `NAMESPACE   NAME                    READY   STATUS      RESTARTS      AGE\nshop        ${cartPod().name}   0/1     OOMKilled   3 (20s ago)   16m\n`
  test('the STATUS column: a death of unknown time, unless something else tells of it', async () => {
    const alone = onlyIncident(await reportOf({ 'pods.txt': table }))
    expect(alone.kills).toMatchObject([{ killer: 'kernel', time: null }])
    expect(alone.workload).toMatchObject({ namespace: 'shop', pod: cartPod().name })
    const beside = onlyIncident(await reportOf({ 'pods.txt': table, 'kern.log': log(killAt(899.8, 1, 1, 4321)) }))
    expect(beside.kills).toHaveLength(1)
    const withStatus = onlyIncident(await reportOf({ 'pods.txt': table, 'pods.json': podsJson(died(900)) }))
    expect(withStatus.kills).toHaveLength(1)
  })
})
