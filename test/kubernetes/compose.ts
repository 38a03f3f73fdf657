import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Report, ReportIncident } from '../../src/index.ts'
import { analyze } from '../../src/index.ts'

// Bundles composed from the literal forms of each program and era (facts: kernel 6.1 reports, kubelet 1.27 lines, containerd 1.7 lines, kubectl
// 1.27 output), for situations that no real bundle shows. Times are seconds after `epoch`; the host booted at `epoch`.

export type Files = Readonly<Record<string, string>>

const epoch = Date.UTC(2026, 10, 24, 6, 0, 0)
const iso = (s: number): string => new Date(epoch + Math.round(s * 1000)).toISOString()
export const isoSeconds = (s: number): string => `${iso(Math.floor(s)).slice(0, 19)}Z`
const rfc1123 = (s: number): string => {
  const [day, date, month, year, time] = new Date(epoch + Math.floor(s) * 1000).toUTCString().replace(',', '').split(' ')
  return `${day}, ${date} ${month} ${year} ${time} +0000`
}
export const id64 = (seed: number): string =>
  Array.from({ length: 8 }, (_, i) => ((seed * 2654435761 + i * 40503 * (seed + 7)) >>> 0).toString(16).padStart(8, '0')).join('')
export const uuid = (seed: number): string => id64(seed + 1000).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')

