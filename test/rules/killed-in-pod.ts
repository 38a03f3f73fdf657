import { reportOfFiles } from './report-of-lines.ts'

const UID = '0f1e2d3c-1111-4222-8333-444455556666'
export const ID = '5a'.repeat(32)
export const CGROUP = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-${ID}.scope`

/** A process of so many MiB of anonymous memory. */
export type Row = readonly [pid: number, comm: string, mib: number]

export const table = (rows: readonly Row[], adj: number) => [
  'Tasks state (memory values in pages):',
  '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
  ...rows.map(([pid, comm, mib]) => `[${pid}] 1000 ${pid} ${mib * 512} ${mib * 256} ${mib * 256} 0 0 90000 0 ${adj} ${comm}`),
]

const stamped = (lines: readonly string[]) => `${lines.map((line, at) => `[${(5000 + at / 1e6).toFixed(6)}] ${line}`).join('\n')}\n`

export function underLimit(mib: number, rows: readonly Row[], adj = 968, cgroup = CGROUP): string {
  const [pid, comm, held] = rows[0] as Row
  return stamped([
    `${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=${adj}`,
    `memory: usage ${mib * 1024}kB, limit ${mib * 1024}kB, failcnt 9`,
    `Memory cgroup stats for ${cgroup}:`,
    `anon ${Math.round(mib * 0.99) * 2 ** 20}`,
    'file 0',
    ...table(rows, adj),
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${cgroup},task_memcg=${cgroup},task=${comm},pid=${pid},uid=1000`,
    `Memory cgroup out of memory: Killed process ${pid} (${comm}) total-vm:${held * 2048}kB, anon-rss:${held * 1024}kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:90kB oom_score_adj:${adj}`,
  ])
}

export interface Pod {
  readonly mib: number
  readonly namespace?: string
  readonly owner?: string
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  readonly managedBy?: string
  readonly name?: string
  readonly container?: string
  /** Of the container, as its status has it. */
  readonly status?: Readonly<Record<string, unknown>>
}

export const podOf = ({ mib, namespace = 'shop', owner = 'StatefulSet/store', env = {}, args = [], managedBy, ...more }: Pod): string => {
  const [kind, name] = owner.split('/')
  const ownerReferences = [{ apiVersion: 'apps/v1', kind, name, controller: true }]
  const labels = managedBy === undefined ? {} : { 'app.kubernetes.io/managed-by': managedBy }
  const container = more.container ?? 'main'
  const resources = { limits: { memory: `${mib}Mi` }, requests: { memory: `${mib / 2}Mi` } }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: more.name ?? 'store-0', namespace, uid: UID, labels, ownerReferences },
    spec: {
      containers: [{ name: container, image: 'i', args, env: Object.entries(env).map(([n, value]) => ({ name: n, value })), resources }],
    },
    status: { qosClass: 'Burstable', containerStatuses: [{ name: container, containerID: `containerd://${ID}`, ...more.status }] },
  })
}

export async function incidentOf(files: Readonly<Record<string, string>>) {
  const [incident, ...more] = (await reportOfFiles(files)).incidents
  if (incident === undefined || more.length > 0) throw new Error('one incident')
  return incident
}

export const killed = (rows: readonly Row[], pod: Pod) => incidentOf({ 'kern.log': underLimit(pod.mib, rows), 'pod.json': podOf(pod) })
