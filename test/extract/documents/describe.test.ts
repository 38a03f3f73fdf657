import { describe, expect, it } from 'vitest'
import { objectEvents, ofKind, readSample } from './read.ts'

const MI = 1024 * 1024

describe('describe pod', () => {
  it('reads names, owner, class, states and limits', async () => {
    const { facts } = await readSample('describe/pods-two.txt')
    const pods = ofKind(facts, 'pod')
    expect(pods.map((pod) => [pod.namespace, pod.node, pod.owner, pod.qosClass])).toEqual([
      ['shop', 'ip-10-42-16-87', 'Deployment/checkout-api', 'Burstable'],
      ['shop', 'knode-b3', 'Deployment/checkout-api', 'Burstable'],
    ])
    const [container] = pods[0]?.containers ?? []
    expect(container).toMatchObject({ name: 'api', type: 'regular', runtime: 'containerd' })
    expect(container?.lastState).toMatchObject({ kind: 'terminated', reason: 'OOMKilled', exitCode: 137 })
    expect(container?.restartCount?.quote?.text).toMatch(/Restart Count: +\d/)
  })

  it('takes the uid from the back-off event', async () => {
    const { facts } = await readSample('describe/pods-two.txt')
    expect(ofKind(facts, 'pod').map((pod) => pod.uid)).toEqual([
      'bbc01cd7-de45-49bc-b8c4-67dac8e91e0b',
      'da711dcf-6bcf-4a7e-9780-204583234055',
    ])
  })

  it('reads a memory-backed volume and who mounts it', async () => {
    const { facts } = await readSample('describe/pod-memory-volume.txt')
    const [volume] = ofKind(facts, 'pod')[0]?.memoryVolumes ?? []
    expect(volume).toMatchObject({ name: 'cache', sizeLimitBytes: null })
    expect(volume?.quotes.map((quote) => [quote.line, quote.text.trim()])).toEqual([
      [46, 'cache:'],
      [48, 'Medium:     Memory'],
      [49, 'SizeLimit:  <unset>'],
    ])
  })

  it('reads resources of the pod itself', async () => {
    const [pod] = ofKind((await readSample('describe/pod-level-resources.txt')).facts, 'pod')
    expect(pod?.limitBytes).toMatchObject({ value: 100 * MI, quote: { text: '    memory:  100Mi' } })
    expect(pod?.requestBytes?.value).toBe(56 * MI)
    expect(pod?.containers.map((one) => one.limitBytes)).toEqual([null, null])
  })

  it('keeps init containers apart', async () => {
    const [pod] = ofKind((await readSample('describe/pod-init-oomkilled.txt')).facts, 'pod')
    expect(pod?.containers.map((one) => [one.name, one.type, one.state?.reason, one.containerId?.slice(0, 8) ?? null])).toEqual([
      ['migrate', 'init', 'CrashLoopBackOff', '4e723526'],
      ['api', 'regular', 'PodInitializing', null],
    ])
  })

  it('reads an eviction', async () => {
    const [pod] = ofKind((await readSample('describe/pod-evicted.txt')).facts, 'pod')
    expect(pod).toMatchObject({ phase: 'Failed', reason: 'Evicted' })
    expect(pod?.message).toMatch(/^The node was low on resource: memory\..*has larger consumption of memory\.$/)
  })

  it('reads the tabs of kubectl 1.7 and drops secrets', async () => {
    const { id, facts } = await readSample('describe/pod-1.7.txt')
    const [pod] = ofKind(facts, 'pod')
    expect(id).toBe('describe-pod')
    expect(pod).toMatchObject({ name: 'cart-5d8f7c9b6-x2x7k', node: 'ip-10-0-3-117', owner: 'Deployment/cart', qosClass: 'Burstable' })
    expect(pod?.containers[0]).toMatchObject({ runtime: 'docker', limitBytes: { value: 256 * MI }, lastState: { exitCode: 137 } })
    expect(pod?.containers[0]?.env).toEqual({ JAVA_OPTS: '-Xmx200m' })
    expect(objectEvents(facts)[0]).toMatchObject({
      reason: 'Started',
      container: 'cart',
      host: 'ip-10-0-3-117',
      count: 2,
      ageSeconds: 9,
      firstAgeSeconds: 600,
      message: 'Started container',
    })
  })

  it('reads ages with their resolution', async () => {
    const events = objectEvents((await readSample('describe/pod-init-oomkilled.txt')).facts)
    expect(events.map((one) => [one.reason, one.count, one.ageSeconds, one.ageResolutionSeconds, one.firstAgeSeconds])).toEqual([
      ['Scheduled', null, 14, 1, null],
      ['Pulled', 2, 10, 1, 13],
      ['Created', 2, 10, 1, 13],
      ['Started', 2, 10, 1, 13],
      ['BackOff', null, 7, 1, null],
    ])
    expect(events[4]).toMatchObject({
      objectKind: 'Pod',
      namespace: 'accounts',
      uid: '9af22562-79be-49c9-b5f3-230d17f34a49',
      component: 'kubelet',
    })
  })
})

describe('describe node', () => {
  it.each([
    ['describe/node-1.20.txt', 1002436, 900036, 'False', [177152 * 1024, 282 * MI, 19, 32], '762cae214eef426a835263c2702d9421', 'v1.20.15'],
    ['describe/node-1.11.txt', 7120616, 4675304, 'True', [1200 * MI, 4096 * MI, 26, 90], '8e263fcc3bd04c5b8b292a4cbf2cf3b2', 'v1.11.2'],
  ])('%s', async (name, capacity, allocatable, pressure, allocated, bootId, kubelet) => {
    const { id, facts } = await readSample(name)
    const [node] = ofKind(facts, 'node')
    expect(id).toBe('describe-node')
    expect(node?.capacityBytes?.value).toBe(capacity * 1024)
    expect(node?.allocatableBytes?.value).toBe(allocatable * 1024)
    expect(node?.memoryPressure?.status).toBe(pressure)
    const { requestsBytes, limitsBytes, requestsPercent, limitsPercent } = node?.allocated ?? {}
    expect([requestsBytes, limitsBytes, requestsPercent, limitsPercent]).toEqual(allocated)
    expect(node).toMatchObject({ bootId, kubeletVersion: kubelet })
  })

  it('reads events about the node, with the host of an old source', async () => {
    const events = objectEvents((await readSample('describe/node-1.11.txt')).facts)
    expect(events[0]).toMatchObject({
      objectKind: 'Node',
      name: 'ip-10-0-3-117',
      reason: 'SystemOOM',
      component: 'kubelet',
      host: 'ip-10-0-3-117',
    })
    expect(events[1]).toMatchObject({ count: 3, firstAgeSeconds: 7200 })
  })

  it('has the lease as an early bound of the capture', async () => {
    const [clock] = ofKind((await readSample('describe/node-1.20.txt')).facts, 'clock')
    expect(clock).toMatchObject({
      host: 'k8s-compute-11',
      capturedUs: null,
      capturedAfterUs: { value: Date.UTC(2026, 10, 24, 7, 52, 6) * 1000 },
    })
  })
})
