import { describe, expect, it } from 'vitest'
import { objectEvents, ofKind, readSample, readText, sampleText } from './read.ts'

describe('Kubernetes objects', () => {
  it('reads a pod with the line of every value', async () => {
    const { id, facts } = await readSample('manifests/pod.yaml')
    const [pod] = ofKind(facts, 'pod')
    expect(id).toBe('kubernetes-yaml')
    expect(pod).toMatchObject({
      namespace: 'media',
      uid: '5319d4e6-b838-4191-af1e-6e8684177c43',
      owner: 'Deployment/thumbs',
      node: 'm5-worker-2',
    })
    expect(pod?.containers[0]?.limitBytes).toMatchObject({ value: 80 * 1024 * 1024, quote: { line: 26, text: '        memory: 80Mi' } })
    expect(pod?.containers[0]?.lastState).toMatchObject({
      reason: 'OOMKilled',
      exitCode: 137,
      containerId: '9aa9379b2cab41cb209532de5173b4b2ae740ec76f52273c4bbc003fbd805e48',
    })
    expect(pod?.memoryVolumes).toMatchObject([{ name: 'cache' }])
  })

  it('reads lists with stripped kinds', async () => {
    const { id, facts } = await readSample('manifests/pods-stripped-kind.json')
    expect(id).toBe('kubernetes-json')
    expect(ofKind(facts, 'pod')).toHaveLength(2)
    expect(ofKind(facts, 'pod').find((pod) => pod.reason === 'Evicted')?.message).toMatch(/low on resource: memory/)
    expect(ofKind((await readSample('manifests/nodes.json')).facts, 'node')[0]?.capacityBytes?.quote?.text).toMatch(/"memory": "\d+Ki"/)
  })

  it('reads a stream of documents with logs between them', async () => {
    const { facts } = await readSample('manifests/cluster-info-dump.txt')
    expect(facts.warnings).toEqual([])
    expect(ofKind(facts, 'node').map((node) => node.name)).toEqual(['edge-ams-04'])
    expect(ofKind(facts, 'pod')[0]?.containers[0]?.limitBytes).toMatchObject({
      value: 1e9,
      quote: { line: 51, text: '                                "memory": "1G"' },
    })
  })

  it('keeps what stands before a cut', async () => {
    const text = sampleText('manifests/pods-stripped-kind.json')
    const { facts } = await readText(text.slice(0, Math.floor(text.length * 0.75)), 'pods.json')
    expect(ofKind(facts, 'pod').length).toBeGreaterThan(0)
    expect(facts.warnings.map((one) => one.code)).toEqual(['document-cut'])
  })

  it('reads every item of a YAML list although one is broken', async () => {
    const text = sampleText('manifests/pods-list.yaml').replace('    namespace: shop\n', '    namespace: "shop\n')
    const { facts } = await readText(text, 'pods.yaml')
    expect(facts.warnings.map((one) => one.code)).toContain('document-cut')
    expect(ofKind(facts, 'pod').at(-1)?.namespace).toBe('shop')
  })

  it('reads several documents, blanks out managed fields and ignores other kinds', async () => {
    const pod = sampleText('manifests/pod.yaml').replace(
      '  name: thumbs',
      '  managedFields:\n  - apiVersion: v1\n    kind: Pod\n  name: thumbs',
    )
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  a: Yg==\n'
    const { facts } = await readText(`${secret}---\n${pod}\n---\n${sampleText('manifests/kubelet-config.yaml')}`, 'all.yaml')
    expect(ofKind(facts, 'pod').map((one) => one.name)).toEqual(['thumbs-59fbd6bd8c-lq4hs'])
    expect(ofKind(facts, 'setting')).toHaveLength(1)
  })

  it('quotes excerpts of a compact document by byte offset', async () => {
    const pods = JSON.parse(sampleText('manifests/pods-stripped-kind.json')) as { items: unknown[] }
    const text = JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: { note: 'ü' }, items: [...pods.items, ...pods.items] })
    const [pod] = ofKind((await readText(text, 'pods.json')).facts, 'pod')
    const quote = pod?.containers[0]?.requestBytes?.quote
    expect(quote?.line).toBeNull()
    expect(
      Buffer.from(text)
        .subarray(quote?.offset ?? 0, (quote?.offset ?? 0) + 10)
        .toString(),
    ).toBe('"memory":"')
    expect(quote?.text.startsWith('"memory":"')).toBe(true)
  })

  it('dates events of both APIs', async () => {
    const events = objectEvents((await readSample('manifests/events.json')).facts)
    expect(events.every((event) => event.objectKind === 'Node' && event.moment.wall !== null)).toBe(true)
    const text = JSON.stringify({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'web.18eaeaea82756a13', namespace: 'shop' },
      eventTime: '2026-11-24T07:34:54.392542Z',
      series: { count: 4, lastObservedTime: '2026-11-24T07:40:00.5Z' },
      regarding: { kind: 'Pod', name: 'web', namespace: 'shop', uid: 'u' },
      note: 'Back-off',
      reason: 'BackOff',
      type: 'Warning',
      reportingController: 'kubelet',
      deprecatedSource: { component: 'kubelet', host: 'node-7' },
    })
    const [event] = objectEvents((await readText(text, 'e.json')).facts)
    expect(event).toMatchObject({
      name: 'web',
      message: 'Back-off',
      component: 'kubelet',
      host: 'node-7',
      count: 4,
      moment: { wall: { epochUs: 1795506000500000, precisionUs: 1000 } },
    })
    expect(event?.firstUs).toBe(Number(0x18eaeaea82756a13n / 1000n))
  })

  it('takes zero times as unknown', async () => {
    const state = { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', startedAt: null, finishedAt: '0001-01-01T00:00:00Z' } }
    const pod = {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: 'a' },
      spec: { containers: [{ name: 'c' }] },
      status: { containerStatuses: [{ name: 'c', state }] },
    }
    const [read] = ofKind((await readText(JSON.stringify(pod), 'a.json')).facts, 'pod')
    expect(read?.containers[0]?.state).toMatchObject({ exitCode: 137, finishedUs: null, startedUs: null })
  })

  it('keeps only what is about memory of an environment, and no secrets of a command', async () => {
    const env = [
      { name: 'JAVA_TOOL_OPTIONS', value: '-Xmx512m -Dssl.password=hunter2 -XX:MaxRAMPercentage=75' },
      { name: 'GOMEMLIMIT', value: '900MiB' },
      { name: 'NODE_OPTIONS', value: '--max-old-space-size=4096 --require ./secret.js' },
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'REDIS_MAX_MEMORY', value: '2gb' },
      { name: 'API_URL', value: 'http://x' },
    ]
    const command = ['app', '--db-password', 'hunter2', '--token=hunter2', '--dsn=postgres://app:hunter2@db/app', '--workers=4']
    const pod = {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: 'a' },
      spec: { initContainers: [{ name: 'proxy', restartPolicy: 'Always' }], containers: [{ name: 'c', env, command }] },
    }
    const [read] = ofKind((await readText(JSON.stringify(pod), 'a.json')).facts, 'pod')
    const container = read?.containers.find((one) => one.name === 'c')
    expect(container?.env).toEqual({
      JAVA_TOOL_OPTIONS: '-Xmx512m -XX:MaxRAMPercentage=75',
      GOMEMLIMIT: '900MiB',
      NODE_OPTIONS: '--max-old-space-size=4096',
      REDIS_MAX_MEMORY: '2gb',
    })
    expect(container?.command).toEqual(['app', '--db-password', '•••', '--token=•••', '--dsn=•••', '--workers=4'])
    expect(read?.containers[0]?.type).toBe('sidecar')
  })

  it('reads the kubelet configuration, also inside a ConfigMap and configz', async () => {
    const told = (facts: Awaited<ReturnType<typeof readText>>['facts'], key: string) => ofKind(facts, 'setting')[0]?.values[key]
    const plain = await readSample('manifests/kubelet-config.yaml')
    expect(told(plain.facts, 'kubelet.evictionHard.memory.available')).toMatchObject({
      value: '100Mi',
      quote: { text: '  memory.available: 100Mi' },
    })
    expect(told(plain.facts, 'kubelet.singleProcessOOMKill')?.value).toBe('true')
    const inside = sampleText('manifests/kubelet-config.yaml').replace(/^/gm, '    ')
    const map = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kubelet-config\ndata:\n  kubelet: |\n${inside}`
    const mapped = await readText(`apiVersion: v1\nkind: List\nitems:\n- ${map.replaceAll('\n', '\n  ')}`, 'kube-system.yaml')
    expect(told(mapped.facts, 'kubelet.evictionHard.memory.available')).toMatchObject({
      value: '100Mi',
      quote: { text: '        memory.available: 100Mi' },
    })
    const configz = await readText(
      '{"kubeletconfig": {"evictionHard": {"memory.available": "750Mi"}, "kubeReserved": {"memory": "1Gi"}}}',
      'configz',
    )
    expect(told(configz.facts, 'kubelet.kubeReserved.memory')?.value).toBe('1Gi')
  })

  it.each([
    ['audit events', '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","metadata":{}}'],
    ['log exports', '{"insertId":"1","jsonPayload":{"kind":"Event","metadata":{}},"logName":"x"}'],
    ['a journal', '{"MESSAGE":"x","_TRANSPORT":"kernel","__REALTIME_TIMESTAMP":"1795506809285107"}'],
  ])('leaves %s alone', async (_, text) => {
    expect((await readText(text, 'x.json')).id).toBeNull()
  })
})
