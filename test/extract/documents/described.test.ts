import { describe, expect, it } from 'vitest'
import type { PodSnapshot } from '../../../src/model/snapshot.ts'
import { objectEvents, ofKind, readText } from './read.ts'

// A description of one pod by kubectl, in which one line is otherwise.

const MI = 2 ** 20
const us = (time: string): number => Date.parse(time) * 1000
const uid = '5319d4e6-b838-4191-af1e-6e8684177c43'
const id = 'c0ffee12'.repeat(8)
const text = `Name:                 cart-0
Namespace:            shop
Priority:             0
Priority Class Name:  high
Node:                 node-7/10.0.0.7
Start Time:           Tue, 24 Nov 2026 09:00:00 +0200
Labels:               app=cart
                      app.kubernetes.io/managed-by=Helm
Annotations:          kubernetes.io/config.hash: aaaa
                      openshift.io/scc: restricted
Status:               Running
IP:                   10.1.0.4
Controlled By:        StatefulSet/cart
Resources:
  Limits:
    memory:  512Mi
  Requests:
    memory:  256Mi
Init Containers:
  migrate:
    Container ID:  containerd://${id}
    State:          Terminated
      Reason:       Completed
      Exit Code:    0
    Mounts:
      /tmp from tmp (rw)
  proxy:
    State:          Running
      Started:      Tue, 24 Nov 2026 09:00:01 +0200
Containers:
  app:
    Container ID:  cri-o://${id}
    Image:         registry.example/app:1
    Command:
      java
      -Xmx1g
    Args:
      -jar
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Message:      boom
      Exit Code:    137
      Signal:       9
      Started:      Tue, 24 Nov 2026 09:10:00 +0200
      Finished:     Tue, 24 Nov 2026 09:20:00 +0200
    Ready:          False
    Restart Count:  3
    Limits:
      cpu:     1
      memory:  256Mi
    Requests:
      memory:  128Mi
    Environment:
      GOMEMLIMIT:  200MiB
      PASSWORD:    secret
    Mounts:
      /tmp from tmp (rw)
  log:
    State:          Running
    Ready:          True
    Restart Count:  0
    Environment:    <none>
    Mounts:
      /d from disk (rw)
Ephemeral Containers:
  debug:
    State:          Running
    Mounts:
      /d from disk (rw)
Conditions:
  Type    Status
  Ready   False
Volumes:
  tmp:
    Type:       EmptyDir (a temporary directory that shares a pod's lifetime)
    Medium:     Memory
    SizeLimit:  64Mi
  disk:
    Type:       EmptyDir (a temporary directory that shares a pod's lifetime)
    Medium:     
    SizeLimit:  <unset>
  conf:
    Type:      ConfigMap (a volume populated by a ConfigMap)
QoS Class:             Burstable
Tolerations:           node.kubernetes.io/not-ready:NoExecute
Events:
  Type     Reason     Age                   From               Message
  ----     ------     ----                  ----               -------
  Normal   Scheduled  14m                   default-scheduler  Successfully assigned
  Warning  BackOff    3m (x5 over 20m)      kubelet, node-7    Back-off restarting failed container in pod cart-0_shop(${uid})
`

const read = async (from: string | RegExp, to: string): Promise<PodSnapshot | undefined> => {
  expect(text).toMatch(from)
  return ofKind((await readText(text.replace(from, to), 'describe.txt')).facts, 'pod')[0]
}

