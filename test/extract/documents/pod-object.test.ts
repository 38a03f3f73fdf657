import { describe, expect, it } from 'vitest'
import type { PodSnapshot } from '../../../src/model/snapshot.ts'
import { ofKind, quotesIn, readText } from './read.ts'

// One pod of the API, in which one field is otherwise: absent, null, of another type, malformed.

type Made = Record<string, unknown>
const MI = 2 ** 20
const full = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'cart-0',
    namespace: 'shop',
    uid: '5319d4e6-b838-4191-af1e-6e8684177c43',
    labels: { app: 'cart', 'helm.sh/chart': 'cart-1' },
    annotations: { 'kubernetes.io/config.hash': 'aaaa', 'kubernetes.io/config.mirror': 'bbbb', 'openshift.io/scc': 'restricted' },
    ownerReferences: [
      { kind: 'Shop', name: 'first' },
      { kind: 'StatefulSet', name: 'cart', controller: true },
    ],
    deletionTimestamp: '2026-11-24T08:00:00Z',
  },
  spec: {
    nodeName: 'node-7',
    restartPolicy: 'OnFailure',
    resources: { limits: { memory: '512Mi' }, requests: { memory: '256Mi' } },
    volumes: [
      { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      { name: 'disk', emptyDir: {} },
      { name: 'conf', configMap: { name: 'c' } },
    ],
    initContainers: [{ name: 'migrate', restartPolicy: 'OnFailure', volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] }],
    containers: [
      {
        name: 'app',
        image: 'registry.example/app:1',
        command: ['java'],
        args: ['-Xmx1g', '-jar'],
        env: [{ name: 'GOMEMLIMIT', value: '1GiB' }],
        resources: { limits: { memory: '256Mi' }, requests: { memory: '128Mi' } },
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          { name: 'disk', mountPath: '/d' },
        ],
      },
      { name: 'log', volumeMounts: [{ name: 'disk', mountPath: '/d' }] },
    ],
    ephemeralContainers: [{ name: 'debug' }],
  },
  status: {
    phase: 'Running',
    qosClass: 'Burstable',
    startTime: '2026-11-24T07:00:00Z',
    containerStatuses: [
      {
        name: 'app',
        image: 'of-status',
        containerID: `containerd://${'c0ffee12'.repeat(8)}`,
        restartCount: 3,
        ready: false,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        lastState: {
          terminated: {
            reason: 'OOMKilled',
            exitCode: 137,
            signal: 9,
            startedAt: '2026-11-24T07:10:00Z',
            finishedAt: '2026-11-24T07:20:00Z',
            containerID: `docker://${'deadbeef'.repeat(8)}`,
          },
        },
      },
    ],
  },
}

/** The pod with `value` at a path; `undefined`: without it. */
function made(path: string, value: unknown): Made {
  const whole = structuredClone(full) as Made
  const keys = path.split('.')
  let here = whole
  for (const key of keys.slice(0, -1)) here = here[key] as Made
  const last = keys.at(-1) ?? ''
  if (value === undefined) delete here[last]
  else here[last] = value
  return whole
}

const read = async (object: Made): Promise<PodSnapshot | undefined> =>
  ofKind((await readText(JSON.stringify(object, null, 1), 'p.json')).facts, 'pod')[0]
const us = (time: string): number => Date.parse(time) * 1000

it('reads all of it', async () => {
  const pod = await read(full)
  expect(pod).toMatchObject({
    namespace: 'shop',
    name: 'cart-0',
    uid: full.metadata.uid,
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
    deletionUs: us('2026-11-24T08:00:00Z'),
    limitBytes: { value: 512 * MI },
    requestBytes: { value: 256 * MI },
    restartPolicy: 'OnFailure',
    memoryVolumes: [{ name: 'tmp', sizeLimitBytes: 64 * MI }],
    diskVolumes: [{ name: 'disk' }],
  })
  expect(pod?.memoryVolumes).toHaveLength(1)
  expect(pod?.diskVolumes).toHaveLength(1)
  expect(pod?.containers.map(({ name, type }) => [name, type])).toEqual([
    ['migrate', 'init'],
    ['app', 'regular'],
    ['log', 'regular'],
    ['debug', 'ephemeral'],
  ])
  expect(pod?.containers[1]).toMatchObject({
    containerId: 'c0ffee12'.repeat(8),
    runtime: 'containerd',
    image: 'registry.example/app:1',
    command: ['java', '-Xmx1g', '-jar'],
    env: { GOMEMLIMIT: '1GiB' },
    limitBytes: { value: 256 * MI },
    requestBytes: { value: 128 * MI },
    restartCount: { value: 3 },
    ready: false,
    state: { kind: 'waiting', reason: 'CrashLoopBackOff', message: 'back-off', exitCode: null, startedUs: null, containerId: null },
    lastState: {
      kind: 'terminated',
      reason: 'OOMKilled',
      exitCode: 137,
      signal: 9,
      startedUs: us('2026-11-24T07:10:00Z'),
      finishedUs: us('2026-11-24T07:20:00Z'),
      containerId: 'deadbeef'.repeat(8),
    },
  })
  expect(pod?.containers[2]).toMatchObject({
    containerId: null,
    runtime: null,
    image: null,
    command: [],
    env: {},
    state: null,
    lastState: null,
  })
  expect(pod?.containers[2]).toMatchObject({ limitBytes: null, requestBytes: null, restartCount: null, ready: null })
  expect(pod?.containers[1]?.lastState?.quotes.map(({ text }) => text.trim().split(':')[0])).toEqual([
    '"reason"',
    '"exitCode"',
    '"startedAt"',
    '"finishedAt"',
  ])
  expect(pod?.memoryVolumes[0]?.quotes.map(({ text }) => text.trim().split(':')[0])).toEqual(['"name"', '"medium"', '"sizeLimit"'])
  for (const quote of quotesIn(pod)) expect(quote.line).toBeGreaterThan(1)
})

