import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { ReportIncident } from '../../src/model/report.ts'
import { folderWith } from './folder-with.ts'

const POD_DIR = '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1f6b2c1e_7d11_4f53_9c0e_4a2f0f6b9d10.slice'
const ID = '7d9f3f9ab1f04a6e8f5f1c8f2f6f4b8a0c1d2e3f405162738495a6b7c8d9e0f1'
const report = (path: string, comm: string, at: string): string =>
  [
    `${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0`,
    'memory: usage 262144kB, limit 262144kB, failcnt 17',
    `Memory cgroup stats for ${path}:`,
    'anon 264241152',
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=${comm},pid=471,uid=9`,
    `Memory cgroup out of memory: Killed process 471 (${comm}) total-vm:649508kB, anon-rss:254332kB, file-rss:5152kB, shmem-rss:0kB, UID:9 pgtables:700kB oom_score_adj:0`,
  ]
    .map((line) => `${at}+00:00 host7 kernel: ${line}`)
    .join('\n')

const AT = '2026-11-24T09:14:40.104211'
const POD = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'cart-6bd5c9f7d9-x2x4z', namespace: 'shop', uid: '1f6b2c1e-7d11-4f53-9c0e-4a2f0f6b9d10' },
  spec: { nodeName: 'host7', containers: [{ name: 'app', image: 'cart:1', resources: { limits: { memory: '256Mi' } } }] },
  status: {
    phase: 'Running',
    containerStatuses: [{ name: 'app', containerID: `containerd://${ID}`, restartCount: 1, ready: true, state: {} }],
  },
})
const inPod = { 'kern.log': `${report(`${POD_DIR}/cri-containerd-${ID}.scope`, 'node', AT)}\n`, 'pod.json': POD }
const inUnit = (comm: string, before = ''): Record<string, string> => ({
  'kern.log': `${before}${report('/system.slice/worker.service', comm, AT)}\n`,
})

const reportOf = async (files: Readonly<Record<string, string>>) =>
  (await analyze([folderWith(files)], { timezone: 'UTC', year: 2026 })).report

async function incidentOf(files: Readonly<Record<string, string>>): Promise<ReportIncident> {
  const whole = await reportOf(files)
  if (whole.incidents.length !== 1) throw new Error(`${whole.incidents.length} incidents`)
  return whole.incidents[0] as ReportIncident
}

const audit = (parts: Record<string, unknown>): Record<string, string> => ({
  'audit.log': `${JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    stage: 'ResponseComplete',
    responseStatus: { code: 200 },
    requestReceivedTimestamp: '2026-11-24T09:02:11.123456Z',
    ...parts,
  })}\n`,
})
const DEPLOYMENT = '/apis/apps/v1/namespaces/shop/deployments/cart?fieldManager=kubectl-edit'
const limits = { spec: { template: { spec: { containers: [{ name: 'app', resources: { limits: { memory: '256Mi' } } }] } } } }

test('the API’s audit log tells of an edited limit: it is the nearer cause', async () => {
  const { rootCause } = await incidentOf({ ...inPod, ...audit({ requestURI: DEPLOYMENT, verb: 'patch', requestObject: limits }) })
  expect(rootCause).toMatchObject({ id: 'limit-too-low', confidence: 'medium' })
  expect(rootCause.evidence.some(({ text }) => text.includes('kubectl-edit'))).toBe(true)
})

test('and of an edit whose content the policy does not keep', async () => {
  const { rootCause } = await incidentOf({ ...inPod, ...audit({ requestURI: DEPLOYMENT, verb: 'patch' }) })
  expect(rootCause.statement).toMatch(/had been edited \(kubectl-edit deployments\/cart\) 12 min before/)
})

test.each([
  ['another workload', { requestURI: DEPLOYMENT.replace('/cart', '/search'), verb: 'patch' }],
  ['another namespace', { requestURI: DEPLOYMENT.replace('/shop', '/test'), verb: 'patch' }],
  ['a request that was refused', { requestURI: DEPLOYMENT, verb: 'patch', responseStatus: { code: 403 } }],
  ['a request that only came in', { requestURI: DEPLOYMENT, verb: 'patch', stage: 'RequestReceived' }],
  ['a read', { requestURI: DEPLOYMENT, verb: 'get' }],
  ['a status', { requestURI: DEPLOYMENT.replace('?', '/status?'), verb: 'patch' }],
])('%s is no change of this incident', async (_, parts) => {
  const plain = (await incidentOf(inPod)).rootCause
  expect((await incidentOf({ ...inPod, ...audit(parts) })).rootCause.statement).toBe(plain.statement)
})

