import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { EvictionEvent, RuntimeEvent } from '../../src/model/event.ts'
import type { ReportIncident } from '../../src/model/report.ts'
import { folderWith } from './folder-with.ts'
import {
  diagnose,
  inPod,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  makeState,
  memcgDump,
  NOON,
  placed,
  podWorkload,
} from './make-incident.ts'

const came = (incident: Parameters<typeof diagnose>[0]): string => JSON.stringify(diagnose(incident).consequence.statement)
const restarted = (more: Parameters<typeof makeContainer>[0] = {}) =>
  makeContainer({
    containerId: null,
    restartCount: null,
    lastState: makeState({ kind: 'terminated', reason: 'OOMKilled', exitCode: 137, startedUs: NOON - 900e6, finishedUs: NOON + 1e6 }),
    state: makeState({ startedUs: NOON + 48e6 }),
    ...more,
  })

test('from the end of a run to the start of the next one', () => {
  expect(came(inPod(memcgDump(), { pods: [makePod([restarted()])] }))).toContain('It was down for ",{"seconds":47}')
  // Statuses are cut to whole seconds: a second is no outage.
  expect(came(inPod(memcgDump(), { pods: [makePod([restarted({ state: makeState({ startedUs: NOON + 2e6 }) })])] }))).not.toContain(
    'It was down',
  )
})

test('pods of the same owner that were not ready', () => {
  const pods = [makePod([restarted({ ready: false })]), makePod([makeContainer({ ready: true })], { name: 'api-7c9d4-2', uid: 'b' })]
  expect(came(inPod(memcgDump(), { pods }))).toMatch(/1.* of the .*2.* pods of .*Deployment\/api.*was ready/)
})

const child = (runtime: RuntimeEvent['runtime']) =>
  placed<RuntimeEvent>(1, {
    kind: 'runtime',
    runtime,
    what: 'child-killed',
    program: null,
    detail: 'signal 9',
    heapUsedBytes: null,
    heapLimitBytes: null,
    pid: 31,
    target: null,
  })

test('what a server does when its child is killed, by its own line only', () => {
  expect(came(inPod(memcgDump(), { context: [child('postgresql')] }))).toContain('ends all other sessions')
  expect(came(inPod(memcgDump(), { context: [child('nginx')] }))).toContain('open connections were cut')
  expect(came(inPod(memcgDump()))).not.toMatch(/sessions|connections/)
})

test('an evicted pod loses what it kept in memory, and neighbours are counted', () => {
  const evicted = (pod: string) =>
    placed<EvictionEvent>(0, {
      kind: 'eviction',
      stage: 'evicted',
      target: { namespace: 'shop', pod, podUid: null, container: null, containerId: null },
      ranking: [],
      signal: 'memory.available',
      thresholdBytes: 100,
      availableBytes: 60,
      capacityBytes: 972,
      message: null,
      usages: [],
    })
  const own = evicted('api-7c9d4')
  const memoryVolumes = [{ name: 'scratch', sizeLimitBytes: null, quotes: [] }]
  const incident = makeIncident({
    kills: [makeDeath(null, { killer: 'kubelet', pid: null, comm: null, workload: podWorkload, event: own.event as EvictionEvent })],
    context: [own, evicted('other-1'), evicted('other-2')],
    pods: [makePod([makeContainer()], { memoryVolumes, reason: 'Evicted' })],
  })
  expect(came(incident)).toMatch(/scratch.*which is in memory, is lost/)
  expect(came(incident)).toMatch(/evicted .*"count":2.* pods/)
})

test('a unit that systemd starts again was away for the time between', async () => {
  const lines = readFileSync('samples/incidents/leak-go-unit-three-runs.log', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('2026-11-24T03:01'))
  const late = lines.map((line) => (line.includes('Started ingestd') ? line.replace('03:01:10', '03:01:49') : line))
  const incident = (await analyze([folderWith({ 'journal.log': `${late.join('\n')}\n` })])).report.incidents[0] as ReportIncident
  expect(incident.diagnosis.consequence.statement).toContain('It was down for 39 s until it was started again.')
})

