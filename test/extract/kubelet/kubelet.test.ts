import { describe, expect, it } from 'vitest'
import { kubelet } from '../../../src/extract/kubelet/index.ts'
import type { Event } from '../../../src/model/event.ts'
import { eventsOf, record } from '../records.ts'

const U = '5931aa75-4603-4e65-b552-7c71cf55cfb5'
const C = '25a38b5b8d556d79735df1ccbbd1b4b43e0a45a5a6f4b8d9a3f0f0a0a1b2c3d4'
const Mi = 1024 ** 2
const Ki = 1024

/** What the kubelet's lines, one after the other, are read as; without the parts that every event has. */
function read(...lines: readonly string[]): Partial<Event>[] {
  return eventsOf(
    kubelet,
    lines.map((line) => record(line, { identifier: 'kubelet' })),
  ).map(({ moment, host, bootId, writer, quotes, ...rest }) => rest)
}

const pod = { namespace: 'ns', pod: 'a', podUid: U }
const oldPod = `a_ns(${U})`

/** The table of the sheet, kubernetes-oom 4.2, row by row: old and new texts. */
const table: readonly (readonly [string, string, object | null])[] = [
  [
    'node OOM ≤ 1.7',
    'Got sys oom event from cadvisor: &{/ 2017-10-10 17:41:57.8 +0000 UTC oom {0xc42}}',
    { what: 'system-oom', pid: null, comm: null },
  ],
  [
    'node OOM 1.8–1.20',
    'Got sys oom event: &{376 java 2026-11-24 04:33:08.809519 -0300 -03 / / }',
    { what: 'system-oom', pid: 376, comm: 'java' },
  ],
  [
    'node OOM, comm with a space',
    'Got sys oom event: &{376 Web Content 2021-02-24 04:33:08.8 +0000 UTC m=+1.2 / / }',
    { what: 'system-oom', pid: 376, comm: 'Web Content' },
  ],
  [
    'node OOM ≥ 1.21',
    '"Got sys oom event" event=&{Pid:1234 ProcessName:stress TimeOfDeath:2021-10-10 17:41:57 +0000 UTC ContainerName:/ VictimContainerName:/ Constraint:CONSTRAINT_NONE}',
    { what: 'system-oom', pid: 1234, comm: 'stress' },
  ],
  ['watcher ≤ 1.7', 'Unexpectedly stopped receiving OOM notifications from cAdvisor', { what: 'oom-watcher-stopped' }],
  ['watcher', '"Unexpectedly stopped receiving OOM notifications"', { what: 'oom-watcher-stopped' }],
  [
    'cAdvisor note',
    `Created an OOM event in container "/kubepods/burstable/pod${U}/${C}" at 2017-10-10 17:41:57.8 +0000 UTC`,
    { kind: 'container', what: 'oom', target: { podUid: U, containerId: C } },
  ],
  ['housekeeping', 'eviction manager: synchronize housekeeping', null],
  ['housekeeping ≥ 1.21', '"Eviction manager: synchronize housekeeping"', null],
  [
    'observation',
    'eviction manager: observations: signal=memory.available, available: 1234Ki, capacity: 8000Ki, time: 2018-01-01 00:00:00 +0000 UTC',
    { stage: 'observed', signal: 'memory.available', availableBytes: 1234 * Ki, capacityBytes: 8000 * Ki },
  ],
  [
    'observation of allocatable',
    'eviction manager: observations after resource reclaim: signal=allocatableMemory.available, available: 12Ki, capacity: 80Ki, time: x',
    { stage: 'observed', signal: 'allocatableMemory.available', availableBytes: 12 * Ki },
  ],
  [
    'observation ≥ 1.21',
    '"Eviction manager:" log="observations" signal="memory.available" resourceName="memory" available="210268Ki" capacity="995348Ki" time="2026-11-24 07:40:03.392542 +0000 UTC"',
    { stage: 'observed', signal: 'memory.available', availableBytes: 210268 * Ki, capacityBytes: 995348 * Ki },
  ],
  [
    'other signals are not memory',
    '"Eviction manager:" log="observations" signal="nodefs.available" resourceName="ephemeral-storage" available="1Ki" capacity="2Ki"',
    null,
  ],
  [
    'threshold',
    'eviction manager: thresholds - ignoring grace period: threshold [signal=memory.available, quantity=100Mi] observed 95Mi',
    { stage: 'threshold-met', signal: 'memory.available', thresholdBytes: 100 * Mi, availableBytes: 95 * Mi },
  ],
  [
    'threshold, grace period over (sic)',
    'eviction manager: thresholds - grace periods satisified: threshold [signal=allocatableMemory.available, quantity=1Gi] observed 95Mi',
    { stage: 'threshold-met', signal: 'allocatableMemory.available', thresholdBytes: 1024 * Mi },
  ],
  [
    'threshold ≥ 1.21',
    '"Eviction manager: threshold observed resource" log="thresholds - ignoring grace period" signal="memory.available" resourceName="memory" quantity="100Mi" available="84316Ki"',
    { stage: 'threshold-met', signal: 'memory.available', thresholdBytes: 100 * Mi, availableBytes: 84316 * Ki },
  ],
  [
    'no data',
    'eviction manager: no observation found for eviction signal memory.available',
    { stage: 'observed', signal: 'memory.available', availableBytes: null },
  ],
  [
    'no data ≥ 1.21',
    '"Eviction manager: no observation found for eviction signal" signal="allocatableMemory.available"',
    { stage: 'observed', signal: 'allocatableMemory.available', availableBytes: null },
  ],
  ['no data for others', '"Eviction manager: no observation found for eviction signal" signal="nodefs.available"', null],
  [
    'soft not yet',
    'eviction manager: eviction criteria not yet met for [signal=memory.available, quantity=1Gi], duration: 12s',
    { stage: 'threshold-met', signal: 'memory.available' },
  ],
  [
    'soft not yet ≥ 1.21',
    '"Eviction manager: eviction criteria not yet met" threshold={"Signal":"memory.available","Operator":"LessThan"} duration="12s"',
    { stage: 'threshold-met', signal: 'memory.available' },
  ],
  ['notifier ≤ 1.7', 'soft memory eviction threshold crossed at 2017-10-10', { stage: 'threshold-met', signal: 'memory.available' }],
  ['notifier', 'eviction manager: hard memory eviction threshold crossed', { stage: 'threshold-met', signal: 'memory.available' }],
  ['node condition', 'eviction manager: node conditions - observed: [MemoryPressure]', { kind: 'node', what: 'memory-pressure' }],
  [
    'node condition ≥ 1.21',
    '"Eviction manager: node conditions - observed" nodeCondition=[MemoryPressure]',
    { kind: 'node', what: 'memory-pressure' },
  ],
  ['other conditions', 'eviction manager: node conditions - observed: [DiskPressure]', null],
  ['attempt', 'eviction manager: attempting to reclaim memory', { stage: 'attempting', signal: 'memory' }],
  ['attempt ≥ 1.21', '"Eviction manager: attempting to reclaim" resourceName="memory"', { stage: 'attempting', signal: 'memory' }],
  [
    'attempt for disk',
    '"Eviction manager: attempting to reclaim" resourceName="ephemeral-storage"',
    { stage: 'attempting', signal: 'ephemeral-storage' },
  ],
  ['avoided', 'eviction manager: able to reduce memory pressure without evicting pods.', { stage: 'relieved' }],
  [
    'avoided ≥ 1.21',
    '"Eviction manager: able to reduce resource pressure without evicting pods." resourceName="memory"',
    { stage: 'relieved', signal: 'memory' },
  ],
  ['must evict', 'eviction manager: must evict pod(s) to reclaim memory', { stage: 'must-evict' }],
  [
    'must evict ≥ 1.21',
    '"Eviction manager: must evict pod(s) to reclaim" resourceName="memory"',
    { stage: 'must-evict', signal: 'memory' },
  ],
  [
    'ranking',
    'eviction manager: pods ranked for eviction: a_ns(uid), b-7d9_kube-system(uid2)',
    { stage: 'ranked', ranking: ['ns/a', 'kube-system/b-7d9'] },
  ],
  ['ranking ≥ 1.21', '"Eviction manager: pods ranked for eviction" pods=[ns/a ns/b]', { stage: 'ranked', ranking: ['ns/a', 'ns/b'] }],
  ['ranking ≥ 1.27', '"Eviction manager: pods ranked for eviction" pods=["ns/a","ns/b"]', { stage: 'ranked', ranking: ['ns/a', 'ns/b'] }],
  ['done ≤ 1.7', `eviction manager: pod ${oldPod} evicted successfully`, { stage: 'evicted', target: pod }],
  ['done 1.8–1.20', `eviction manager: pod ${oldPod} is evicted successfully`, { stage: 'evicted', target: pod }],
  [
    'done ≥ 1.21',
    '"Eviction manager: pod is evicted successfully" pod="ns/a"',
    { stage: 'evicted', target: { namespace: 'ns', pod: 'a', podUid: null } },
  ],
  ['failed', `eviction manager: pod ${oldPod} failed to evict timed out waiting to kill pod`, { stage: 'failed', target: pod }],
  [
    'failed ≥ 1.21',
    '"Eviction manager: pod failed to evict" err="timed out" pod="ns/a"',
    { stage: 'failed', message: 'timed out', target: { pod: 'a' } },
  ],
  ['refused 1.15', `eviction manager: cannot evict a critical static pod ${oldPod}`, { stage: 'refused', target: pod }],
  ['refused 1.15 mirror', `eviction manager: cannot get mirror pod from static pod ${oldPod}, so cannot evict it`, { stage: 'refused' }],
  ['refused 1.20', `eviction manager: cannot evict a critical pod ${oldPod}`, { stage: 'refused', target: pod }],
  ['refused ≥ 1.21', '"Eviction manager: cannot evict a critical pod" pod="ns/a"', { stage: 'refused' }],
  ['nothing to do', 'eviction manager: unable to evict any pods from the node', { stage: 'nothing-to-evict' }],
  [
    'nothing to do, no pods',
    'eviction manager: eviction thresholds have been met, but no pods are active to evict',
    { stage: 'nothing-to-evict' },
  ],
  ['nothing to do ≥ 1.21', '"Eviction manager: unable to evict any pods from the node"', { stage: 'nothing-to-evict' }],
  [
    'nothing to do ≥ 1.21, no pods',
    '"Eviction manager: eviction thresholds have been met, but no pods are active to evict"',
    { stage: 'nothing-to-evict' },
  ],
  ['clean-up', 'eviction manager: pods a_ns(uid) evicted, waiting for pod to be cleaned up', null],
  ['clean-up done', '"Eviction manager: pods successfully cleaned up" pods=["ns/a"]', null],
  [
    'before the kill',
    `"Evicting pod" pod="ns/a" podUID="${U}" message="The node was low on resource: memory. Threshold quantity: 750Mi, available: 225800Ki. Container nginx was using 4395616Ki, request is 0, has larger consumption of memory. "`,
    {
      stage: 'evicting',
      target: pod,
      thresholdBytes: 750 * Mi,
      availableBytes: 225800 * Ki,
      usages: [{ container: 'nginx', usageBytes: 4395616 * Ki, requestBytes: 0 }],
    },
  ],
  [
    'stale stats',
    'eviction manager: failed to get summary stats: failed to get node info: node not found',
    { stage: 'observed', availableBytes: null },
  ],
  [
    'node event echo',
    'Recording NodeHasInsufficientMemory event message for node worker-1',
    { kind: 'node', what: 'memory-pressure', node: 'worker-1' },
  ],
  [
    'node event echo ≥ 1.21',
    '"Recording event message for node" node="worker-1" event="NodeHasInsufficientMemory"',
    { kind: 'node', what: 'memory-pressure', node: 'worker-1' },
  ],
  ['admission refusal', `Failed to admit pod ${oldPod} - node has conditions: [MemoryPressure]`, { what: 'admission-refused' }],
  ['admission refusal ≥ 1.21', '"Failed to admit pod to node" pod="ns/a" nodeCondition=[MemoryPressure]', { what: 'admission-refused' }],
  ['admission refusal for disk', '"Failed to admit pod to node" pod="ns/a" nodeCondition=["DiskPressure"]', null],
  [
    'predicate',
    `Predicate failed on Pod: ${oldPod}, for reason: Node didn't have enough resource: memory, requested: 1, used: 2, capacity: 2`,
    { what: 'admission-refused' },
  ],
  [
    'predicate ≥ 1.21',
    `"Predicate failed on Pod" pod="ns/a" err="Node didn't have enough resource: memory, requested: 1"`,
    { what: 'admission-refused' },
  ],
  ['predicate for cpu', `"Predicate failed on Pod" pod="ns/a" err="Node didn't have enough resource: cpu, requested: 1"`, null],
  [
    'preemption',
    'preemption: attempting to evict pods [b_ns(uid)], in order to free up resources: [memory: 100]',
    { kind: 'node', what: 'preempted' },
  ],
  ['preemption done', 'preemption: pod b_ns(uid) evicted successfully', { kind: 'node', what: 'preempted' }],
  ['preemption ≥ 1.21', '"Preempting pod to free up resources" pod="ns/b" insufficientResources=[memory: 100]', { what: 'preempted' }],
  ['preemption done ≥ 1.21', '"Pod evicted successfully" pod="ns/b"', { kind: 'node', what: 'preempted' }],
  [
    'PLEG died',
    `SyncLoop (PLEG): "${oldPod}", event: &pleg.PodLifecycleEvent{ID:"${U}", Type:"ContainerDied", Data:"${C}"}`,
    { what: 'died', target: { ...pod, containerId: C } },
  ],
  [
    'PLEG died ≥ 1.21',
    `"SyncLoop (PLEG): event for pod" pod="ns/a" event=&{ID:${U} Type:ContainerDied Data:${C}}`,
    { what: 'died', target: { ...pod, containerId: C } },
  ],
  [
    'PLEG died ≥ 1.27',
    `"SyncLoop (PLEG): event for pod" pod="ns/a" event={"ID":"${U}","Type":"ContainerDied","Data":"${C}"}`,
    { what: 'died', target: { ...pod, containerId: C } },
  ],
  ['PLEG removed', `"SyncLoop (PLEG): event for pod" pod="ns/a" event={"ID":"${U}","Type":"ContainerRemoved","Data":"${C}"}`, null],
  [
    'exit code',
    `"Generic (PLEG): container finished" podID="${U}" containerID="${C}" exitCode=137`,
    { what: 'exit', exitCode: 137, target: { podUid: U, containerId: C } },
  ],
  [
    'PLEG slow',
    'skipping pod synchronization - [PLEG is not healthy: pleg was last seen active 3m5s ago; threshold is 3m0s]',
    { what: 'pleg-unhealthy' },
  ],
  [
    'PLEG slow ≥ 1.21',
    '"Skipping pod synchronization" err="PLEG is not healthy: pleg was last seen active 3m5s ago; threshold is 3m0s"',
    { what: 'pleg-unhealthy' },
  ],
  ['PLEG of a kubelet that starts', '"Skipping pod synchronization" err="[PLEG is not healthy: pleg has yet to be successful]"', null],
  [
    'kill',
    `Killing container "docker://${C}" with 30 second grace period`,
    { what: 'killing', gracePeriodSeconds: 30, target: { containerId: C } },
  ],
  [
    'kill, override',
    `Killing container "${C}", but using 0 second grace period override`,
    { what: 'killing', gracePeriodSeconds: 0, cause: 'grace period override' },
  ],
  [
    'kill ≥ 1.21',
    `"Killing container with a grace period" pod="ns/a" podUID=${U} containerName="app" containerID="containerd://${C}" gracePeriod=30`,
    { what: 'killing', gracePeriodSeconds: 30, target: { ...pod, container: 'app', containerId: C } },
  ],
  [
    'kill ≥ 1.21, override',
    `"Killing container with a grace period override" pod="ns/a" podUID=${U} containerName="app" containerID="containerd://${C}" gracePeriod=0`,
    { what: 'killing', gracePeriodSeconds: 0 },
  ],
  [
    'kill as event, 1.7',
    `Killing container with id docker://${C}:Need to kill Pod`,
    { what: 'killing', cause: 'Need to kill Pod', target: { containerId: C } },
  ],
  [
    'kill failed',
    `killContainer "app"(id={"docker" "${C}"}) for pod "${oldPod}" failed: rpc error`,
    { what: 'kill-failed', target: { pod: 'a' } },
  ],
  [
    'kill failed ≥ 1.21',
    `"Kill container failed" err="rpc error: code = NotFound desc = an error occurred when try to find container" pod="ns/a" podUID=${U} containerName="app" containerID={Type:containerd ID:${C}}`,
    {
      what: 'kill-failed',
      cause: 'rpc error: code = NotFound desc = an error occurred when try to find container',
      target: { containerId: C },
    },
  ],
  [
    'termination failed',
    `"Container termination failed with gracePeriod" err="rpc error" pod="ns/a" podUID=${U} containerName="app"`,
    { what: 'kill-failed' },
  ],
  ['orphan', 'Killing unwanted pod "a"', { what: 'killing', cause: 'unwanted pod', target: { pod: 'a' } }],
  ['orphan ≥ 1.21', '"Killing unwanted pod" podName="a"', { what: 'killing', cause: 'unwanted pod', target: { pod: 'a' } }],
  [
    'back-off',
    `Back-off 5m0s restarting failed container=c pod=${oldPod}`,
    { what: 'back-off', cause: 'back-off 5m0s', target: { ...pod, container: 'c' } },
  ],
  [
    'back-off ≥ 1.21',
    `"Back-off restarting failed container" err="back-off 40s restarting failed container=c pod=${oldPod}"`,
    { what: 'back-off', cause: 'back-off 40s' },
  ],
  [
    'sync error',
    `Error syncing pod ${U} ("${oldPod}"), skipping: failed to "StartContainer" for "c" with CrashLoopBackOff: "Back-off 40s restarting failed container=c pod=${oldPod}"`,
    { what: 'back-off', cause: 'back-off 40s', target: { ...pod, container: 'c' } },
  ],
  [
    'sync error ≥ 1.21',
    String.raw`"Error syncing pod, skipping" err="failed to \"StartContainer\" for \"c\" with CrashLoopBackOff: \"back-off 40s restarting failed container=c pod=a_ns(u)\"" pod="ns/a" podUID=u`,
    { what: 'back-off', cause: 'back-off 40s', target: { namespace: 'ns', pod: 'a', container: 'c' } },
  ],
  ['liveness', `SyncLoop (container unhealthy): "${oldPod}"`, { what: 'probe-failed', target: pod }],
  [
    'liveness ≥ 1.21',
    '"SyncLoop (probe)" probe="liveness" status="unhealthy" pod="ns/a"',
    { what: 'probe-failed', cause: 'liveness unhealthy' },
  ],
  ['readiness does not kill', '"SyncLoop (probe)" probe="readiness" status="unhealthy" pod="ns/a"', null],
  ['start ≤ 1.20', 'Starting kubelet main sync loop.', { what: 'kubelet-started' }],
  ['start', '"Starting kubelet main sync loop"', { what: 'kubelet-started' }],
]

