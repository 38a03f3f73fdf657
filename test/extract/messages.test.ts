import { describe, expect, it } from 'vitest'
import { earlyoom } from '../../src/extract/earlyoom.ts'
import { eventEcho } from '../../src/extract/event-echo.ts'
import { evictionMessage } from '../../src/extract/eviction-message.ts'
import { leadingStamp } from '../../src/extract/inner-time.ts'
import { runtimes } from '../../src/extract/runtimes/index.ts'
import { speakingContainer } from '../../src/extract/speaker.ts'
import { eventsOf, record } from './records.ts'

const Ki = 1024
const Mi = 1024 ** 2

describe('an eviction’s message, kubernetes-oom §5.4', () => {
  it.each([
    ['The node was low on resource: memory.', { resource: 'memory', thresholdBytes: null, availableBytes: null, usages: [] }],
    [
      'The node was low on resource: memory. Container app was using 3682748Ki, which exceeds its request of 0. ',
      { usages: [{ container: 'app', usageBytes: 3682748 * Ki, requestBytes: 0 }] },
    ],
    [
      'The node was low on resource: memory. Container a was using 100Mi, which exceeds its request of 50Mi. Container b was using 1.5Gi, which exceeds its request of 1Gi.',
      {
        usages: [
          { container: 'a', usageBytes: 100 * Mi, requestBytes: 50 * Mi },
          { container: 'b', usageBytes: 1536 * Mi, requestBytes: 1024 * Mi },
        ],
      },
    ],
    [
      'The node was low on resource: memory. Threshold quantity: 750Mi, available: 225800Ki. Container nginx was using 4395616Ki, request is 0, has larger consumption of memory. ',
      {
        thresholdBytes: 750 * Mi,
        availableBytes: 225800 * Ki,
        podUsage: null,
        usages: [{ container: 'nginx', usageBytes: 4395616 * Ki, requestBytes: 0 }],
      },
    ],
    [
      'The node was low on resource: memory. Threshold quantity: 750Mi, available: 225800Ki. Pod web was using 900Mi, request is 500Mi, has larger consumption of memory. Container a was using 800Mi, request is 0, has larger consumption of memory. ',
      {
        podUsage: { usageBytes: 900 * Mi, requestBytes: 500 * Mi },
        usages: [{ container: 'a', usageBytes: 800 * Mi, requestBytes: 0 }],
      },
    ],
    ['The node was low on resource: ephemeral-storage.', { resource: 'ephemeral-storage' }],
  ])('%s', (text, expected) => {
    expect(evictionMessage(text)).toMatchObject(expected)
  })
  it('is no other message', () => {
    expect(evictionMessage('Usage of EmptyDir volume "x" exceeds the limit "1Gi". ')).toBeNull()
  })
})

describe('events that logs echo', () => {
  it.each([
    [
      '≥ 1.19',
      `"Event occurred" object="shop/web-0" fieldPath="spec.containers{web}" kind="Pod" apiVersion="v1" type="Warning" reason="BackOff" message="Back-off restarting failed container"`,
      { objectKind: 'Pod', namespace: 'shop', name: 'web-0', container: 'web', reason: 'BackOff', type: 'Warning' },
    ],
    [
      'of a node',
      `"Event occurred" object="worker-1" kind="Node" apiVersion="v1" type="Warning" reason="SystemOOM" message="System OOM encountered, victim process: stress, pid: 4242"`,
      { objectKind: 'Node', namespace: null, name: 'worker-1', message: 'System OOM encountered, victim process: stress, pid: 4242' },
    ],
    [
      '≤ 1.18',
      `Event(v1.ObjectReference{Kind:"Pod", Namespace:"shop", Name:"web-0", UID:"u1", APIVersion:"v1", ResourceVersion:"1", FieldPath:"spec.containers{web}"}): type: 'Warning' reason: 'BackOff' Back-off restarting failed container`,
      {
        objectKind: 'Pod',
        namespace: 'shop',
        name: 'web-0',
        uid: 'u1',
        reason: 'BackOff',
        message: 'Back-off restarting failed container',
      },
    ],
  ])('%s', (_, line, expected) => {
    expect(eventsOf(eventEcho, [record(line, { identifier: 'kubelet' })])).toMatchObject([{ kind: 'object-event', ...expected }])
  })
  it('ordinary life is left out', () => {
    const line = `"Event occurred" object="shop/web" kind="Deployment" apiVersion="apps/v1" type="Normal" reason="ScalingReplicaSet" message="Scaled up"`
    expect(eventsOf(eventEcho, [record(line, { identifier: 'kube-controller' })])).toEqual([])
  })
})

