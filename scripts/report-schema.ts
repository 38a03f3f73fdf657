import { z } from 'zod'

/**
 * The report's shape in zod, from which `write-schema.mjs` writes `schema/report.schema.json`; a test ties it to the hand-written types of
 * `src/model/report.ts`. Development only: nothing at run time loads zod. Contract fields are strict; more fields are welcome.
 */
const nullable = <T extends z.ZodType>(type: T): z.ZodNullable<T> => z.nullable(type)
const text = z.string()
const size = z.number()
const count = z.int()
/** RFC 3339 in UTC with as many digits as the source had. */
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/)
const confidence = z.enum(['high', 'medium', 'low'])
const object = z.looseObject

const phrase = z.array(
  z.union([
    text,
    object({ bytes: size }),
    object({ instantUs: z.number(), digits: z.union([z.literal(0), z.literal(3), z.literal(6)]) }),
    object({ code: text }),
    object({ seconds: z.number() }),
    object({ percent: z.number() }),
    object({ count: z.number() }),
  ]),
)

const evidence = object({ source: text, line: nullable(count), text, offset: nullable(count), cursor: nullable(text) })

const workload = object({
  kind: z.enum(['pod', 'systemd-unit', 'container', 'slurm-job', 'user-session', 'process']),
  namespace: nullable(text),
  pod: nullable(text),
  podUid: nullable(text),
  container: nullable(text),
  containerId: nullable(text),
  containerIds: z.array(text),
  owner: nullable(text),
  runtime: nullable(z.enum(['containerd', 'cri-o', 'docker', 'podman', 'lxc'])),
  qosClass: nullable(z.enum(['Guaranteed', 'Burstable', 'BestEffort'])),
  unit: nullable(text),
})

const memcg = object({ path: text, limitBytes: nullable(size), usageBytes: nullable(size), failcnt: nullable(count) })

const answer = <T extends z.ZodType>(id: T) => object({ id, confidence, statement: text, phrase, evidence: z.array(evidence) })

const limitId = z.enum([
  ...([
    'container-limit',
    'pod-limit',
    'allocatable-limit',
    'unit-limit',
    'cgroup-limit',
    'node-memory',
    'cpuset',
    'memory-policy',
  ] as const),
  ...([
    'memory-zone',
    'fragmentation',
    'eviction-threshold',
    'pressure-threshold',
    'overcommit-limit',
    'runtime-heap',
    'manual',
    'unknown',
  ] as const),
])
const consumerId = z.enum([
  ...([
    'process',
    'many-processes',
    'shared-memory',
    'page-cache',
    'kernel-slab',
    'network-buffers',
    'kernel-memory',
    'page-tables',
  ] as const),
  ...(['hugepages', 'unaccounted', 'unknown'] as const),
])
const selectionId = z.enum([
  'largest',
  'only-candidate',
  'oom-score-adj',
  'allocating-task',
  'group-kill',
  'eviction-ranking',
  'userspace-policy',
  'none',
  'unknown',
])
const consequenceId = z.enum([
  ...(['container-restarted', 'container-terminated', 'unseen-by-kubernetes', 'reported-late', 'pod-evicted', 'unit-failed'] as const),
  ...(['process-killed', 'node-panic', 'no-kill', 'unknown'] as const),
])
const rootCauseId = z.enum([
  ...([
    'limit-too-low',
    'memory-leak',
    'startup-peak',
    'runtime-heap-fills-limit',
    'runtime-heap-too-small',
    'runtime-unaware-of-cgroup',
  ] as const),
  ...([
    'too-many-workers',
    'group-kill-by-default',
    'memory-backed-volume',
    'page-cache-pressure',
    'kernel-memory-growth',
    'kernel-memory-bug',
  ] as const),
  ...([
    'node-overcommitted',
    'reservations-too-small',
    'eviction-too-late',
    'unbounded-workload',
    'noisy-sidecar',
    'shielded-giant',
  ] as const),
  ...([
    'host-process-growth',
    'fork-copy-on-write',
    'overcommit-refusal',
    'hugepage-reservation',
    'fragmentation',
    'zone-or-numa-exhaustion',
  ] as const),
  ...(['unaccounted-memory', 'swap-exhausted', 'memory-high-throttling', 'runaway-parallelism', 'userspace-killer', 'not-oom'] as const),
  ...(['limit-lowered-in-place', 'crash-amplification', 'debug-process', 'manual-trigger', 'process-outgrew-limit', 'unknown'] as const),
])

const kill = object({
  time: nullable(time),
  timeUncertaintyMs: nullable(z.number()),
  timeBasis: nullable(z.enum(['absolute', 'anchored', 'assumed'])),
  uptimeSeconds: nullable(z.number()),
  localTime: nullable(text),
  killer: z.enum(['kernel', 'kubelet', 'systemd-oomd', 'earlyoom', 'nohang', 'oomd', 'lmkd', 'talos', 'slurm', 'yarn', 'unknown']),
  constraint: nullable(z.enum(['none', 'memcg', 'cpuset', 'memory_policy'])),
  trigger: nullable(
    object({ comm: nullable(text), pid: nullable(count), order: nullable(count), gfpMask: nullable(text), oomScoreAdj: nullable(count) }),
  ),
  memcg: nullable(memcg),
  victim: object({
    pid: nullable(count),
    comm: nullable(text),
    uid: nullable(count),
    oomScoreAdj: nullable(count),
    memcg: nullable(text),
    totalVmBytes: nullable(size),
    anonRssBytes: nullable(size),
    fileRssBytes: nullable(size),
    shmemRssBytes: nullable(size),
    pgtablesBytes: nullable(size),
    swapBytes: nullable(size),
    badness: nullable(z.number()),
    badnessUnit: nullable(z.enum(['pages', 'permille'])),
    rank: nullable(count),
  }),
  evidence: z.array(evidence),
})

const incident = object({
  id: text,
  headline: text,
  host: nullable(text),
  firstTime: nullable(time),
  lastTime: nullable(time),
  workload: nullable(workload),
  workloads: z.array(workload),
  memcg: nullable(memcg),
  kills: z.array(kill),
  pattern: z.enum(['single', 'repeating', 'leak', 'cascade']),
  related: z.array(text),
  diagnosis: object({
    limit: answer(limitId),
    consumer: answer(consumerId),
    selection: answer(selectionId),
    consequence: answer(consequenceId),
  }),
  rootCause: answer(rootCauseId),
  alternatives: z.array(object({ question: text, id: text, why: text, against: text })),
  recommendations: z.array(object({ text, why: text, command: nullable(text), when: z.enum(['now', 'this-week', 'prevent']) })),
  missing: z.array(text),
})

export const reportSchema = object({
  schemaVersion: z.literal(1),
  generator: object({ name: z.literal('oom-report'), version: text }),
  sources: z.array(object({ name: text, format: text, lines: count, warnings: z.array(text) })),
  incidents: z.array(incident),
  findings: z.array(object({ id: text, statement: text, workload: nullable(workload), evidence: z.array(evidence) })),
  timeline: z.array(object({ time: nullable(time), source: text, line: nullable(count), kind: text, text, incident: nullable(text) })),
  warnings: z.array(text),
})

/** The JSON Schema, draft 2020-12, as it is shipped. */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(reportSchema, { target: 'draft-2020-12', reused: 'ref' })
  return `${JSON.stringify({ title: 'oom-report', description: 'What a report says, schema version 1.', ...schema }, null, 2)}\n`
}