describe('the kubelet’s messages, kubernetes-oom §4.2', () => {
  it.each(table)('%s', (_, line, expected) => {
    const events = read(line)
    if (expected === null) expect(events).toEqual([])
    else {
      expect(events).toHaveLength(1)
      expect(events[0]).toMatchObject(expected)
    }
  })
  it('reads each the same behind a klog header that the format left in place', () => {
    for (const [, line, expected] of table) {
      const events = read(`I0114 18:02:17.686538    3044 kuberuntime_container.go:661] ${line}`)
      expect(events).toHaveLength(expected === null ? 0 : 1)
      if (expected !== null) expect(events[0]).toMatchObject(expected)
    }
  })
})

describe('what several lines say together', () => {
  it('keeps the resource of a round of eviction, so that a disk eviction is none for memory', () => {
    const events = read(
      '"Eviction manager: attempting to reclaim" resourceName="ephemeral-storage"',
      '"Eviction manager: pods ranked for eviction" pods=["ns/a"]',
      '"Eviction manager: pod is evicted successfully" pod="ns/a"',
    )
    expect(events.map((event) => (event as { signal?: string }).signal)).toEqual([
      'ephemeral-storage',
      'ephemeral-storage',
      'ephemeral-storage',
    ])
  })
  it('tells a kill with an overridden grace period once', () => {
    const keys = `pod="ns/a" podUID=${U} containerName="app" containerID="containerd://${C}" gracePeriod=1`
    const events = read(`"Killing container with a grace period override" ${keys}`, `"Killing container with a grace period" ${keys}`)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ what: 'killing', gracePeriodSeconds: 1 })
  })
  it('knows the probe as the cause of the kill that follows', () => {
    const events = read(
      `"Message for Container of pod" containerName="app" containerStatusID={Type:containerd ID:${C}} pod="ns/a" containerMessage="Container app failed liveness probe, will be restarted"`,
      `"Killing container with a grace period" pod="ns/a" podUID=${U} containerName="app" containerID="containerd://${C}" gracePeriod=30`,
    )
    expect(events[0]).toMatchObject({ what: 'probe-failed' })
    expect(events[1]).toMatchObject({ what: 'killing', cause: 'Container app failed liveness probe, will be restarted' })
  })
  it('tells a back-off once per delay and death', () => {
    const backOff = (delay: string) =>
      `"Back-off restarting failed container" err="back-off ${delay} restarting failed container=c pod=${oldPod}"`
    const died = `"SyncLoop (PLEG): event for pod" pod="ns/a" event={"ID":"${U}","Type":"ContainerDied","Data":"${C}"}`
    expect(read(backOff('10s'), backOff('10s'), backOff('20s'), backOff('20s'))).toHaveLength(2)
    expect(read(backOff('5m0s'), died, backOff('5m0s'))).toHaveLength(3)
  })
  it('ends a pressure only where one began: every start of a kubelet records sufficient memory', () => {
    const enough = '"Recording event message for node" node="w" event="NodeHasSufficientMemory"'
    const pressure = '"Recording event message for node" node="w" event="NodeHasInsufficientMemory"'
    expect(read(enough)).toEqual([])
    expect(read(pressure, enough)).toMatchObject([{ what: 'memory-pressure' }, { what: 'memory-pressure-ended' }])
  })
})