describe('whose words', () => {
  const oom = 'java.lang.OutOfMemoryError: Java heap space'
  const jvm = runtimes[0] as (typeof runtimes)[number]
  it('an export’s labels and docker’s journald driver name the container', () => {
    const labels = { namespace: 'shop', pod: 'web-0', container: 'app' }
    expect(eventsOf(jvm, [record(oom, { fields: labels })])).toMatchObject([{ target: { ...labels, podUid: null } }])
    const journald = { CONTAINER_NAME: 'k8s_app_web-0_shop_68614f59-7856-4c57-b1c4-5fd315cfae34_2', CONTAINER_ID_FULL: 'a'.repeat(64) }
    expect(speakingContainer(record(oom, { fields: journald }))).toEqual({
      namespace: 'shop',
      pod: 'web-0',
      podUid: '68614f59-7856-4c57-b1c4-5fd315cfae34',
      container: 'app',
      containerId: 'a'.repeat(64),
    })
    expect(speakingContainer(record(oom))).toBeNull()
  })
  it('two pods in one export are two', () => {
    const of = (pod: string) => record(oom, { fields: { pod } })
    expect(eventsOf(jvm, [of('a'), of('b'), of('a')])).toHaveLength(2)
  })
  it('hosts of a central log are kept apart', () => {
    const line = (host: string, message: string) => record(message, { host, identifier: 'earlyoom' })
    const events = eventsOf(earlyoom, [
      line('n1', 'low memory! at or below SIGTERM limits: mem 5 %, swap 10 %'),
      line('n2', 'sending SIGTERM to process 1 uid 1 "a": badness 9, VmRSS 1 MiB'),
      line('n1', 'sending SIGTERM to process 1 uid 1 "b": badness 9, VmRSS 1 MiB'),
      line('n2', 'escalating to SIGKILL after 6.5 seconds'),
    ])
    expect(events).toHaveLength(2)
    expect(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ host: 'n1', comm: 'b', signal: 'SIGTERM', reason: 'at or below SIGTERM limits: mem 5 %, swap 10 %' }),
        expect.objectContaining({ host: 'n2', comm: 'a', signal: 'SIGKILL', reason: null }),
      ]),
    )
  })
})

describe('stamps at the head of a text', () => {
  it.each([
    ['2022-01-14T18:01:55.123456789Z container', '2022-01-14T18:01:55.123Z', 456],
    ['2026-11-24 07:04:03.4496534 +0000 UTC k8s.io', '2026-11-24T07:04:03.449Z', 653],
    ['2024-01-31 12:00:00.5 +0530 IST m=+0.1 x', '2024-01-31T06:30:00.500Z', 0],
    ['2024-01-31T12:00:00-03:00 x', '2024-01-31T15:00:00Z', 0],
  ])('%s', (text, iso, micros) => {
    expect(leadingStamp(text)?.stamp.epochUs).toBe(Date.parse(iso) * 1000 + micros)
  })
  it('is not any number', () => {
    expect(leadingStamp('12:00:00 x')).toBeNull()
    expect(leadingStamp('2024-99-99 12:00:00 +0000 x')).toBeNull()
  })
})
