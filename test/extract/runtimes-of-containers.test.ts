import { describe, expect, it } from 'vitest'
import { conmon } from '../../src/extract/conmon.ts'
import { containerEvents } from '../../src/extract/container-events.ts'
import { containerd } from '../../src/extract/containerd.ts'
import { crio } from '../../src/extract/crio.ts'
import { docker } from '../../src/extract/docker.ts'
import { orchestrators } from '../../src/extract/orchestrators.ts'
import { runc } from '../../src/extract/runc.ts'
import { eventsOf, record } from './records.ts'

const C = '25a38b5b8d556d79735df1ccbbd1b4b43e0a45a5a6f4b8d9a3f0f0a0a1b2c3d4'
const S = '4d8a882e42ab9dbfd5da6a2782f4148b02b76df0ff6764e245875a09acaa3255'
const U = '68614f59-7856-4c57-b1c4-5fd315cfae34'

const text = (msg: string) => `time="2023-10-12T19:00:20.879932879Z" level=info msg=${JSON.stringify(msg)}`
const byContainerd = (...messages: string[]) =>
  eventsOf(
    containerd,
    messages.map((message) => record(text(message), { identifier: 'containerd' })),
  )

describe('containerd, kubernetes-oom §6.1', () => {
  it.each([
    ['TaskOOM ≤ 1.6', `TaskOOM event &TaskOOM{ContainerID:${C},XXX_unrecognized:[],}`, { what: 'oom', by: 'containerd' }],
    ['TaskOOM ≥ 1.7', `TaskOOM event container_id:"${C}"`, { what: 'oom' }],
    [
      'TaskExit ≤ 1.6',
      `TaskExit event &TaskExit{ContainerID:${C},ID:${C},Pid:123,ExitStatus:137,ExitedAt:2022-01-14 18:01:55 +0000 UTC,XXX_unrecognized:[],}`,
      { what: 'exit', exitCode: 137, pid: 123 },
    ],
    [
      'TaskExit ≥ 1.7, double blanks',
      `TaskExit event container_id:"${C}"  id:"${C}"  pid:123  exit_status:137  exited_at:{seconds:1697137220  nanos:87}`,
      { what: 'exit', exitCode: 137, pid: 123 },
    ],
    ['zero is not printed', `TaskExit event container_id:"${C}" id:"${C}" pid:123 exited_at:{seconds:1}`, { what: 'exit', exitCode: 0 }],
    [
      'exit event of 2.0',
      `received exit event container_id:"${C}"  id:"${C}"  pid:9  exit_status:1  exited_at:{seconds:1}`,
      { what: 'exit', exitCode: 1 },
    ],
    [
      'exit event, newer',
      `received container exit event container_id:"${C}" id:"${C}" pid:9 exit_status:137`,
      { what: 'exit', exitCode: 137 },
    ],
    ['stop', `StopContainer for "${C}" with timeout 30 (s)`, { what: 'stop-requested', gracePeriodSeconds: 30 }],
    ['kill', `Kill container "${C}"`, { what: 'killing' }],
    ['start', `StartContainer for "${C}" returns successfully`, { what: 'started' }],
  ])('%s', (_, message, expected) => {
    for (const events of [
      byContainerd(message),
      eventsOf(containerd, [record(message, { identifier: 'containerd' })]),
      eventsOf(containerd, [record(JSON.stringify({ level: 'info', msg: message, time: '2023-10-12T19:00:20Z' }))]),
    ]) {
      expect(events).toHaveLength(1)
      expect(events[0]).toMatchObject({ kind: 'container', target: { containerId: C }, ...expected })
    }
  })
  it.each([
    ['an exec’d process', `TaskExit event container_id:"${C}" id:"exec1" pid:123 exit_status:137`],
    ['a sandbox', `TaskExit event in podsandbox handler container_id:"${S}" id:"${S}" pid:123 exit_status:137`],
    ['a sandbox, newer', `received sandbox container exit event container_id:"${S}" id:"${S}" pid:1 exit_status:137`],
    ['a retry', `Failed to handle backOff event &TaskExit{ContainerID:${C},ID:${C},Pid:123,ExitStatus:137,}`],
    ['the start of a start', `StartContainer for "${C}"`],
    ['the end of a stop', `StopContainer for "${C}" returns successfully`],
  ])('%s is nothing', (_, message) => {
    expect(byContainerd(message)).toEqual([])
  })
  it.each([
    [
      'gogo',
      `RunPodSandbox for &PodSandboxMetadata{Name:web-0,Uid:${U},Namespace:shop,Attempt:0,} returns sandbox id "${S}"`,
      `CreateContainer within sandbox "${S}" for &ContainerMetadata{Name:app,Attempt:1,} returns container id "${C}"`,
    ],
    [
      'protobuf',
      `RunPodSandbox for name:"web-0"  uid:"${U}"  namespace:"shop" returns sandbox id "${S}"`,
      `CreateContainer within sandbox "${S}" for name:"app"  attempt:1 returns container id "${C}"`,
    ],
  ])('names what it made, %s', (_, sandbox, container) => {
    const target = { namespace: 'shop', pod: 'web-0', podUid: U, container: 'app', containerId: C }
    expect(byContainerd(sandbox, container, `TaskOOM event container_id:"${C}"`)).toMatchObject([
      { what: 'created', target },
      { what: 'oom', target },
    ])
  })
  it('does not take an application’s words for containerd’s', () => {
    expect(eventsOf(containerd, [record(`TaskOOM event container_id:"${C}"`, { identifier: 'myapp' })])).toEqual([])
  })
  it('reads ctr events and their own time', () => {
    const lines = [
      `2026-11-24 07:04:03.4496534 +0000 UTC k8s.io /tasks/oom {"container_id":"${C}"}`,
      `2026-11-24 07:04:03.51268995 +0000 UTC k8s.io /tasks/exit {"container_id":"${C}","id":"${C}","pid":1331,"exit_status":137,"exited_at":"2026-11-24T07:04:03.49767567Z"}`,
    ]
    const events = eventsOf(
      containerd,
      lines.map((line) => record(line, { writer: 'unknown' })),
    )
    expect(events).toMatchObject([{ what: 'oom' }, { what: 'exit', exitCode: 137, pid: 1331 }])
    expect(events[0]?.moment.wall?.epochUs).toBe(Date.parse('2026-11-24T07:04:03.449Z') * 1000 + 653)
  })
})