it('reads all of it', async () => {
  const { id: reader, facts } = await readText(text, 'x.txt')
  const [pod] = ofKind(facts, 'pod')
  expect(reader).toBe('describe-pod')
  expect(pod).toMatchObject({
    namespace: 'shop',
    name: 'cart-0',
    uid,
    configHash: 'aaaa',
    node: 'node-7',
    owner: 'StatefulSet/cart',
    managedBy: 'Helm',
    openshift: true,
    qosClass: 'Burstable',
    phase: 'Running',
    reason: null,
    message: null,
    startUs: us('2026-11-24T07:00:00Z'),
    deletionUs: null,
    limitBytes: { value: 512 * MI, quote: { text: '    memory:  512Mi' } },
    requestBytes: { value: 256 * MI },
  })
  expect(pod?.memoryVolumes.map(({ name, sizeLimitBytes }) => [name, sizeLimitBytes])).toEqual([['tmp', 64 * MI]])
  expect(pod?.diskVolumes?.map(({ name, quotes }) => [name, quotes.map((quote) => quote.text.trim().split(':')[0])])).toEqual([
    ['disk', ['disk', 'Type']],
  ])
  expect(pod?.quotes.map((quote) => quote.text)).toEqual(['Name:                 cart-0'])
  expect(pod?.containers.map(({ name, type }) => [name, type])).toEqual([
    ['migrate', 'init'],
    // it runs beside the others
    ['proxy', 'sidecar'],
    ['app', 'regular'],
    ['log', 'regular'],
    ['debug', 'ephemeral'],
  ])
  expect(pod?.containers[2]).toMatchObject({
    containerId: id,
    runtime: 'cri-o',
    image: 'registry.example/app:1',
    command: ['java', '-Xmx1g', '-jar'],
    limitBytes: { value: 256 * MI },
    requestBytes: { value: 128 * MI },
    restartCount: { value: 3 },
    ready: false,
    state: { kind: 'waiting', reason: 'CrashLoopBackOff', exitCode: null, signal: null, startedUs: null },
    lastState: {
      kind: 'terminated',
      reason: 'OOMKilled',
      message: 'boom',
      exitCode: 137,
      signal: 9,
      startedUs: us('2026-11-24T07:10:00Z'),
      finishedUs: us('2026-11-24T07:20:00Z'),
      initKilled: false,
    },
  })
  expect(pod?.containers[2]?.env).toEqual({ GOMEMLIMIT: '200MiB' })
  expect(pod?.containers[2]?.lastState?.quotes).toHaveLength(7)
  expect(pod?.containers[3]).toMatchObject({ containerId: null, image: null, command: [], env: {}, limitBytes: null, ready: true })
  expect(pod?.containers[3]?.restartCount?.value).toBe(0)
  expect(objectEvents(facts)).toMatchObject([
    {
      reason: 'Scheduled',
      ageSeconds: 840,
      ageResolutionSeconds: 60,
      count: null,
      component: 'default-scheduler',
      host: null,
      name: 'cart-0',
    },
    { reason: 'BackOff', type: 'Warning', ageSeconds: 180, firstAgeSeconds: 1200, count: 5, component: 'kubelet', host: 'node-7', uid },
  ])
})

