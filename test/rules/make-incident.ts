import { factsOf } from '../../src/facts/facts-of.ts'
import type { Event } from '../../src/model/event.ts'
import type { Incident, Instant, Kill, PlacedEvent, Workload } from '../../src/model/incident.ts'
import type { KernelKill, OomDump } from '../../src/model/oom-dump.ts'
import type { ContainerSnapshot, ContainerState, PodSnapshot } from '../../src/model/snapshot.ts'
import { diagnose as diagnoseFacts, rules } from '../../src/rules/index.ts'
import { withRecurrence } from '../../src/timeline/recurrence.ts'
import { counter, makeDump, makeInfo, makeKill, makeRow, makeZone, quote, type RowFigures, trigger } from '../kernel/make-dump.ts'

const UID = '68614f59-7856-4c57-b1c4-5fd315cfae34'
export const ID = '91efaeab566ea0254d4f9921e503a560f1031f6e91c426a023ba35b34095567b'
export const POD_PATH = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice`
export const CONTAINER_PATH = `${POD_PATH}/cri-containerd-${ID}.scope`
/** 2026-11-24T08:00:00Z, in µs. */
export const NOON = 1_795_507_200_000_000

export const instantAt = (seconds: number): Instant => ({
  epochUs: NOON + seconds * 1_000_000,
  uncertaintyMs: 0,
  basis: 'absolute',
  digits: 6,
  uptimeSeconds: 100 + seconds,
  localTime: null,
  order: seconds,
})

export const podWorkload: Workload = {
  kind: 'pod',
  namespace: 'shop',
  pod: 'api-7c9d4',
  podUid: UID,
  container: 'api',
  containerId: ID,
  containerIds: [ID],
  owner: 'Deployment/api',
  runtime: 'containerd',
  qosClass: 'Burstable',
  unit: null,
}

export function makeDeath(dump: OomDump | null, death: Partial<Kill> = {}): Kill {
  const own: KernelKill | undefined = dump?.kills[0]
  return {
    at: instantAt(0),
    host: 'node-1',
    boot: 'b',
    killer: 'kernel',
    pid: own?.pid ?? 100,
    comm: own?.comm ?? 'java',
    uid: 1000,
    oomScoreAdj: own?.oomScoreAdj ?? 0,
    memcg: dump?.taskMemcg ?? null,
    totalVmBytes: null,
    anonRssBytes: own?.anonRssBytes ?? null,
    fileRssBytes: null,
    shmemRssBytes: null,
    pgtablesBytes: null,
    swapBytes: null,
    constraint: dump?.constraint ?? null,
    dump,
    eventKey: 'run-1',
    event: null,
    workload: null,
    target: null,
    vouched: true,
    evidence: own?.quotes ?? [quote('Killed process 100 (java)')],
    ...death,
  }
}

export function makeIncident(incident: Partial<Incident> = {}): Incident {
  const kills = incident.kills ?? []
  const made: Incident = {
    host: 'node-1',
    kills,
    dumps: [],
    context: [],
    first: kills[0]?.at ?? instantAt(0),
    last: kills.at(-1)?.at ?? instantAt(0),
    workload: kills[0]?.workload ?? null,
    workloads: [],
    pods: [],
    node: null,
    snapshots: [],
    nature: 'kill',
    coverage: {
      kernel: true,
      kubelet: false,
      runtime: false,
      pods: false,
      node: false,
      events: false,
      journal: false,
      kernelFromUs: null,
      kernelToUs: null,
    },
    ...incident,
  }
  return withRecurrence([made])[0] as Incident
}

const MIB = 256
const quotes = (...names: readonly (keyof OomDump['quotes'])[]): OomDump['quotes'] =>
  Object.fromEntries(names.map((name, i) => [name, [quote(`a line of role ${name}`, 10 + i)]]))

/** A whole report of a memory cgroup at its limit of 80 MiB, filled by one java process unless figures say otherwise. */
export function memcgDump(
  dump: Partial<OomDump> = {},
  stats: Readonly<Record<string, number>> = {},
  rows: readonly RowFigures[] = [],
): OomDump {
  const mib = 2 ** 20
  const values = { anon: 74 * mib, file: mib, shmem: 0, kernel: 4 * mib, slab: mib, sock: 0, pagetables: mib, ...stats }
  const victim = makeKill({ pid: 100, anonRssBytes: 74 * mib, taskMemcg: CONTAINER_PATH, oomScoreAdj: 936 })
  return makeDump({
    scope: 'memcg',
    constraint: 'memcg',
    constraintPrinted: 'CONSTRAINT_MEMCG',
    oomMemcg: CONTAINER_PATH,
    taskMemcg: CONTAINER_PATH,
    memory: counter(81920, 81920, 9),
    swap: counter(0, 0),
    stats: [
      {
        path: dump.oomMemcg ?? CONTAINER_PATH,
        hierarchical: true,
        values,
        quotes: [quote('anon 77594624', 31), quote('kernel 4194304', 32), quote('shmem 0', 33)],
      },
    ],
    trigger: trigger(['GFP_KERNEL']),
    tasks: (rows.length > 0 ? rows : [{ rss: 75 * MIB, anon: 74 * MIB, adj: 936 }]).map((row) => makeRow(row)),
    kills: [victim],
    era: 5,
    cgroupVersion: 2,
    quotes: quotes('header', 'memory', 'stats', 'summary', 'kill', 'tableHead', 'group'),
    has: { header: true, stack: true, memcg: true, memInfo: false, tasks: true, summary: true, kill: true, reaper: false },
    ...dump,
  })
}

/** A whole report of a 1 GiB machine without swap, all zones dry, filled by one process unless figures say otherwise. */
export function globalDump(
  dump: Partial<OomDump> = {},
  counters: Readonly<Record<string, number>> = {},
  rows: readonly RowFigures[] = [],
): OomDump {
  const page = 4096
  const all = {
    free: 8_000,
    active_anon: 210_000,
    inactive_anon: 2_000,
    active_file: 300,
    inactive_file: 300,
    slab_reclaimable: 3_000,
    slab_unreclaimable: 6_000,
    pagetables: 1_000,
    shmem: 500,
    unevictable: 0,
    free_pcp: 100,
    ...counters,
  }
  const info = makeInfo({
    counters: Object.fromEntries(Object.entries(all).map(([key, pages]) => [key, pages * page])),
    ramBytes: 262_000 * page,
    reservedBytes: 24_000 * page,
    totalSwapBytes: 0,
    freeSwapBytes: 0,
    zones: [
      makeZone('DMA', { free: 4000, min: 700, low: 900, high: 1100, managed: 15_000 }, [0, 928, 928, 928]),
      makeZone('DMA32', { free: 28_000, min: 44_000, low: 55_000, high: 66_000, managed: 937_000 }, [0, 0, 0, 0]),
    ],
  })
  return makeDump({
    scope: 'global',
    constraint: 'none',
    constraintPrinted: 'CONSTRAINT_NONE',
    taskMemcg: '/system.slice/analytics.service',
    memInfo: dump.memInfo ?? info,
    trigger: trigger(['GFP_HIGHUSER_MOVABLE']),
    tasks: (rows.length > 0
      ? rows
      : [
          { rss: 205_000, anon: 204_000 },
          { pid: 5, rss: 900, comm: 'sshd', adj: -1000 },
          { pid: 6, rss: 700, comm: 'agetty' },
        ]
    ).map((row) => makeRow(row)),
    kills: [makeKill({ pid: 100, anonRssBytes: (rows[0]?.rss ?? 204_000) * page, taskMemcg: '/system.slice/analytics.service' })],
    era: 5,
    quotes: quotes('header', 'counters', 'zones', 'ram', 'swapTotals', 'summary', 'kill', 'tableHead', 'hugepages'),
    has: { header: true, stack: true, memcg: false, memInfo: true, tasks: true, summary: true, kill: true, reaper: false },
    ...dump,
  })
}

export const killed = (dump: OomDump, incident: Partial<Incident> = {}, death: Partial<Kill> = {}): Incident =>
  makeIncident({ kills: [makeDeath(dump, death)], ...incident })

export const inPod = (dump: OomDump, incident: Partial<Incident> = {}, death: Partial<Kill> = {}): Incident =>
  killed(dump, incident, { workload: podWorkload, ...death })

const base = { moment: { wall: null, outerWall: null, uptimeUs: null }, host: 'node-1', bootId: null, writer: 'userspace' as const }

/** An event at some seconds from the kill. */
export function placed<E extends Event>(seconds: number, event: Omit<E, 'moment' | 'host' | 'bootId' | 'writer' | 'quotes'>): PlacedEvent {
  const writer = event.kind === 'kernel-notice' ? ('kernel' as const) : base.writer
  const whole = { ...base, writer, quotes: [quote(`line of ${event.kind}`, 500 + seconds)], ...event } as unknown as Event
  return { event: whole, at: instantAt(seconds), host: 'node-1', boot: 'b' }
}

export const makeState = (state: Partial<ContainerState>): ContainerState => ({
  kind: 'running',
  reason: null,
  message: null,
  exitCode: null,
  signal: null,
  startedUs: null,
  finishedUs: null,
  containerId: null,
  quotes: [quote('    State: …', 20)],
  ...state,
})

export const makeContainer = (container: Partial<ContainerSnapshot> = {}): ContainerSnapshot => ({
  name: 'api',
  type: 'regular',
  containerId: null,
  runtime: 'containerd',
  image: null,
  command: [],
  env: {},
  limitBytes: { value: 80 * 2 ** 20, quote: quote('      memory:  80Mi', 40) },
  requestBytes: null,
  state: null,
  lastState: null,
  restartCount: null,
  ready: true,
  ...container,
})

export const makePod = (containers: readonly ContainerSnapshot[], pod: Partial<PodSnapshot> = {}): PodSnapshot => ({
  kind: 'pod',
  source: 'describe-pod.txt',
  namespace: 'shop',
  name: 'api-7c9d4',
  uid: UID,
  configHash: null,
  node: 'node-1',
  owner: 'Deployment/api',
  qosClass: 'Burstable',
  phase: 'Running',
  reason: null,
  message: null,
  startUs: null,
  deletionUs: null,
  limitBytes: null,
  requestBytes: null,
  containers,
  memoryVolumes: [],
  restartPolicy: 'Always',
  quotes: [quote('Name: api-7c9d4', 1)],
  ...pod,
})

/** What the rules say about one incident. */
export const diagnose = (incident: Incident, use = rules) => diagnoseFacts(factsOf(incident), use)