export async function reportOf(files: Files): Promise<Report> {
  const root = mkdtempSync(join(tmpdir(), 'oom-report-test-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(root, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
    return (await analyze([root])).report
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

export const onlyIncident = (report: Report): ReportIncident => {
  if (report.incidents.length !== 1)
    throw new Error(`${report.incidents.length} incidents: ${report.incidents.map((i) => i.headline).join(' | ')}`)
  return report.incidents[0] as ReportIncident
}

export const answersOf = (incident: ReportIncident): string => {
  const d = incident.diagnosis
  return [d.limit.id, d.consumer.id, d.selection.id, d.consequence.id].join(' / ')
}

export const highs = (incident: ReportIncident): string[] =>
  Object.entries({ ...incident.diagnosis, rootCause: incident.rootCause }).flatMap(([q, a]) =>
    a.confidence === 'high' ? [`${q}=${a.id}`] : [],
  )

export const findingIds = (report: Report): string[] => report.findings.map((f) => f.id)

// ── The kernel ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Task {
  readonly pid: number
  readonly comm: string
  readonly rssKb: number
  readonly adj?: number
  readonly uid?: number
  readonly shmemKb?: number
}

interface KernelReport {
  readonly at: number
  readonly host?: string
  /** Group whose limit was hit; `null` for the whole machine. */
  readonly oomMemcg: string | null
  readonly taskMemcg?: string
  readonly limitKb?: number
  readonly tasks: readonly Task[]
  readonly victim?: number
  /** All these die, by memory.oom.group. */
  readonly group?: boolean
  readonly shmemKb?: number
  readonly fileKb?: number
  readonly constraint?: string
  readonly ramKb?: number
}

const kernelLine = (host: string, at: number, text: string): string =>
  `${iso(at).replace('Z', '000+00:00')} ${host} kernel: [${at.toFixed(6).padStart(12)}] ${text}`

/** Lines of a log that holds nothing of interest, from boot to `to`: that a log covers a time is itself evidence. */
export function quietKernel(to: number, host = 'worker-1'): string[] {
  const first = kernelLine(
    host,
    0.5,
    'Linux version 6.1.0-50-cloud-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-26)',
  )
  const rest = Array.from({ length: 5 }, (_, i) =>
    kernelLine(host, 1 + ((to - 1) * i) / 4, `cni0: port ${i + 1}(veth${i}a1b2c3) entered forwarding state`),
  )
  return [first, ...rest]
}

export function kernelReport(r: KernelReport): string[] {
  const host = r.host ?? 'worker-1'
  const victim = r.tasks[r.victim ?? 0] as Task
  const taskMemcg = r.taskMemcg ?? r.oomMemcg ?? '/'
  let step = 0
  const say = (text: string): string => kernelLine(host, r.at + step++ * 0.0001, text)
  const adj = victim.adj ?? 0
  const head = [
    say(`${victim.comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=${adj}`),
    say(`CPU: 1 PID: ${victim.pid} Comm: ${victim.comm} Not tainted 6.1.0-50-cloud-amd64 #1  Debian 6.1.176-1`),
    say('Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014'),
    say('Call Trace:'),
    say(' <TASK>'),
    say(' dump_stack_lvl+0x44/0x5c'),
    say(' oom_kill_process.cold+0xb/0x10'),
    say(' </TASK>'),
  ]
  const figures = r.oomMemcg === null ? machineFigures(r, say) : memcgFigures(r, say)
  const table = [
    say('Tasks state (memory values in pages):'),
    say('[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'),
    ...r.tasks.map((t) =>
      say(
        `[${String(t.pid).padStart(7)}] ${String(t.uid ?? 1000).padStart(5)} ${String(t.pid).padStart(5)} ${String(Math.ceil(t.rssKb / 4) + 300).padStart(8)} ${String(Math.ceil(t.rssKb / 4)).padStart(8)} ${String(200704).padStart(8)} ${'0'.padStart(8)} ${String(t.adj ?? 0).padStart(13)} ${t.comm}`,
      ),
    ),
  ]
  const where = r.oomMemcg === null ? 'global_oom' : `oom_memcg=${r.oomMemcg}`
  const constraint = r.constraint ?? (r.oomMemcg === null ? 'CONSTRAINT_NONE' : 'CONSTRAINT_MEMCG')
  const prefix = r.oomMemcg === null ? 'Out of memory: ' : 'Memory cgroup out of memory: '
  const kill = (t: Task): string =>
    say(
      `${prefix}Killed process ${t.pid} (${t.comm}) total-vm:${t.rssKb + 1200}kB, anon-rss:${t.rssKb - (t.shmemKb ?? 0)}kB, file-rss:0kB, shmem-rss:${t.shmemKb ?? 0}kB, UID:${t.uid ?? 1000} pgtables:196kB oom_score_adj:${t.adj ?? 0}`,
    )
  const summary = say(
    `oom-kill:constraint=${constraint},nodemask=(null),cpuset=${taskMemcg.split('/').at(-1) || '/'},mems_allowed=0,${where},task_memcg=${taskMemcg},task=${victim.comm},pid=${victim.pid},uid=${victim.uid ?? 1000}`,
  )
  const kills = r.group
    ? [kill(victim), say(`Tasks in ${taskMemcg} are going to be killed due to memory.oom.group set`), ...r.tasks.map(kill)]
    : [kill(victim)]
  return [...head, ...figures, ...table, summary, ...kills]
}

function memcgFigures(r: KernelReport, say: (t: string) => string): string[] {
  const limit = r.limitKb ?? 262144
  const shmem = (r.shmemKb ?? 0) * 1024
  const file = (r.fileKb ?? 0) * 1024 + shmem
  const anon = Math.max(0, limit * 1024 - file - 221184)
  const stats: readonly (readonly [string, number])[] = [
    ['anon', anon],
    ['file', file],
    ['kernel', 221184],
    ['kernel_stack', 0],
    ['pagetables', 192512],
    ['sec_pagetables', 0],
    ['percpu', 0],
    ['sock', 0],
    ['vmalloc', 0],
    ['shmem', shmem],
    ['file_mapped', 0],
    ['file_dirty', 0],
    ['file_writeback', 0],
    ['swapcached', 0],
    ['anon_thp', 0],
    ['inactive_anon', anon + shmem],
    ['active_anon', 0],
    ['inactive_file', file - shmem],
    ['active_file', 0],
    ['unevictable', 0],
    ['slab_reclaimable', 920],
    ['slab_unreclaimable', 4624],
    ['slab', 5544],
  ]
  return [
    say(`memory: usage ${limit}kB, limit ${limit}kB, failcnt 72`),
    say('swap: usage 0kB, limit 0kB, failcnt 0'),
    say(`Memory cgroup stats for ${r.oomMemcg}:`),
    ...stats.map(([k, v]) => say(`${k} ${v}`)),
  ]
}

function machineFigures(r: KernelReport, say: (t: string) => string): string[] {
  const ram = r.ramKb ?? 8 * 1024 * 1024
  const pages = ram / 4
  const reserved = 20000
  const free = 12000
  const anon = Math.round(r.tasks.reduce((sum, t) => sum + t.rssKb, 0) / 4)
  const other = pages - reserved - free - anon
  const file = Math.max(0, Math.min(other, 4000))
  return [
    say('Mem-Info:'),
    say(`active_anon:31 inactive_anon:${anon} isolated_anon:0`),
    say(` active_file:11 inactive_file:${file} isolated_file:0`),
    say(' unevictable:0 dirty:0 writeback:0'),
    say(` slab_reclaimable:2788 slab_unreclaimable:${Math.max(2628, other - file - 8000)}`),
    say(' mapped:15 shmem:61 pagetables:571'),
    say(' sec_pagetables:0 bounce:0'),
    say(' kernel_misc_reclaimable:0'),
    say(` free:${free} free_pcp:0 free_cma:0`),
    say(
      `Node 0 active_anon:124kB inactive_anon:${anon * 4}kB active_file:44kB inactive_file:${file * 4}kB unevictable:0kB isolated(anon):0kB isolated(file):0kB mapped:60kB dirty:0kB writeback:0kB shmem:244kB shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 0kB writeback_tmp:0kB kernel_stack:1488kB pagetables:2284kB sec_pagetables:0kB all_unreclaimable? no`,
    ),
    say(
      `Node 0 Normal free:${free * 4}kB boost:0kB min:${free * 4 + 600}kB low:${free * 5}kB high:${free * 6}kB reserved_highatomic:0KB active_anon:124kB inactive_anon:${anon * 4}kB active_file:44kB inactive_file:${file * 4}kB unevictable:0kB writepending:0kB present:${ram}kB managed:${ram - reserved * 4}kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB`,
    ),
    say('lowmem_reserve[]: 0 0 0 0 0'),
    say(`Node 0 Normal: ${free}*4kB (UME) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = ${free * 4}kB`),
    say('Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB'),
    say(`${file + 61} total pagecache pages`),
    say('0 pages in swap cache'),
    say('Free swap  = 0kB'),
    say('Total swap = 0kB'),
    say(`${pages} pages RAM`),
    say('0 pages HighMem/MovableOnly'),
    say(`${reserved} pages reserved`),
  ]
}

// ── Cgroup paths ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const podSlice = (uid: string, qos: 'burstable' | 'besteffort' | '' = 'burstable'): string => {
  const u = uid.replaceAll('-', '_')
  return qos === '' ? `/kubepods.slice/kubepods-pod${u}.slice` : `/kubepods.slice/kubepods-${qos}.slice/kubepods-${qos}-pod${u}.slice`
}
export const scope = (uid: string, id: string, qos: 'burstable' | 'besteffort' | '' = 'burstable', runtime = 'cri-containerd'): string =>
  `${podSlice(uid, qos)}/${runtime}-${id}.scope`

// ── Kubelet, containerd ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const syslog = (at: number, host: string, tag: string, text: string): string =>
  `${iso(at).replace('Z', '000+00:00')} ${host} ${tag}: ${text}`
const klogStamp = (at: number): string => {
  const t = iso(at)
  return `${t.slice(5, 7)}${t.slice(8, 10)} ${t.slice(11, 23)}000`
}
/** A kubelet line as journalctl or rsyslog show it. */
export const kubelet = (at: number, text: string, where = 'kubelet.go:2417', host = 'worker-1', level = 'I'): string =>
  syslog(at, host, 'kubelet[1248]', `${level}${klogStamp(at)}    1248 ${where}] ${text}`)
export const containerd = (at: number, msg: string, host = 'worker-1'): string =>
  syslog(at, host, 'containerd[603]', `time="${iso(at).replace('Z', '456789Z')}" level=info msg="${msg.replaceAll('"', '\\"')}"`)
export const systemd = (at: number, text: string, host = 'worker-1'): string => syslog(at, host, 'systemd[1]', text)
export const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`

export const pleg = (at: number, pod: Pod, type: 'ContainerStarted' | 'ContainerDied', id: string): string =>
  kubelet(
    at,
    `"SyncLoop (PLEG): event for pod" pod="${pod.namespace}/${pod.name}" event={"ID":"${pod.uid}","Type":"${type}","Data":"${id}"}`,
    undefined,
    pod.node,
  )

// ── API objects ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface State {
  readonly kind: 'running' | 'terminated' | 'waiting'
  readonly reason?: string
  readonly exitCode?: number
  readonly started?: number
  readonly finished?: number
  readonly id?: string
  readonly message?: string
}
export interface Container {
  readonly name: string
  readonly id: string
  readonly limit?: string | undefined
  readonly request?: string | undefined
  readonly state: State
  readonly last?: State | undefined
  readonly restarts?: number
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly init?: boolean
  readonly sidecar?: boolean
  readonly ephemeral?: boolean
}
export interface Pod {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly node: string
  readonly owner?: readonly [kind: string, name: string]
  readonly qos?: string
  readonly phase?: string
  readonly reason?: string
  readonly message?: string
  readonly containers: readonly Container[]
  readonly annotations?: Readonly<Record<string, string>>
  readonly memoryVolumes?: readonly { readonly name: string; readonly sizeLimit?: string }[]
  readonly start?: number
  readonly events?: readonly string[]
  readonly podLimit?: string
  readonly runtime?: string
}

const stateJson = (s: State | undefined, runtime: string): object => {
  if (s === undefined) return {}
  if (s.kind === 'running') return { running: { startedAt: isoSeconds(s.started ?? 0) } }
  if (s.kind === 'waiting') return { waiting: { reason: s.reason, message: s.message } }
  const time = (t: number | undefined): string | null => (t === undefined ? null : isoSeconds(t))
  return {
    terminated: {
      ...(s.id === undefined ? {} : { containerID: `${runtime}://${s.id}` }),
      exitCode: s.exitCode,
      finishedAt: time(s.finished),
      message: s.message,
      reason: s.reason,
      startedAt: time(s.started),
    },
  }
}

