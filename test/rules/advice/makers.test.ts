import { describe, expect, it, test } from 'vitest'
import { heapCeiling } from '../../../src/extract/heap-flags.ts'
import { limitSourceOf } from '../../../src/kube/owner.ts'
import { actionsOf } from '../../../src/render/view/actions.ts'
import { plainOf } from '../../../src/render/view/rich.ts'
import { incidentOf, killed, podOf, underLimit } from '../killed-in-pod.ts'
import { incidentOfMachine } from '../of-a-machine.ts'
import { incidentOfLines } from '../report-of-lines.ts'

/** Who makes a pod, who sizes it, and what a program is given: where a limit is set that stays, and what is done instead of one. */
type Incident = Awaited<ReturnType<typeof incidentOf>>
const commandsOf = ({ recommendations }: Incident) => recommendations.map(({ command }) => command ?? '')
const wordsOf = (incident: Incident) => JSON.stringify(incident.recommendations)
const podWith = (metadata: object, pod: Parameters<typeof podOf>[0], rows = [[40, 'x', 500]] as Parameters<typeof underLimit>[1]) => {
  const one = JSON.parse(podOf(pod))
  return incidentOf({
    'kern.log': underLimit(512, rows),
    'pod.json': JSON.stringify({ ...one, metadata: { ...one.metadata, ...metadata } }),
  })
}

describe('a pod that runs once is given its limit where it is written', () => {
  it.each([
    ['Workflow/etl', 'main', 'store-0', 'Workflow'],
    ['TaskRun/build', 'step-maven', 'store-0', 'computeResources'],
    ['RayCluster/rc', 'ray-worker', 'store-0', 'KubeRay'],
  ])('%s', async (owner, container, name, word) => {
    const incident = await killed([[40, 'x', 500]], { mib: 512, owner, container, name })
    const raised = incident.recommendations.find(({ text }) => text.includes('raise the memory limit'))
    expect(raised?.command).toBeNull()
    expect(raised?.effect).toContain(word)
    expect(JSON.stringify(actionsOf(incident))).toContain(word)
  })
  it.each([
    ['jupyter-alice', 'notebook', 'singleuser.memory.limit'],
    ['runner-x-project-1-concurrent-0', 'build', 'KUBERNETES_MEMORY_LIMIT'],
  ])('%s', async (name, container, word) => {
    const incident = await podWith({ ownerReferences: [] }, { mib: 512, name, container })
    expect(wordsOf(incident)).toContain(word)
    expect(wordsOf(await podWith({ ownerReferences: [] }, { mib: 512, name: 'other-0', container }))).not.toContain(word)
  })
  it('Knative makes a new revision of its service', async () => {
    const labels = {
      'serving.knative.dev/revision': 'resize-7',
      'serving.knative.dev/service': 'resize',
      'pod-template-hash': '7c9d6f5b84',
    }
    const incident = await podWith(
      { labels },
      { mib: 512, owner: 'ReplicaSet/resize-7-deployment-7c9d6f5b84', container: 'user-container' },
    )
    expect(commandsOf(incident).find((one) => one.startsWith('kn'))).toMatch(
      /^kn service update -n shop "\$\(kubectl get pod .*serving\\\.knative\\\.dev\/service\}'\)" --limit memory=768Mi$/,
    )
  })
})

describe('who set the limit', () => {
  const vpa = 'Pod resources updated by api-vpa: container 0: memory request, memory limit'
  const ranger = 'LimitRanger plugin set: memory request for container app; memory limit for container app; memory limit for container two'
  test('is noted on the pod', () => {
    expect(limitSourceOf({ vpaUpdates: vpa })).toEqual({ by: 'vpa', of: 'api-vpa' })
    expect(limitSourceOf({ vpaUpdates: 'Pod resources updated by api-vpa: container 0: cpu request' })).toBeNull()
    expect(limitSourceOf({ 'kubernetes.io/limit-ranger': ranger })).toEqual({ by: 'limit-range', of: 'app two' })
    expect(limitSourceOf({ 'kubernetes.io/limit-ranger': 'LimitRanger plugin set: memory request for container app' })).toBeNull()
  })
  it('is said where it is to be raised', async () => {
    const said = async (annotations: object, container = 'app') => wordsOf(await podWith({ annotations }, { mib: 512, container }))
    expect(await said({ vpaUpdates: vpa })).toContain('The VerticalPodAutoscaler api-vpa scales it')
    expect(await said({ 'kubernetes.io/limit-ranger': ranger })).toContain("the default of the namespace's LimitRange")
    expect(await said({ 'kubernetes.io/limit-ranger': ranger }, 'other')).not.toContain('LimitRange')
  })
})