const EXEC = 'command=node&command=--heapsnapshot-signal%3DSIGUSR2&container=app&stdin=true&tty=true'
test.each([
  [
    'audit log',
    audit({ requestURI: `/api/v1/namespaces/shop/pods/cart-6bd5c9f7d9-x2x4z/exec?${EXEC}`, verb: 'create', responseStatus: { code: 101 } }),
  ],
  [
    "kubelet's requests",
    {
      'kubelet.log': `I1124 09:02:11.123456    1234 httplog.go:134] "HTTP" verb="POST" URI="/exec/shop/cart-6bd5c9f7d9-x2x4z/app?${EXEC}" latency="1.2ms" userAgent="Go-http-client/1.1" audit-ID="" srcIP="10.0.0.1:443" resp=101\n`,
    },
  ],
])('kubectl exec by the %s', async (_, files) => {
  const { rootCause } = await incidentOf({ ...inPod, ...files })
  expect(rootCause.statement).toMatch(/heapsnapshot-signal.* 12 min before/)
})

const cron = (command: string): Record<string, string> => ({
  syslog: `2026-11-24T04:00:01.000000+00:00 host7 CRON[4411]: (root) CMD (${command})\n`,
})
test('cron’s command is told where it names the killed program', async () => {
  const { rootCause } = await incidentOf({ ...inUnit('reindex'), ...cron('/usr/local/bin/reindex --all') })
  expect(rootCause.statement).toContain('The scheduled job /usr/local/bin/reindex --all had been started 5 h 14 min before')
  const other = await incidentOf({ ...inUnit('worker'), ...cron('/usr/local/bin/reindex --all') })
  expect(other.rootCause.statement).not.toContain('scheduled')
})

const boot = (release: string, at: string): string =>
  `${at}+00:00 host7 kernel: Linux version ${release} (build@host) #1 SMP PREEMPT_DYNAMIC\n`
test('a boot into another kernel within the week', async () => {
  const two = boot('5.15.0-91-generic', '2026-11-10T03:00:00.000000') + boot('6.8.0-40-generic', '2026-11-23T03:00:00.000000')
  expect((await incidentOf(inUnit('worker', two))).rootCause.statement).toContain(
    'another kernel or version of cgroups 1 d 6 h before the first kill: kernel 5.15.0-91-generic → 6.8.0-40-generic',
  )
  const same = two.replaceAll('6.8.0-40', '5.15.0-91')
  expect((await incidentOf(inUnit('worker', same))).rootCause.statement).not.toContain('another kernel')
  const old = two.replace('11-23T', '11-12T')
  expect((await incidentOf(inUnit('worker', old))).rootCause.statement).not.toContain('another kernel')
})

const APT = `
Start-Date: 2026-11-24  06:25:08
Commandline: /usr/bin/unattended-upgrade
Upgrade: libxml2:amd64 (2.9.14, 2.9.15), curl:amd64 (7.88.1-10, 7.88.1-11)
End-Date: 2026-11-24  06:25:14
`
test.each([
  ['history.log', APT, 'libxml2:amd64 2.9.14 → 2.9.15, curl:amd64 7.88.1-10 → 7.88.1-11'],
  ['yum.log', 'Nov 24 06:25:11 Updated: openssl-1:1.0.2k-26.el7_9.x86_64\n', 'openssl-1:1.0.2k-26.el7_9.x86_64'],
  ['pacman.log', '[2026-11-24T06:25:11+0000] [ALPM] upgraded linux (6.17.8-1 -> 6.17.9-1)\n', 'linux 6.17.8-1 → 6.17.9-1'],
  ['history', '2026-11-24 06:25:11|install|kernel-default|6.4.0-150600.23|x86_64||repo|0123|\n', 'kernel-default'],
])('packages by %s', async (name, text, said) => {
  expect((await incidentOf({ ...inUnit('worker'), [name]: text })).rootCause.statement).toContain(
    `Packages had been changed 2 h 49 min before the first kill: ${said}`,
  )
})

test('what changed stands in the timeline, under the incident', async () => {
  const files = { ...inPod, ...audit({ requestURI: DEPLOYMENT, verb: 'patch', requestObject: limits }), 'history.log': APT }
  const { timeline, incidents } = await reportOf(files)
  expect(timeline.filter(({ kind }) => kind.startsWith('change-')).map(({ kind, incident }) => [kind, incident])).toEqual([
    ['change-package', incidents[0]?.id],
    ['change-limit', incidents[0]?.id],
  ])
})