function podObject(p: Pod): object {
  const runtime = p.runtime ?? 'containerd'
  const spec = (c: Container): object => ({
    args: c.args,
    env: c.env === undefined ? undefined : Object.entries(c.env).map(([name, value]) => ({ name, value })),
    image: `registry.example.com/${c.name}:1.0`,
    name: c.name,
    restartPolicy: c.sidecar ? 'Always' : undefined,
    resources: {
      ...(c.limit === undefined ? {} : { limits: { memory: c.limit } }),
      ...(c.request === undefined ? {} : { requests: { memory: c.request } }),
    },
  })
  const status = (c: Container): object => ({
    containerID: c.id === '' ? undefined : `${runtime}://${c.id}`,
    lastState: stateJson(c.last, runtime),
    name: c.name,
    ready: c.state.kind === 'running',
    restartCount: c.restarts ?? 0,
    state: stateJson(c.state, runtime),
  })
  const init = p.containers.filter((c) => c.init || c.sidecar)
  const ephemeral = p.containers.filter((c) => c.ephemeral)
  const plain = p.containers.filter((c) => !c.init && !c.sidecar && !c.ephemeral)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      annotations: p.annotations,
      creationTimestamp: isoSeconds(p.start ?? 0),
      name: p.name,
      namespace: p.namespace,
      ownerReferences:
        p.owner === undefined
          ? undefined
          : [{ apiVersion: 'apps/v1', controller: true, kind: p.owner[0], name: p.owner[1], uid: uuid(77) }],
      uid: p.uid,
    },
    spec: {
      containers: plain.map(spec),
      initContainers: init.length === 0 ? undefined : init.map(spec),
      ephemeralContainers: ephemeral.length === 0 ? undefined : ephemeral.map(spec),
      nodeName: p.node,
      resources: p.podLimit === undefined ? undefined : { limits: { memory: p.podLimit } },
      volumes: p.memoryVolumes?.map((v) => ({
        name: v.name,
        emptyDir: { medium: 'Memory', ...(v.sizeLimit === undefined ? {} : { sizeLimit: v.sizeLimit }) },
      })),
    },
    status: {
      containerStatuses: plain.map(status),
      initContainerStatuses: init.length === 0 ? undefined : init.map(status),
      ephemeralContainerStatuses: ephemeral.length === 0 ? undefined : ephemeral.map(status),
      message: p.message,
      phase: p.phase ?? 'Running',
      qosClass: p.qos ?? 'Burstable',
      reason: p.reason,
      startTime: isoSeconds(p.start ?? 0),
    },
  }
}