describe('one line otherwise', () => {
  it.each<[string, string | RegExp, string, Partial<Record<keyof PodSnapshot, unknown>>]>([
    ['no node yet', /Node: .*/, 'Node:                 <none>', { node: null }],
    ['a node without its address', /Node: .*/, 'Node:                 node-7', { node: 'node-7' }],
    ['no controller', /Controlled By: .*\n/, '', { owner: null }],
    ['a controller of nothing', /Controlled By: .*/, 'Controlled By:  <none>', { owner: null }],
    ['a controller without a name', /Controlled By: .*/, 'Controlled By:  StatefulSet', { owner: null }],
    ['the controller of old', /Controlled By: .*/, 'Controllers:  StatefulSet/cart', { owner: 'StatefulSet/cart' }],
    ['no labels', /Labels: .*\n.*Helm/, 'Labels:               <none>', { managedBy: null }],
    ['no annotations', /Annotations: .*\n.*restricted/, 'Annotations:          <none>', { configHash: null, openshift: false }],
    ['a mirror pod', 'config.hash: aaaa', 'config.mirror: bbbb', { configHash: 'bbbb' }],
    ['both', 'openshift.io/scc: restricted', 'kubernetes.io/config.mirror: bbbb', { configHash: 'aaaa', openshift: false }],
    ['no QoS', /QoS Class: .*\n/, '', { qosClass: null }],
    ['another QoS', 'Burstable', 'Best', { qosClass: null }],
    ['no start', /Start Time: .*\n/, '', { startUs: null }],
    ['a start on no day', 'Tue, 24 Nov 2026 09:00:00', 'Tue, 31 Nov 2026 09:00:00', { startUs: null }],
    ['no status', /Status: .*\n/, '', { phase: null, reason: null }],
    ['being deleted', /Status: .*/, 'Status:               Terminating (lasts 5m)', { phase: null, reason: 'Terminating' }],
    [
      'evicted while being deleted',
      /Status: .*/,
      'Status:               Terminating (lasts 5m)\nReason:               Evicted\nMessage:              The node was low',
      { phase: null, reason: 'Evicted', message: 'The node was low' },
    ],
    [
      'a message of two lines',
      /Status: .*/,
      'Status: Failed\nMessage:              a\n  b\nIPs: <none>',
      { phase: 'Failed', message: 'a\n  b', reason: null },
    ],
    ['an empty message', /Status: .*/, 'Status: Failed\nMessage:              ', { message: null }],
    ['no back-off', /in pod cart-0_shop.*/, '', { uid: null }],
    ['another pod’s back-off', /in pod cart-0_shop/, 'in pod web_shop', { uid: null }],
    ['no resources', /Resources:\n(?: .*\n)+/, '', { limitBytes: null, requestBytes: null }],
    ['no limit of memory', '    memory:  512Mi', '    cpu:  1', { limitBytes: null }],
    ['a limit that is none', 'memory:  512Mi', 'memory:  much', { limitBytes: null }],
  ])('%s', async (_, from, to, expected) => {
    expect(await read(from, to)).toMatchObject({ name: 'cart-0', ...expected })
  })

  it.each<[string, string | RegExp, string, unknown, unknown]>([
    ['no volumes', /Volumes:\n(?: .*\n)+/, '', [], []],
    ['no size', '    SizeLimit:  64Mi\n', '', [['tmp', null, 2]], ['disk']],
    ['an unset size', 'SizeLimit:  64Mi', 'SizeLimit:  <unset>', [['tmp', null, 3]], ['disk']],
    ['no medium', '    Medium:     \n', '', [['tmp', 64 * MI, 3]], ['disk']],
    ['the other medium', 'Medium:     Memory', 'Medium:     HugePages', [], ['tmp', 'disk']],
    ['no type', / {4}Type: {7}EmptyDir.*\n {4}Medium: {5}\n/, '', [['tmp', 64 * MI, 3]], []],
  ])('volumes: %s', async (_, from, to, memory, disk) => {
    const pod = await read(from, to)
    expect(pod?.memoryVolumes.map(({ name, sizeLimitBytes, quotes }) => [name, sizeLimitBytes, quotes.length])).toEqual(memory)
    expect(pod?.diskVolumes?.map(({ name }) => name)).toEqual(disk)
  })

  it.each<[string, string | RegExp, string, Record<string, unknown>]>([
    ['no count', /Restart Count: {2}3\n/, '', { restartCount: null }],
    ['a count in words', 'Restart Count:  3', 'Restart Count:  many', { restartCount: null }],
    ['ready unknown', 'Ready:          False', 'Ready:          ?', { ready: null }],
    ['no limit', / {4}Limits:\n.*cpu.*\n.*256Mi\n/, '', { limitBytes: null, requestBytes: { value: 128 * MI } }],
    ['a limit of another thing', '      memory:  256Mi\n', '', { limitBytes: null }],
    ['a limit that is none', /memory: {2}256Mi(?=\n {4}Requests)/, 'memory:  x', { limitBytes: null }],
    ['an id of an unknown runtime', 'cri-o://', 'shim://', { containerId: id, runtime: null }],
    ['no state', / {4}State: {10}Waiting\n.*BackOff\n/, '', { state: null, lastState: { reason: 'OOMKilled' } }],
    ['an unknown state', 'State:          Waiting', 'State:          Dreaming', { state: null }],
    ['an exit code in words', 'Exit Code:    137', 'Exit Code:    x', { lastState: { exitCode: null, signal: 9 } }],
    ['no finish', /Finished: .*\n/, '', { lastState: { finishedUs: null, startedUs: us('2026-11-24T07:10:00Z') } }],
    ['no reason', /Reason: {7}OOMKilled\n/, '\n', { lastState: { reason: null } }],
    ['variables of old', 'Environment:\n      GO', 'Environment Variables:\n      GO', { env: { GOMEMLIMIT: '200MiB' } }],
  ])('a container: %s', async (_, from, to, expected) => {
    expect((await read(from, to))?.containers.find(({ name }) => name === 'app')).toMatchObject(expected)
  })

  // an init container that runs before any other has started is none beside them
  it.each([
    ['a regular one runs', 'Running', 'sidecar'],
    ['none has started', 'Waiting', 'init'],
    ['it has ended', 'Terminated', 'sidecar'],
  ])('an init container that runs: %s', async (_, state, type) => {
    const pod = await read(/ {2}log:\n {4}State: {10}Running/, `  log:\n    State:          ${state}`)
    expect(pod?.containers.find(({ name }) => name === 'proxy')?.type).toBe(type)
  })

  it('two pods in one text', async () => {
    const { facts } = await readText(`${text}\n\n${text.replaceAll('cart-0', 'cart-1')}`, 'x.txt')
    const pods = ofKind(facts, 'pod')
    expect(pods.map(({ name, containers }) => [name, containers.length])).toEqual([
      ['cart-0', 5],
      ['cart-1', 5],
    ])
    expect(objectEvents(facts).map(({ name }) => name)).toEqual(['cart-0', 'cart-0', 'cart-1', 'cart-1'])
    expect(pods[1]?.quotes[0]?.line).toBe(text.split('\n').length + 2)
  })
})