describe('CRI-O and conmon', () => {
  it.each([
    [
      `Created container ${C}: shop/web-0/app`,
      { what: 'created', target: { namespace: 'shop', pod: 'web-0', container: 'app', containerId: C } },
    ],
    [`Stopping container: ${C} (timeout: 30s)`, { what: 'stop-requested', gracePeriodSeconds: 30 }],
  ])('%s', (message, expected) => {
    expect(eventsOf(crio, [record(text(message), { identifier: 'crio' })])).toMatchObject([expected])
  })
  it('takes the names of a started container', () => {
    const line = `${text('Started container')} PID=1234 containerID=${C} description=shop/web-0/app name=/runtime.v1.RuntimeService/StartContainer sandboxID=${S}`
    const target = { namespace: 'shop', pod: 'web-0', container: 'app', containerId: C }
    expect(eventsOf(crio, [record(line, { identifier: 'crio' })])).toMatchObject([{ what: 'started', pid: 1234, target }])
  })
  it.each([
    ['v2', 'conmon 25a38b5b8d556d79735d <ninfo>: OOM received', { what: 'oom', target: { containerId: '25a38b5b8d556d79735d' } }],
    ['v1', 'conmon 25a38b5b8d556d79735d <ninfo>: OOM event received', { what: 'oom' }],
    ['stderr', '[conmon:i]: OOM received', { what: 'oom', target: { containerId: null } }],
    ['exit', 'conmon 25a38b5b8d556d79735d <ninfo>: container 4242 exited with status 137', { what: 'exit', exitCode: 137, pid: 4242 }],
  ])('conmon %s', (_, message, expected) => {
    expect(eventsOf(conmon, [record(message, { identifier: 'conmon' })])).toMatchObject([{ by: 'conmon', ...expected }])
  })
  it('an application that exits with a status is not conmon', () => {
    expect(eventsOf(conmon, [record('container 4242 exited with status 137', { identifier: 'conmon' })])).toEqual([])
  })
})