export const podsJson = (...pods: readonly Pod[]): string =>
  `${JSON.stringify({ apiVersion: 'v1', items: pods.map(podObject), kind: 'List', metadata: { resourceVersion: '' } }, null, 4)}\n`

const describeState = (label: string, s: State): string[] => {
  const field = (key: string, value: string): string => `      ${`${key}:`.padEnd(13)} ${value}`
  const head = `    ${`${label}:`.padEnd(15)} ${s.kind.charAt(0).toUpperCase()}${s.kind.slice(1)}`
  if (s.kind === 'running') return [head, field('Started', rfc1123(s.started ?? 0))]
  if (s.kind === 'waiting') return [head, field('Reason', s.reason ?? '')]
  return [
    head,
    ...(s.reason === undefined ? [] : [field('Reason', s.reason)]),
    ...(s.message === undefined ? [] : [field('Message', s.message)]),
    field('Exit Code', String(s.exitCode)),
    field('Started', s.started === undefined ? 'Mon, 01 Jan 0001 00:00:00 +0000' : rfc1123(s.started)),
    field('Finished', s.finished === undefined ? 'Mon, 01 Jan 0001 00:00:00 +0000' : rfc1123(s.finished)),
  ]
}

/** `kubectl describe pod` of client 1.27. */
export function describePod(p: Pod): string {
  const runtime = p.runtime ?? 'containerd'
  const one = (c: Container): string[] => [
    `  ${c.name}:`,
    `    Container ID:   ${c.id === '' ? '' : `${runtime}://${c.id}`}`,
    `    Image:          registry.example.com/${c.name}:1.0`,
    `    Port:           <none>`,
    `    Host Port:      <none>`,
    ...(c.args === undefined ? [] : ['    Args:', ...c.args.map((a) => `      ${a}`)]),
    ...describeState('State', c.state),
    ...(c.last === undefined ? [] : describeState('Last State', c.last)),
    `    Ready:          ${c.state.kind === 'running' ? 'True' : 'False'}`,
    `    Restart Count:  ${c.restarts ?? 0}`,
    ...(c.limit === undefined ? [] : ['    Limits:', `      memory:  ${c.limit}`]),
    ...(c.request === undefined ? [] : ['    Requests:', `      memory:     ${c.request}`]),
    '    Environment:    <none>',
    '    Mounts:         <none>',
  ]
  const section = (title: string, list: readonly Container[]): string[] => (list.length === 0 ? [] : [`${title}:`, ...list.flatMap(one)])
  return text([
    `Name:             ${p.name}`,
    `Namespace:        ${p.namespace}`,
    'Priority:         0',
    `Node:             ${p.node}/10.0.12.41`,
    `Start Time:       ${rfc1123(p.start ?? 0)}`,
    'Labels:           <none>',
    'Annotations:      <none>',
    `Status:           ${p.phase ?? 'Running'}`,
    ...(p.reason === undefined ? [] : [`Reason:           ${p.reason}`]),
    ...(p.message === undefined ? [] : [`Message:          ${p.message}`]),
    'IP:               10.42.3.17',
    ...(p.owner === undefined ? [] : [`Controlled By:  ${p.owner[0]}/${p.owner[1]}`]),
    ...section(
      'Init Containers',
      p.containers.filter((c) => c.init || c.sidecar),
    ),
    ...section(
      'Containers',
      p.containers.filter((c) => !c.init && !c.sidecar && !c.ephemeral),
    ),
    ...section(
      'Ephemeral Containers',
      p.containers.filter((c) => c.ephemeral),
    ),
    'Conditions:',
    '  Type              Status',
    '  Initialized       True ',
    ...(p.memoryVolumes === undefined
      ? []
      : [
          'Volumes:',
          ...p.memoryVolumes.flatMap((v) => [
            `  ${v.name}:`,
            "    Type:       EmptyDir (a temporary directory that shares a pod's lifetime)",
            '    Medium:     Memory',
            `    SizeLimit:  ${v.sizeLimit ?? '<unset>'}`,
          ]),
        ]),
    `QoS Class:                   ${p.qos ?? 'Burstable'}`,
    'Node-Selectors:              <none>',
    ...(p.events === undefined || p.events.length === 0
      ? ['Events:  <none>']
      : [
          'Events:',
          '  Type     Reason            Age                   From               Message',
          '  ----     ------            ----                  ----               -------',
          ...p.events,
        ]),
  ])
}