describe('one field otherwise', () => {
  it.each<[string, unknown, Partial<Record<keyof PodSnapshot, unknown>>]>([
    ['metadata.namespace', undefined, { namespace: null }],
    ['metadata.namespace', null, { namespace: null }],
    ['metadata.namespace', 7, { namespace: '7' }],
    ['metadata.namespace', {}, { namespace: null }],
    ['metadata.uid', undefined, { uid: null }],
    ['metadata.annotations', undefined, { configHash: null, openshift: false }],
    ['metadata.annotations', { 'kubernetes.io/config.mirror': 'bbbb' }, { configHash: 'bbbb', openshift: false }],
    ['metadata.annotations', 'none', { configHash: null, openshift: false }],
    ['metadata.labels', undefined, { managedBy: null }],
    ['metadata.labels', ['helm.sh/chart'], { managedBy: null }],
    // without a controller the first one owns it
    [
      'metadata.ownerReferences',
      [
        { kind: 'Job', name: 'a' },
        { kind: 'DaemonSet', name: 'b', controller: false },
      ],
      { owner: 'Job/a' },
    ],
    [
      'metadata.ownerReferences',
      [
        { kind: 'Job', name: 'a', controller: 'true' },
        { kind: 'Shop', name: 'b' },
      ],
      { owner: 'Job/a' },
    ],
    ['metadata.ownerReferences', [{ kind: 'Job' }], { owner: null }],
    ['metadata.ownerReferences', [{ name: 'a' }], { owner: null }],
    ['metadata.ownerReferences', [], { owner: null }],
    ['metadata.ownerReferences', { kind: 'Job', name: 'a' }, { owner: null }],
    ['metadata.ownerReferences', undefined, { owner: null }],
    ['metadata.deletionTimestamp', undefined, { deletionUs: null }],
    ['metadata.deletionTimestamp', 'yesterday', { deletionUs: null }],
    ['spec.nodeName', undefined, { node: null }],
    ['spec.restartPolicy', undefined, { restartPolicy: null }],
    ['spec.resources', undefined, { limitBytes: null, requestBytes: null }],
    ['spec.resources', { limits: { memory: 'much' }, requests: { memory: null } }, { limitBytes: null, requestBytes: null }],
    ['spec.volumes', undefined, { memoryVolumes: [], diskVolumes: [] }],
    ['spec.volumes', {}, { memoryVolumes: [], diskVolumes: [] }],
    ['status.phase', undefined, { phase: null }],
    ['status.qosClass', 'Guaranteed', { qosClass: 'Guaranteed' }],
    ['status.qosClass', 'BestEffort', { qosClass: 'BestEffort' }],
    ['status.qosClass', 'bestEffort', { qosClass: null }],
    ['status.qosClass', undefined, { qosClass: null }],
    ['status.startTime', undefined, { startUs: null }],
    ['status.startTime', '2026-13-24T07:00:00Z', { startUs: null }],
    ['status.startTime', '2026-11-24T07:00:00+02:00', { startUs: us('2026-11-24T05:00:00Z') }],
    ['status', undefined, { phase: null, qosClass: null, startUs: null, limitBytes: { value: 512 * MI } }],
  ])('%s = %j', async (path, value, expected) => {
    const pod = await read(made(path, value))
    expect(pod).toMatchObject({ name: 'cart-0', ...expected })
    for (const key of ['memoryVolumes', 'diskVolumes'] as const) if (expected[key] !== undefined) expect(pod?.[key]).toEqual([])
  })

  it.each<[string, unknown, unknown]>([
    ['a medium of its own on disk', [{ name: 'v', emptyDir: { medium: 'HugePages' } }], { memory: [], disk: ['v'] }],
    ['a medium that is null', [{ name: 'v', emptyDir: { medium: null } }], { memory: [], disk: ['v'] }],
    ['a size that is none', [{ name: 'v', emptyDir: { medium: 'Memory', sizeLimit: 'big' } }], { memory: [['v', null]], disk: [] }],
    ['no size', [{ name: 'v', emptyDir: { medium: 'Memory' } }], { memory: [['v', null]], disk: [] }],
    ['no name', [{ emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } }, { emptyDir: {} }], { memory: [['', 2 ** 30]], disk: [''] }],
  ])('a volume: %s', async (_, volumes, expected) => {
    const pod = await read(made('spec.volumes', volumes))
    const memory = pod?.memoryVolumes.map(({ name, sizeLimitBytes }) => [name, sizeLimitBytes])
    expect({ memory, disk: pod?.diskVolumes?.map(({ name }) => name) }).toEqual(expected)
  })

  it.each<[string, Made, Made]>([
    ['the status names the image', { image: undefined }, { image: 'of-status' }],
    ['arguments without a command', { command: undefined }, { command: ['-Xmx1g', '-jar'] }],
    ['a command that is no list', { command: 'java' }, { command: ['-Xmx1g', '-jar'] }],
    ['a word that is no text', { command: ['java', null, {}, 7] }, { command: ['java', '7', '-Xmx1g', '-jar'] }],
    ['a variable without a value', { env: [{ name: 'GOMEMLIMIT' }] }, { env: {} }],
    ['a variable without a name', { env: [{ value: '1GiB' }, { name: 'GOMEMLIMIT', value: '2GiB' }] }, { env: { GOMEMLIMIT: '2GiB' } }],
    ['a variable that is null', { env: [{ name: 'GOMEMLIMIT', value: null }] }, { env: {} }],
    ['no limit', { resources: { requests: { memory: '1Gi' } } }, { limitBytes: null, requestBytes: { value: 2 ** 30 } }],
    ['a limit that is none', { resources: { limits: { memory: '-' } } }, { limitBytes: null, requestBytes: null }],
    ['a limit in bytes', { resources: { limits: { memory: 1e9 } } }, { limitBytes: { value: 1e9 } }],
    ['a limit of milli bytes', { resources: { limits: { memory: '128974848000m' } } }, { limitBytes: { value: 128_974_848 } }],
    ['another name: no status', { name: 'web' }, { name: 'web', containerId: null, state: null, lastState: null, restartCount: null }],
    ['always restarted, but no init container', { restartPolicy: 'Always' }, { type: 'regular' }],
  ])('a container: %s', async (_, change, expected) => {
    const [app, ...others] = full.spec.containers
    const pod = await read(made('spec.containers', [{ ...app, ...change }, ...others]))
    expect(pod?.containers[1]).toMatchObject(expected)
    if ('env' in expected) expect(pod?.containers[1]?.env).toEqual(expected['env'])
  })

  it.each<[string, unknown, string]>([
    ['always', [{ name: 'a', restartPolicy: 'Always' }], 'sidecar'],
    ['on failure', [{ name: 'a', restartPolicy: 'OnFailure' }], 'init'],
    ['without', [{ name: 'a' }], 'init'],
  ])('an init container restarted %s', async (_, init, type) => {
    expect((await read(made('spec.initContainers', init)))?.containers[0]?.type).toBe(type)
  })

  it.each<[string, Made, Made]>([
    ['no id', { containerID: undefined }, { containerId: null, runtime: null }],
    ['an empty id', { containerID: '' }, { containerId: null, runtime: null }],
    ['an id without a runtime', { containerID: 'abc' }, { containerId: 'abc', runtime: null }],
    ['an unknown runtime', { containerID: 'kata://abc' }, { containerId: 'abc', runtime: null }],
    ['cri-o', { containerID: 'cri-o://abc' }, { containerId: 'abc', runtime: 'cri-o' }],
    ['docker', { containerID: 'docker://abc' }, { containerId: 'abc', runtime: 'docker' }],
    ['podman', { containerID: 'podman://abc' }, { containerId: 'abc', runtime: 'podman' }],
    ['an id with a blank', { containerID: 'docker://a c' }, { containerId: null, runtime: null }],
    ['no count', { restartCount: undefined }, { restartCount: null }],
    ['a count in words', { restartCount: '3x' }, { restartCount: null }],
    ['a count of 0', { restartCount: 0 }, { restartCount: { value: 0 } }],
    ['a count as text', { restartCount: '12' }, { restartCount: { value: 12 } }],
    ['ready', { ready: true }, { ready: true }],
    ['ready as text', { ready: 'yes' }, { ready: null }],
    ['no state', { state: undefined }, { state: null }],
    ['an empty state', { state: {} }, { state: null }],
    ['a state that is null', { state: { running: null, waiting: null } }, { state: null }],
    ['a state that is text', { state: 'running' }, { state: null }],
    [
      'running',
      { state: { running: { startedAt: '2026-11-24T07:30:00Z' } } },
      { state: { kind: 'running', startedUs: us('2026-11-24T07:30:00Z') } },
    ],
    // a merge of two documents may leave both: what ended is told
    [
      'running and terminated',
      { state: { running: {}, terminated: { exitCode: 1 } } },
      { state: { kind: 'terminated', exitCode: 1, signal: null } },
    ],
    ['waiting and running', { state: { running: {}, waiting: {} } }, { state: { kind: 'waiting' } }],
    ['an exit code of 0', { state: { terminated: { exitCode: 0 } } }, { state: { exitCode: 0, reason: null } }],
    ['an exit code as text', { state: { terminated: { exitCode: '137' } } }, { state: { exitCode: 137 } }],
    ['an empty exit code', { state: { terminated: { exitCode: '' } } }, { state: { exitCode: null } }],
    ['no number as exit code', { state: { terminated: { exitCode: 'n/a' } } }, { state: { exitCode: null } }],
    [
      'killed while it started',
      {
        state: {
          terminated: { message: 'failed to create containerd task: container init was OOM-killed (memory limit too low?): unknown' },
        },
      },
      { state: { initKilled: true } },
    ],
    ['another message', { state: { terminated: { message: 'out of cheese' } } }, { state: { initKilled: false } }],
  ])('a status: %s', async (_, change, expected) => {
    const pod = await read(made('status.containerStatuses', [{ ...full.status.containerStatuses[0], ...change }]))
    expect(pod?.containers[1]).toMatchObject(expected)
    // a state is quoted by its fields, or by its own line
    const state = pod?.containers[1]?.state
    if (state != null) {
      const told = [state.reason, state.exitCode, state.message, state.startedUs, state.finishedUs].filter((one) => one !== null)
      expect(state.quotes.length).toBe(Math.max(1, told.length))
    }
  })

  it.each([
    [{ exitCode: 1 }, '"exitCode"'],
    [{ signal: 9 }, '"terminated"'],
    [{}, '"terminated"'],
  ])('a state of %j is quoted by %s', async (terminated, key) => {
    const pod = await read(made('status.containerStatuses', [{ name: 'app', state: { terminated } }]))
    expect(pod?.containers[1]?.state?.quotes.map(({ text }) => text.trim().split(':')[0])).toEqual([key])
  })

  it.each([
    ['a status without a name', [{ restartCount: 4 }]],
    ['statuses that are no list', { name: 'app' }],
  ])('%s is nobody’s', async (_, statuses) => {
    expect((await read(made('status.containerStatuses', statuses)))?.containers[1]).toMatchObject({ name: 'app', restartCount: null })
  })

  it('an init container’s status is its own', async () => {
    const pod = await read(
      made('status.initContainerStatuses', [
        { name: 'migrate', restartCount: 1 },
        { name: 'app', restartCount: 9 },
      ]),
    )
    expect(pod?.containers.map(({ restartCount }) => restartCount?.value ?? null)).toEqual([1, 3, null, null])
  })
})

describe('what is a pod', () => {
  const items = (...objects: unknown[]): Made => ({ apiVersion: 'v1', kind: 'List', items: objects })
  const names = async (object: Made): Promise<string[]> =>
    ofKind((await readText(JSON.stringify(object), 'l.json')).facts, 'pod').map(({ name }) => name)
  const bare = { metadata: { name: 'a' }, spec: { containers: [{ name: 'c' }] } }

  it.each<[string, Made, string[]]>([
    ['its kind stripped', bare, ['a']],
    ['a template of a Deployment', { ...bare, kind: 'Deployment' }, []],
    ['no containers', { metadata: { name: 'a' }, spec: {} }, []],
    ['containers that are no list', { metadata: { name: 'a' }, spec: { containers: {} } }, []],
    ['no name', { spec: bare.spec, metadata: {} }, []],
    ['no name, but a kind', { kind: 'Pod', spec: bare.spec, metadata: {} }, []],
  ])('%s', async (_, object, expected) => {
    expect(await names(items(full, object))).toEqual(['cart-0', ...expected])
  })
})