const POD_JSON = (owner: string, status: object): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'cart-0',
      namespace: 'shop',
      uid: '22220000-1111-4222-8333-000000000024',
      ownerReferences: [{ kind: 'StatefulSet', name: owner, controller: true }],
    },
    spec: {
      nodeName: 'n1',
      volumes: [
        { name: 'token', projected: {} },
        { name: 'spool', emptyDir: {} },
      ],
      containers: [{ name: 'app', image: 'app:1' }],
    },
    status,
  })
const KILLED = {
  phase: 'Running',
  containerStatuses: [
    {
      name: 'app',
      restartCount: 1,
      ready: true,
      state: { running: { startedAt: '2026-11-24T09:14:41Z' } },
      lastState: {
        terminated: { reason: 'OOMKilled', exitCode: 137, startedAt: '2026-11-24T08:00:00Z', finishedAt: '2026-11-24T09:14:40Z' },
      },
    },
  ],
}
const EVICTED = { phase: 'Failed', reason: 'Evicted', startTime: '2026-11-24T08:00:00Z', message: 'The node was low on resource: memory. ' }
const MEMORY = POD_JSON('cart', EVICTED).replace('{"name":"token","projected":{}}', '{"name":"hot","emptyDir":{"medium":"Memory"}}')
const statementOf = async (files: Readonly<Record<string, string>>): Promise<string> =>
  (await analyze([folderWith(files)])).report.incidents[0]?.diagnosis.consequence.statement ?? ''

test.each([
  ['NAME   READY   AGE\ncart   1/3     9d\nother  3/3     9d\n', 'cart', '1 of the 3 replicas of StatefulSet/cart was ready'],
  ['NAMESPACE   NAME   READY   AGE\ntest        cart   3/3     9d\nshop        cart   0/3     9d\n', 'cart', '0 of the 3 replicas'],
  ['NAME   READY   AGE\ncart   3/3     9d\n', 'cart', null],
  ['NAME   READY   AGE\ncart   1/3     9d\n', 'other', null],
  ['NAME   READY   UP-TO-DATE   AVAILABLE   AGE\ncart   1/3     3            1           9d\n', 'cart', null],
])('a table of replicas: %j of %s', async (table, owner, said) => {
  const statement = await statementOf({ 'pod.json': POD_JSON(owner, KILLED), 'replicas.txt': table })
  if (said === null) expect(statement).not.toContain('replicas of')
  else expect(statement).toContain(said)
})

test('an eviction ends an emptyDir on disk, too; a restart does not', async () => {
  expect(await statementOf({ 'pod.json': POD_JSON('cart', EVICTED) })).toContain(
    "What it kept in its volume spool (emptyDir, on the node's disk) is lost with it.",
  )
  expect(await statementOf({ 'pod.json': POD_JSON('cart', KILLED) })).not.toContain('spool')
  expect(await statementOf({ 'pod.json': MEMORY })).toContain('in its volume hot, which is in memory, is lost with it')
  const described = `Name:         cart-0
Namespace:    shop
Priority:     0
Node:         n1/10.0.0.1
Start Time:   Tue, 24 Nov 2026 08:00:00 +0000
Status:       Failed
Reason:       Evicted
Message:      The node was low on resource: memory.
Containers:
  app:
    Image:  app:1
Volumes:
  certs:
    Type:        Secret (a volume populated by a Secret)
    SecretName:  certs
  spool:
    Type:       EmptyDir (a temporary directory that shares a pod's lifetime)
    Medium:     
    SizeLimit:  <unset>
QoS Class:  BestEffort
`
  expect(await statementOf({ 'describe.txt': described })).toContain('its volume spool (emptyDir')
})