export const describeEvent = (type: string, reason: string, age: string, message: string, from = 'kubelet'): string =>
  `  ${type.padEnd(8)} ${reason.padEnd(17)} ${age.padEnd(21)} ${from.padEnd(18)} ${message}`

/** An event as `kubectl get events -o json` has it. */
export const eventObject = (
  at: number,
  reason: string,
  message: string,
  about: { kind: string; name: string; namespace?: string; uid?: string; container?: string },
  more: { count?: number; first?: number; type?: string; component?: string; host?: string } = {},
): object => ({
  apiVersion: 'v1',
  count: more.count ?? 1,
  firstTimestamp: isoSeconds(more.first ?? at),
  involvedObject: {
    apiVersion: 'v1',
    fieldPath: about.container === undefined ? undefined : `spec.containers{${about.container}}`,
    kind: about.kind,
    name: about.name,
    namespace: about.namespace,
    uid: about.uid,
  },
  kind: 'Event',
  lastTimestamp: isoSeconds(at),
  message,
  metadata: {
    creationTimestamp: isoSeconds(more.first ?? at),
    name: `${about.name}.17f2a${Math.floor(at).toString(16).padStart(11, '0')}`,
    namespace: about.namespace ?? 'default',
  },
  reason,
  source: { component: more.component ?? 'kubelet', host: more.host ?? 'worker-1' },
  type: more.type ?? 'Warning',
})
export const eventsJson = (...events: readonly object[]): string =>
  `${JSON.stringify({ apiVersion: 'v1', items: events, kind: 'List' }, null, 4)}\n`

