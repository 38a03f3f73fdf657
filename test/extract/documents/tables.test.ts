import { describe, expect, it } from 'vitest'
import { objectEvents, ofKind, readSample, readText } from './read.ts'

describe('tables of events', () => {
  it('reads the wide layout: field, host, exact first time', async () => {
    const events = objectEvents((await readSample('events/get-events-wide.txt')).facts)
    expect(events).toHaveLength(10)
    expect(events[0]).toMatchObject({
      objectKind: 'Pod',
      name: 'checkout-api-85b9f7d6c4-k2f9s',
      reason: 'Scheduled',
      component: 'default-scheduler',
      host: null,
      ageSeconds: 269,
      count: 1,
      container: null,
    })
    expect(events[0]?.moment.wall?.epochUs).toBe(events[0]?.firstUs)
    expect(events[4]).toMatchObject({
      container: 'api',
      host: 'ip-10-42-16-87',
      count: 6,
      uid: 'bbc01cd7-de45-49bc-b8c4-67dac8e91e0b',
    })
    expect(events[4]?.moment.wall).toBeNull()
    expect(new Date((events[4]?.firstUs ?? 0) / 1000).toISOString()).toBe('2026-11-24T07:35:55.566Z')
  })

  it('reads the layout up to 1.13', async () => {
    const events = objectEvents((await readSample('events/get-events-1.13.txt')).facts)
    expect(events[0]).toMatchObject({
      name: 'cart-5d8f7c9b6-x2x7k',
      objectKind: 'Pod',
      count: 12,
      ageSeconds: 180,
      firstAgeSeconds: 3600,
      reason: 'BackOff',
    })
    expect(events[1]).toMatchObject({
      name: 'ip-10-0-3-117',
      objectKind: 'Node',
      reason: 'SystemOOM',
      container: null,
      host: 'ip-10-0-3-117',
    })
    expect(events[1]?.moment.wall?.epochUs).toBe(Number(0x17683ea54b1f0a01n / 1000n))
  })

  it('reads namespaces, repeated events and field prefixes of newer clients', async () => {
    const text = [
      'NAMESPACE   LAST SEEN               TYPE      REASON    OBJECT        MESSAGE',
      'shop        3m20s (x5 over 20m)     Warning   BackOff   Pod/cart-0    spec.containers{cart}: Back-off restarting failed container',
      'shop        <unknown>               Normal    Pulled    Pod/cart-0    Pulled',
      'no event here',
    ].join('\n')
    const events = objectEvents((await readText(text, 'x.txt')).facts)
    expect(events).toHaveLength(2)
    expect(events[0]).toMatchObject({
      namespace: 'shop',
      objectKind: 'Pod',
      name: 'cart-0',
      count: 5,
      ageSeconds: 200,
      ageResolutionSeconds: 1,
      firstAgeSeconds: 1200,
      container: 'cart',
      message: 'Back-off restarting failed container',
    })
    expect(events[1]?.ageSeconds).toBeNull()
  })
})

describe('tables of pods, nodes and containers', () => {
  it('reads get pods -A -o wide', async () => {
    const pods = ofKind((await readSample('tables/get-pods-wide.txt')).facts, 'pod')
    const checkout = pods.filter((pod) => pod.name.startsWith('checkout-api'))
    expect(checkout.map((pod) => [pod.namespace, pod.node, pod.owner])).toEqual([
      ['shop', 'ip-10-42-16-87', 'Deployment/checkout-api'],
      ['shop', 'knode-b3', 'Deployment/checkout-api'],
    ])
    expect(checkout[0]?.restarts?.value).toBeGreaterThan(0)
  })

  it('tells phases from reasons', async () => {
    const text =
      'NAME    READY   STATUS      RESTARTS   AGE\na-0     0/1     OOMKilled   3          5m\nb-0     0/1     Evicted     0          1h\nc-0     1/1     Running     0          1h\n'
    const pods = ofKind((await readText(text, 'x')).facts, 'pod')
    expect(pods.map((pod) => [pod.phase, pod.reason, pod.restarts?.value])).toEqual([
      [null, 'OOMKilled', 3],
      ['Failed', 'Evicted', 0],
      ['Running', null, 0],
    ])
  })

  it('reads get nodes -o wide', async () => {
    const text = [
      'NAME     STATUS   ROLES    AGE   VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE             KERNEL-VERSION   CONTAINER-RUNTIME',
      'node-7   Ready    <none>   63d   v1.33.4   10.11.0.7     <none>        Ubuntu 24.04.1 LTS   6.8.0-45         containerd://2.0.5',
    ].join('\n')
    const [node] = ofKind((await readText(text, 'x')).facts, 'node')
    expect(node).toMatchObject({
      name: 'node-7',
      kubeletVersion: 'v1.33.4',
      osImage: 'Ubuntu 24.04.1 LTS',
      kernelVersion: '6.8.0-45',
    })
  })

  it('reads crictl ps and docker ps', async () => {
    const crictl = ofKind((await readSample('tables/crictl-ps.txt')).facts, 'runtime-container')
    expect(crictl[1]).toMatchObject({
      containerId: '9aa9379b2cab4',
      name: 'thumbnailer',
      podName: 'thumbs-59fbd6bd8c-lq4hs',
      namespace: 'media',
      running: false,
    })
    const docker = ofKind((await readSample('tables/docker-ps.txt')).facts, 'runtime-container')
    expect(docker.map((one) => [one.name, one.exitCode, one.running])).toEqual([
      ['cart', 137, false],
      ['db', null, true],
    ])
  })
})
