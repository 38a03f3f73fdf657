import { describe, expect, it } from 'vitest'
import { incidentOf, killed, type Pod, type Row, underLimit } from '../killed-in-pod.ts'

describe('the cause is what filled the limit', () => {
  it('GOMEMLIMIT may take nine tenths, and the sentence says the share that it names', async () => {
    const { recommendations } = await killed([[40, 'shipper', 126]], { mib: 128, env: { GOMEMLIMIT: '200MiB' } })
    expect(recommendations[0]?.text).toContain('to GOMEMLIMIT=115MiB: 90 % of the limit')
    expect(recommendations[0]?.why).toContain('Cgo, mapped files')
  })
  it('a save beside a data set far below maxmemory is the fork', async () => {
    const fork = [
      [40, 'redis-server', 1290],
      [41, 'redis-server', 1220],
    ] as const
    const pod = { mib: 2048, args: ['redis-server', '--maxmemory', '1800mb'] }
    expect((await killed(fork, pod)).rootCause?.id).toBe('fork-copy-on-write')
    expect((await killed([[40, 'redis-server', 2000]], pod)).rootCause?.id).toBe('runtime-heap-fills-limit')
  })
  it('names the crowd beside the one that grew', async () => {
    const rows = [
      [40, 'java', 1200],
      [41, 'python3', 390],
      [42, 'python3', 380],
    ] as const
    expect((await killed(rows, { mib: 2048 })).rootCause?.statement).toContain('; beside it 2 processes named python3 held 770 MiB')
    expect(
      (
        await killed(
          [
            [40, 'java', 1900],
            [41, 'python3', 90],
          ],
          { mib: 2048 },
        )
      ).rootCause?.statement,
    ).not.toContain('beside it')
  })
})

describe('nobody is named as his own crowd, nor one that cannot have been there beside him', () => {
  const CROWD = ['python3', 500] as const
  it.each([
    ['two of another name', ['java', 900], [CROWD, CROWD], 'beside it 2 processes named python3 held 1000 MiB'],
    [
      'one of a row of numbered names',
      ['conn7', 1000],
      [
        ['conn1', 100],
        ['conn2', 100],
      ],
      null,
    ],
    [
      'more than was in use together',
      ['java', 1500],
      [
        ['python3', 400],
        ['python3', 400],
      ],
      null,
    ],
  ] as const)('%s', async (_, [comm, mib], others, said) => {
    const rows = [[40, comm, mib] as const, ...others.map(([name, size], at) => [50 + at, name, size] as const)]
    const { rootCause } = await killed(rows, { mib: 2048 })
    if (said === null) expect(rootCause?.statement).not.toContain('eside it')
    else expect(rootCause?.statement).toContain(said)
  })
})

describe('advice goes to the right object', () => {
  it('an operator takes back what is set on its StatefulSet', async () => {
    const { recommendations } = await killed([[40, 'prometheus', 2020]], { mib: 2048, managedBy: 'prometheus-operator' })
    const raise = recommendations.find(({ text }) => text.includes('raise the memory limit'))
    expect(raise?.command).toBe(
      `kubectl get -n shop statefulset/store -o jsonpath='{range .metadata.ownerReferences[*]}{.kind}/{.name}{"\\n"}{end}'`,
    )
    expect(raise?.effect).toContain('taken back')
    expect(recommendations.map(({ command }) => command ?? '').join('\n')).not.toMatch(/exec.*curl/)
    const helm = await killed([[40, 'prometheus', 2020]], { mib: 2048, managedBy: 'Helm' })
    expect(helm.recommendations[0]?.command).toContain('set resources')
  })
  it('the pods of the cluster are the platform’s', async () => {
    const owners = async (pod: Pod) => new Set((await killed([[40, 'etcd', 2020]], pod)).recommendations.map(({ owner }) => owner))
    expect(await owners({ mib: 2048, namespace: 'kube-system', owner: 'Node/cp-1' })).toEqual(new Set(['platform']))
    expect(await owners({ mib: 2048 })).toContain('application')
  })
  it('nginx has no heap profile', async () => {
    const { recommendations } = await killed([[40, 'nginx', 500]], { mib: 512 })
    expect(recommendations.map(({ text }) => text).join('\n')).not.toContain('heap profile')
    expect(recommendations.some(({ command }) => command?.includes('nginx -T'))).toBe(true)
  })
})

describe('an eviction', () => {
  const LINE = 'I1112 03:10:02.301000 1200 eviction_manager.go:614] "Eviction manager: pod is evicted successfully" pod="ci/runner-7"\n'
  const ABOVE = 'I1112 03:10:01.100200 1200 eviction_manager.go:366] "Eviction manager: attempting to reclaim" resourceName="memory"\n'
  const EVENT = `NAMESPACE   LAST SEEN   TYPE      REASON    OBJECT         MESSAGE
ci          4m          Warning   Evicted   pod/runner-7   The node was low on resource: memory. Threshold quantity: 100Mi, available: 71204Ki. Container build was using 9214532Ki, request is 0, has larger consumption of memory. 
`
  it('has the event’s figures beside the kubelet’s own line', async () => {
    const { rootCause, diagnosis } = await incidentOf({ 'kubelet.log': ABOVE + LINE, 'events.txt': EVENT })
    expect(diagnosis.consumer.statement).toContain('8.79 GiB')
    expect(rootCause?.statement).toContain('held 8.79 GiB')
  })
  it('is not said to be without guilt where no figure says so', async () => {
    const { rootCause } = await incidentOf({ 'kubelet.log': ABOVE + LINE })
    expect(rootCause?.statement).toContain('Whether it or others filled the node is open')
  })
})

describe('what runs once', () => {
  const inAll = async (rows: readonly Row[], owner: string) =>
    (await killed(rows, { mib: 512, owner })).recommendations.map(({ command }) => command ?? '').join('\n')
  it('a pod that another pod made has its history in its siblings', async () => {
    expect(await inAll([[40, 'python3', 505]], 'Pod/driver')).toContain('pod=~"store-.+"')
    expect(await inAll([[40, 'python3', 505]], 'VirtualMachineInstance/win10')).toContain('pod=~"store-0"')
  })
  it('a Slurm job has its history in the accounting database', async () => {
    const job = '/slurm/uid_1001/job_4711/step_0/task_0'
    const { recommendations } = await incidentOf({ 'kern.log': underLimit(512, [[40, 'solver', 505]], 0, job) })
    expect(recommendations.some(({ command }) => command?.startsWith('sacct -j 4711 --format=JobID'))).toBe(true)
  })
  it('the signal for a heap goes to node, not to the npm that started it', async () => {
    const rows = [
      [44, 'node', 480],
      [40, 'npm start', 20],
    ] as const
    const commands = await inAll(rows, 'Deployment/store')
    expect(commands).toContain('kill -USR2 $(pgrep -o node)')
    expect(await inAll([[40, 'node', 500]], 'Deployment/store')).toContain('kill -USR2 1')
  })
})