export interface Node {
  readonly name?: string
  readonly memoryKi?: number
  readonly allocatableKi?: number
  readonly kubelet?: string
  readonly kernel?: string
  readonly limits?: string
  readonly requests?: string
  readonly events?: readonly string[]
  readonly captured?: number
  readonly runtime?: string
}
/** `kubectl describe node` of client 1.27. */
export function describeNode(n: Node = {}): string {
  const at = rfc1123(n.captured ?? 1800)
  return text([
    `Name:               ${n.name ?? 'worker-1'}`,
    'Roles:              <none>',
    'Labels:             kubernetes.io/os=linux',
    `CreationTimestamp:  ${rfc1123(-864000)}`,
    'Taints:             <none>',
    'Unschedulable:      false',
    'Lease:',
    `  HolderIdentity:  ${n.name ?? 'worker-1'}`,
    '  AcquireTime:     <unset>',
    `  RenewTime:       ${at}`,
    'Conditions:',
    '  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                       Message',
    '  ----             ------  -----------------                 ------------------                ------                       -------',
    `  MemoryPressure   False   ${at}   ${rfc1123(0)}   KubeletHasSufficientMemory   kubelet has sufficient memory available`,
    `  Ready            True    ${at}   ${rfc1123(0)}   KubeletReady                 kubelet is posting ready status`,
    'Capacity:',
    '  cpu:                4',
    `  memory:             ${n.memoryKi ?? 8388608}Ki`,
    '  pods:               110',
    'Allocatable:',
    '  cpu:                4',
    `  memory:             ${n.allocatableKi ?? 8286208}Ki`,
    '  pods:               110',
    'System Info:',
    '  Machine ID:                 53d792f7469c8f938fb2e838497e0786',
    `  Kernel Version:             ${n.kernel ?? '6.1.0-50-cloud-amd64'}`,
    '  OS Image:                   Debian GNU/Linux 12 (bookworm)',
    '  Operating System:           linux',
    '  Architecture:               amd64',
    `  Container Runtime Version:  ${n.runtime ?? 'containerd://1.7.24'}`,
    `  Kubelet Version:            ${n.kubelet ?? 'v1.27.13'}`,
    'Allocated resources:',
    '  (Total limits may be over 100 percent, i.e., overcommitted.)',
    '  Resource           Requests     Limits',
    '  --------           --------     ------',
    '  cpu                270m (6%)    500m (12%)',
    `  memory             ${n.requests ?? '2Gi (25%)'}  ${n.limits ?? '6Gi (75%)'}`,
    ...(n.events === undefined
      ? ['Events:              <none>']
      : [
          'Events:',
          '  Type     Reason                   Age                From     Message',
          '  ----     ------                   ----               ----     -------',
          ...n.events,
        ]),
  ])
}