describe('who speaks', () => {
  const line = '"Starting kubelet main sync loop"'
  it.each(['kubelet', 'kubenswrapper', 'k3s', 'rke2', 'microk8s.daemon-kubelite', 'hyperkube', 'atomic-openshift-node', null])(
    '%s may',
    (identifier) => {
      expect(eventsOf(kubelet, [record(line, { identifier })])).toHaveLength(1)
    },
  )
  it.each(['bash', 'myapp', 'containerd'])('%s may not', (identifier) => {
    expect(eventsOf(kubelet, [record(line, { identifier })])).toEqual([])
  })
  it('a kernel line never is the kubelet’s', () => {
    expect(eventsOf(kubelet, [record(line, { writer: 'kernel' })])).toEqual([])
  })
  it('the source file of a klog header vouches for it where the name is another (a container’s, a unit’s)', () => {
    const klog = record(line, { identifier: 'docker', fields: { caller: 'kubelet.go:2303' } })
    expect(eventsOf(kubelet, [klog])).toHaveLength(1)
  })
  it('reads JSON, decoded by the format or not', () => {
    const json = `{"ts":1700000000123.4,"caller":"eviction/eviction_manager.go:376","msg":"Eviction manager: attempting to reclaim","v":0,"resourceName":"memory"}`
    expect(eventsOf(kubelet, [record(json)])).toMatchObject([{ stage: 'attempting', signal: 'memory' }])
    const fields = { caller: 'eviction/eviction_manager.go:596', pod: '{"name":"a","namespace":"ns"}' }
    const decoded = record('Eviction manager: pod is evicted successfully', { fields })
    expect(eventsOf(kubelet, [decoded])).toMatchObject([{ stage: 'evicted', target: { namespace: 'ns', pod: 'a' } }])
  })
})