describe('events of kubectl up to 1.7', () => {
  const old = (row: string): string =>
    text.replace(
      /Events:[\s\S]*/,
      `Events:
  FirstSeen  LastSeen  Count  From             SubObjectPath          Type     Reason   Message
  ---------  --------  -----  ----             -------------          ----     ------   -------
  ${row}
`,
    )
  it.each<[string, Record<string, unknown> | null]>([
    [
      '1h         3m        12     kubelet, node-7  spec.containers{app}   Warning  BackOff  Back-off',
      { count: 12, ageSeconds: 180, firstAgeSeconds: 3600, container: 'app', host: 'node-7', component: 'kubelet', message: 'Back-off' },
    ],
    [
      '1h         3m        many   kubelet                                 Normal   Pulled   Pulled it',
      { count: null, container: null, host: null, component: 'kubelet', type: 'Normal' },
    ],
    ['1h         3m        12     kubelet                                 warning  BackOff  x', null],
    ['1h         3m        12     kubelet                                 Warning', null],
  ])('%s', async (row, expected) => {
    const events = objectEvents((await readText(old(row), 'x.txt')).facts)
    expect(events).toHaveLength(expected === null ? 0 : 1)
    if (expected !== null) expect(events[0]).toMatchObject(expected)
  })
})

describe('what is a description of a pod', () => {
  const head = 'Name:         a\nNamespace:    b\n'
  it.each<[string, string, string | null]>([
    ['four of its keys', `${head}Node: n\nStatus: Running\nIP: 1\nPriority: 0\n`, 'describe-pod'],
    ['three', `${head}Node: n\nStatus: Running\nIP: 1\n`, 'describe-pod'],
    ['two with a node', `${head}Node: n\nStatus: Running\n`, 'describe-pod'],
    ['two with containers', `${head}Containers:\nStatus: Running\n`, 'describe-pod'],
    ['two without either', `${head}IP: 1\nStatus: Running\n`, null],
    ['one', `${head}Node: n\n`, null],
    ['no namespace', 'Name:         a\nNode: n\nStatus: Running\nIP: 1\nPriority: 0\n', null],
    ['20 lines before', `${'a line\n'.repeat(20)}${head}Node: n\nStatus: Running\nIP: 1\nPriority: 0\n`, 'describe-pod'],
    ['21 lines before', `${'a line\n'.repeat(21)}${head}Node: n\nStatus: Running\nIP: 1\nPriority: 0\n`, null],
    ['below a heading', `==> x <==\n${head}Node: n\nStatus: Running\nIP: 1\nPriority: 0\n`, null],
  ])('%s', async (_, content, reader) => {
    const { id: found } = await readText(content, 'x.txt')
    expect(found === 'describe-pod' ? found : null).toBe(reader)
  })
})