describe('what is given is not limited', () => {
  it('a virtual machine is moved or made smaller', async () => {
    const incident = await incidentOfMachine({
      total: 64000,
      tasks: [
        ['qemu-system-x86', 40000],
        ['qemu-system-x86', 20000],
      ],
      cgroup: '/machine.slice/machine-qemu\\x2d7\\x2ddb.scope/libvirt/emulator',
    })
    expect(incident.recommendations[0]?.text).toContain('Move a virtual machine to another host')
    expect(wordsOf(incident)).not.toContain('give it a limit')
  })
  it('daemons of storage get a size each by a command, and nothing says it again', async () => {
    const incident = await incidentOfMachine({ total: 64000, tasks: Array.from({ length: 12 }, () => ['ceph-osd', 5000] as const) })
    expect(commandsOf(incident)[0]).toMatch(/^ceph config set osd osd_memory_target \d{10}$/)
    expect(incident.recommendations.filter(({ text }) => text.includes('osd_memory_target'))).toHaveLength(1)
  })
  it('the ranks of a job are not made fewer', async () => {
    const path = '/system.slice/slurmstepd.scope/job_88123'
    const log = underLimit(
      4096,
      Array.from({ length: 8 }, (_, n) => [40 + n, 'cp2k', 505] as const),
      0,
      path,
    )
    const incident = await incidentOf({ 'kern.log': log })
    expect(incident.recommendations[0]?.command).toContain('sbatch --mem=')
    expect(wordsOf(incident)).not.toContain('instead of 8 processes')
  })
})

test('variables of which a start script makes the heap are its ceiling, and are lowered as such', async () => {
  for (const [flag, bytes] of [
    ['MAX_HEAP_SIZE=3G', 3 * 2 ** 30],
    ['NEO4J_server_memory_heap_max__size=480M', 480 * 2 ** 20],
    ['SOLR_HEAP=2g', 2 ** 31],
  ] as const)
    expect(heapCeiling(`A=b ${flag} C=d`, 2 ** 32)).toEqual({ runtime: 'jvm', flag, bytes, fixed: true })
  const incident = await killed([[40, 'java', 505]], {
    mib: 512,
    owner: 'Deployment/store',
    env: { NEO4J_server_memory_heap_max__size: '480M' },
  })
  expect(commandsOf(incident)[0]).toBe('kubectl set env -n shop deployment/store -c main NEO4J_server_memory_heap_max__size=256m')
})

test('what lies beside a heap is the product’s own, where it has more than any JVM', async () => {
  const said = async (variable: string) => wordsOf(await killed([[40, 'java', 505]], { mib: 512, env: { [variable]: '256M' } }))
  expect(await said('NEO4J_server_memory_heap_max__size')).toContain('server.memory.pagecache.size')
  expect(await said('SOLR_HEAP')).toContain('ReservedCodeCacheSize')
})

describe('a virtual machine that libvirt holds to a node', () => {
  it('is given more of them by its own tool', async () => {
    const scope = '/machine.slice/machine-qemu\\x2d3\\x2dweb.scope/libvirt/emulator'
    const lines = [
      'qemu-system-x86 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
      'Mem-Info:',
      'Tasks state (memory values in pages):',
      '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
      '[3000] 107 3000 9000000 8000000 8000000 0 0 400000 0 0 qemu-system-x86',
      `oom-kill:constraint=CONSTRAINT_CPUSET,nodemask=(null),cpuset=emulator,mems_allowed=1,global_oom,task_memcg=${scope},task=qemu-system-x86,pid=3000,uid=107`,
      'Out of memory: Killed process 3000 (qemu-system-x86) total-vm:36000000kB, anon-rss:32000000kB, file-rss:0kB, shmem-rss:0kB, UID:107 pgtables:400kB oom_score_adj:0',
    ]
    const incident = await incidentOfLines(lines)
    expect(wordsOf(incident)).toContain('virsh numatune web --nodeset 0-1 --live --config')
  })
})

describe('files in memory beside one that held much', () => {
  const statement = async (anon: number, shmem: number) => {
    const log = underLimit(512, [[40, 'train', anon]])
      .replace(/^(.*)anon \d+$/m, `$1anon ${anon * 2 ** 20}`)
      .replace(/^(.*)file 0$/m, `$1file ${shmem * 2 ** 20}\n$1shmem ${shmem * 2 ** 20}`)
    return (await incidentOf({ 'kern.log': log, 'pod.json': podOf({ mib: 512 }) })).rootCause?.statement
  }
  it('little is said of little only', async () => {
    expect(await statement(40, 465)).toContain('held little beside them')
    expect(await statement(190, 315)).toContain('held 190 MiB beside them')
  })
})

test('a page tells what a change does to what runs', async () => {
  const incident = await killed([[40, 'java', 500]], { mib: 512, owner: 'Deployment/store', managedBy: 'Helm' })
  const shown = actionsOf(incident).flatMap(({ items }) => items.map(({ effect }) => plainOf(effect)))
  expect(shown[0]).toBe('Rolls every replica. The next helm upgrade overwrites it: change the chart’s values too.'.replace('’', "'"))
  expect(shown.slice(1).filter((one) => one !== '')).toEqual([])
})