describe('docker, podman, runc', () => {
  it('takes the end of a container from dockerd', () => {
    const line = `time="2026-11-24T04:33:08.876710760-03:00" level=info msg="ignoring event" container=${C} module=libcontainerd namespace=moby topic=/tasks/delete type="*events.TaskDelete"`
    expect(eventsOf(docker, [record(line, { identifier: 'dockerd' })])).toMatchObject([
      { by: 'docker', what: 'died', target: { containerId: C } },
    ])
  })
  it.each([
    text(`Container ${C} failed to exit within 10 seconds of signal 15 - using the force`),
    `${text('Container failed to exit within 10s of signal 15 - using the force')} container=${C}`,
  ])('%s', (line) => {
    expect(eventsOf(docker, [record(line, { identifier: 'dockerd' })])).toMatchObject([
      { what: 'killing', gracePeriodSeconds: 10, target: { containerId: C } },
    ])
  })
  it.each([
    [
      `2022-01-14T18:01:55.123456789Z container oom ${C} (image=app:1, name=web)`,
      { by: 'docker', what: 'oom', target: { container: 'web' } },
    ],
    [
      `2022-01-14T18:01:55.123456789Z container die ${C} (exitCode=137, execDuration=12, image=app:1, name=web)`,
      { by: 'docker', what: 'died', exitCode: 137 },
    ],
    [
      `2024-01-31 12:00:00.123456789 +0000 UTC container died ${C} (image=app:1, name=web, containerExitCode=137)`,
      { by: 'podman', what: 'died', exitCode: 137 },
    ],
    [`2024-01-31 12:00:00.123456789 +0100 CET m=+0.123 container died ${C} (image=app:1, name=web)`, { by: 'podman', what: 'died' }],
    [`container kill ${C} (image=app:1, name=web, signal=9)`, { what: 'killing', cause: 'signal 9' }],
    [
      JSON.stringify({
        status: 'oom',
        id: C,
        Type: 'container',
        Action: 'oom',
        Actor: { ID: C, Attributes: { name: 'k8s_app', 'io.kubernetes.pod.name': 'web-0', 'io.kubernetes.container.name': 'app' } },
        time: 1642183315,
        timeNano: 1642183315123456800,
      }),
      { what: 'oom', target: { pod: 'web-0', container: 'app' } },
    ],
  ])('%s', (line, expected) => {
    expect(eventsOf(containerEvents, [record(line)])).toMatchObject([expected])
  })
  it('an exec’s death is not the container’s', () => {
    expect(eventsOf(containerEvents, [record(`container exec_die ${C} (exitCode=137, name=web)`)])).toEqual([])
  })
  it('tells of a limit too low to start, with the names of the kubelet’s line', () => {
    const line = String.raw`"Error syncing pod, skipping" err="failed to \"StartContainer\" for \"app\" with RunContainerError: \"failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown\"" pod="shop/web-0" podUID="u1"`
    expect(eventsOf(runc, [record(line, { identifier: 'kubelet' })])).toMatchObject([
      { by: 'runc', what: 'oom', reason: 'StartError', target: { namespace: 'shop', pod: 'web-0', podUid: 'u1', container: 'app' } },
    ])
  })
})

describe('other orchestrators', () => {
  it.each([
    [
      String.raw`client.alloc_runner.task_runner: Task event: alloc_id=2a7e task=web type=Terminated msg="Exit Code: 137, Exit Message: \"OOM Killed\"" failed=false`,
      { container: 'web' },
    ],
    [`container ${C} stopped, error: OutOfMemoryError: Container killed due to memory usage`, { containerId: C }],
    ['APP/PROC/WEB: Exited with status 137 (out of memory)', { container: 'APP/PROC/WEB' }],
    ['Memory limit exceeded: Requested: 32MB Maximum Used: 32MB', {}],
  ])('%s', (line, target) => {
    expect(eventsOf(orchestrators, [record(line)])).toMatchObject([{ what: 'oom', by: 'other', target }])
  })
  it('runc’s error is told once, though the kubelet hands it up through several lines', () => {
    const error = 'container init was OOM-killed (memory limit too low?)'
    const lines = [
      `"StartContainer in sandbox from runtime service failed" err="${error}" containerID="${C}"`,
      `"Error syncing pod, skipping" err="${error}" pod="shop/web-0" podUID="u1"`,
      `"Error syncing pod, skipping" err="${error}" pod="shop/web-0" podUID="u1"`,
    ]
    const events = eventsOf(
      runc,
      lines.map((line, index) =>
        record(line, { identifier: 'kubelet', origin: { source: 't', line: index + 1, offset: null, cursor: null } }),
      ),
    )
    expect(events).toHaveLength(2)
  })
})