// ── A container killed at its limit and restarted ───────────────────────────────────────────────────────────────────────────────────────────────

export const cartPod = (over: Partial<Pod> = {}, container: Partial<Container> = {}): Pod => ({
  namespace: 'shop',
  name: 'cart-6f7d8c9b5-x2v4q',
  uid: uuid(1),
  node: 'worker-1',
  owner: ['ReplicaSet', 'cart-6f7d8c9b5'],
  containers: [
    {
      name: 'app',
      id: id64(2),
      limit: '256Mi',
      request: '128Mi',
      state: { kind: 'running', started: 903 },
      last: { kind: 'terminated', reason: 'OOMKilled', exitCode: 137, started: 300, finished: 900, id: id64(1) },
      restarts: 1,
      ...container,
    },
  ],
  start: 298,
  ...over,
})
export const cartTask: Task = { pid: 4321, comm: 'cart-server', rssKb: 260000, adj: 984 }
export const cartKernel = (at = 900): string =>
  text(
    [...quietKernel(1700), ...kernelReport({ at: at - 0.2, oomMemcg: scope(uuid(1), id64(1)), limitKb: 262144, tasks: [cartTask] })].sort(),
  )
export const cartKubelet = (pod = cartPod()): string =>
  text([
    pleg(300.8, pod, 'ContainerStarted', id64(1)),
    pleg(901.1, pod, 'ContainerDied', id64(1)),
    pleg(903.9, pod, 'ContainerStarted', id64(2)),
    kubelet(1200, '"Starting rotation" component="certificate"', 'certificate_manager.go:356'),
  ])
export const cartContainerd = (): string =>
  text([
    containerd(300, `StartContainer for "${id64(1)}" returns successfully`),
    containerd(900.05, `TaskOOM event container_id:"${id64(1)}"`),
    containerd(900.2, `shim disconnected id=${id64(1)} namespace=k8s.io`),
    containerd(903.2, `StartContainer for "${id64(2)}" returns successfully`),
  ])
