/**
 * The report's JSON: the contract (`docs/contract.md`) in types. What is here is what every renderer knows, and nothing else. Sizes are bytes, times RFC
 * 3339 in UTC, unknown is `null`. Extra fields beyond the contract are marked "more".
 *
 * A sentence has one form at a time (`Text`): inside it is a `Phrase`, whose values every output formats and escapes its own way; the JSON has it as one
 * line of plain text, printed at the very edge (`report/plain.ts`).
 */
import type { Phrase } from './diagnosis.ts'
import type {
  Confidence,
  ConsequenceId,
  Constraint,
  ConsumerId,
  Killer,
  LimitId,
  Owner,
  PatternId,
  Question,
  RootCauseId,
  SelectionId,
  TimeBasis,
  UsageShape,
  UsageSubject,
  When,
} from './ids.ts'
import type { Workload } from './incident.ts'

export interface ReportOf<Text> {
  schemaVersion: 2
  generator: { name: 'oom-report'; version: string }
  /** Those that told something, and files given as arguments. */
  sources: ReportSource[]
  /** All others that were read, counted. */
  quietSources: ReportQuietSources
  incidents: ReportIncidentOf<Text>[]
  /** more: how many incidents a filter left out, where it left out any. */
  incidentsHidden?: number
  findings: ReportFindingOf<Text>[]
  timeline: ReportTimelineRow[]
  warnings: string[]
}
/** As it is written down: sentences are plain text. */
export type Report = ReportOf<string>
/** As it is made and rendered: sentences keep their values. */
export type PhrasedReport = ReportOf<Phrase>
/** What renderers take: a report that was read back from its JSON, too. */
export type AnyReport = ReportOf<Phrase | string>

export interface ReportSource {
  name: string
  format: string
  lines: number
  warnings: string[]
  /** more: host, and the span its stamps cover. */
  host: string | null
  from: string | null
  to: string | null
  bytes: number
}

/** Files in which there was nothing to find: a bundle holds a hundred thousand. A tree of sysfs that is not even listed counts as one. */
export interface ReportQuietSources {
  count: number
  lines: number
  bytes: number
  from: string | null
  to: string | null
}

export interface ReportEvidence {
  source: string
  line: number | null
  text: string
  offset: number | null
  cursor: string | null
}

export type ReportIncident = ReportIncidentOf<string>
export type AnyIncident = ReportIncidentOf<Phrase | string>

export interface ReportIncidentOf<Text> {
  id: string
  /** Who, where, which limit: one line of at most 90 characters. */
  verdict: Text
  headline: Text
  host: string | null
  firstTime: string | null
  lastTime: string | null
  workload: Workload | null
  workloads: Workload[]
  memcg: ReportMemcg | null
  kills: ReportKill[]
  /** Memory over time, where a source tells it. */
  usage: ReportUsage[]
  pattern: PatternId
  related: string[]
  diagnosis: {
    limit: ReportAnswerOf<Text, LimitId>
    consumer: ReportAnswerOf<Text, ConsumerId>
    selection: ReportAnswerOf<Text, SelectionId>
    consequence: ReportAnswerOf<Text, ConsequenceId>
  }
  rootCause: ReportAnswerOf<Text, RootCauseId>
  alternatives: { question: Question; id: string; why: Text; against: Text }[]
  recommendations: {
    text: Text
    why: Text
    when: When
    /** What following it does to what runs now. */
    effect: Text
    owner: Owner
    command: string | null
    /** more: the command only shows what has to be known first; absent where it does what the text says. */
    lookFirst?: boolean
  }[]
  /** What would have settled what is still open, with the command that collects it. */
  missing: { text: Text; command: string | null }[]
  /** more: class by class against the total; `null` where the dump has no figures. */
  memory: ReportMemory | null
  /** more: what was lost or away because of it, as far as the sources tell: seconds without it, replicas that were not ready; absent where none does. */
  impact?: Text
  /** more: what the kubelet measured when it evicted; absent without an eviction. */
  eviction?: ReportEviction
  /** more: the largest processes, with recomputed badness; empty without a table. */
  consumers: ReportConsumers | null
  /** more: the dump as it was. */
  excerpt: { lines: ReportEvidence[]; omitted: number } | null
  /** more: kernel release, cgroup version, page size as read. */
  kernel: {
    release: string | null
    cgroupVersion: 1 | 2 | null
    pageBytes: number | null
    pageBytesAssumed: boolean
    gfpMask: string | null
    gfpFlags: string[]
    order: number | null
  }
}

export interface ReportEviction {
  /** `memory.available`, `allocatableMemory.available`. */
  signal: string
  availableBytes: number
  thresholdBytes: number
  capacityBytes: number | null
}

export interface ReportMemcg {
  /** `null` where the report gives figures of a group that it does not name. */
  path: string | null
  limitBytes: number | null
  usageBytes: number | null
  failcnt: number | null
}

export interface ReportAnswerOf<Text, Id extends string> {
  id: Id
  confidence: Confidence
  statement: Text
  evidence: ReportEvidence[]
}
export type ReportAnswer<Id extends string = string> = ReportAnswerOf<string, Id>

/** One series up to the (last) kill. */
export interface ReportUsage {
  of: UsageSubject
  /** `shop/cart-6d5/app`, `node-17`, `backup.service`. */
  name: string
  /** `working-set`, `rss`, `usage`, `available`, `heap-after-gc` … */
  metric: string
  source: string
  /** First and last sample; `null` where the source's clock cannot be put on UTC. */
  from: string | null
  to: string | null
  points: number
  limitBytes: number | null
  lastBytes: number
  /** The most that was used up to the kill; of `available` and `free` the least that was left. */
  peakBytes: number
  shape: UsageShape
  slopeBytesPerHour: number | null
  confidence: Confidence
  /** more: usual distance of two samples; what is shorter is not seen. */
  intervalSeconds: number | null
  /** more: samples for a chart, in seconds since the first one, at most 160; no extreme is left out. */
  samples: { seconds: number; bytes: number }[]
  /** more: the incident's kills and the starts of the workload, in seconds since the first sample. */
  killSeconds: number[]
  startSeconds: number[]
  /** more: when the spike or step began. */
  spikeSeconds: number | null
  /** more: its runs one by one, each from its first to its last sample, the last 24 of them; empty where it was not started anew. */
  lives: {
    fromSeconds: number
    toSeconds: number
    shape: UsageShape
    confidence: Confidence
    slopeBytesPerHour: number | null
    firstBytes: number
    lastBytes: number
    peakBytes: number
    /** Whether a kill, or another death that is told of, ended it. */
    killed: boolean
  }[]
  /** more: the kernel's high-water mark up to the kill, where a source tells it: it sees what came and went between two samples. */
  highWaterBytes: number | null
  /** more: per cent of the time in which somebody waited for memory, from the same beginning; empty where no source tells it. */
  pressure: { seconds: number; percent: number }[]
}

export interface ReportKill {
  /** more: the same in every bundle that tells of this death: host (else boot), kernel time, pid. */
  key: string
  time: string | null
  timeUncertaintyMs: number | null
  timeBasis: TimeBasis | null
  uptimeSeconds: number | null
  localTime: string | null
  killer: Killer
  constraint: Constraint | null
  trigger: { comm: string | null; pid: number | null; order: number | null; gfpMask: string | null; oomScoreAdj: number | null } | null
  memcg: ReportMemcg | null
  victim: {
    pid: number | null
    comm: string | null
    uid: number | null
    oomScoreAdj: number | null
    memcg: string | null
    totalVmBytes: number | null
    anonRssBytes: number | null
    fileRssBytes: number | null
    shmemRssBytes: number | null
    pgtablesBytes: number | null
    swapBytes: number | null
    badness: number | null
    badnessUnit: 'pages' | 'permille' | null
    rank: number | null
    /** more: command line or unit that tells which process it really was, and where that was read. */
    commandLine: { text: string; from: string } | null
  }
  evidence: ReportEvidence[]
  /** more: lines that prove the same death again (copies in another log or paste) and were set aside for that; the first twelve. */
  repeats: ReportEvidence[]
}

export interface ReportMemory {
  /** `memcg`: against the limit that was hit; `machine`: against managed memory; `part`: against that of the zones that the request could use. */
  scope: 'memcg' | 'machine' | 'part'
  totalBytes: number
  totalName: string
  classes: {
    id: 'anon' | 'file' | 'shmem' | 'slab' | 'kernel' | 'sock' | 'pagetables' | 'hugepages' | 'free' | 'other' | 'unaccounted'
    name: string
    kernelName: string
    bytes: number
    share: number
  }[]
  swap: { totalBytes: number | null; freeBytes: number | null; usedBytes: number | null } | null
  zones: {
    node: number | null
    name: string
    freeBytes: number | null
    minBytes: number | null
    lowBytes: number | null
    highBytes: number | null
    managedBytes: number | null
    exhausted: boolean | null
  }[]
  slabs: { name: string; bytes: number }[]
  allocations: { site: string; bytes: number; calls: number }[]
}

export interface ReportConsumers {
  /** `totalpages` of the constraint in force, in pages of `pageBytes`; `null` where it cannot be known. */
  totalPages: number | null
  pageBytes: number
  formula: string
  rows: {
    rank: number | null
    pid: number
    comm: string
    uid: number | null
    killed: boolean
    rssBytes: number | null
    rssAnonBytes: number | null
    rssFileBytes: number | null
    rssShmemBytes: number | null
    swapBytes: number | null
    pgtablesBytes: number | null
    oomScoreAdj: number | null
    badness: number | null
    eligible: boolean
    workload: string | null
  }[]
  others: { count: number; rssBytes: number | null }
  /** Sums over all rows by process name, the largest first, at most 10. */
  byName: { comm: string; count: number; rssBytes: number }[]
}

export type ReportFinding = ReportFindingOf<string>

export interface ReportFindingOf<Text> {
  id: string
  statement: Text
  workload: Workload | null
  evidence: ReportEvidence[]
}

export interface ReportTimelineRow {
  time: string | null
  source: string
  line: number | null
  kind: string
  text: string
  incident: string | null
  /** more */
  timeUncertaintyMs: number | null
  /** The kernel's clock, and the time as printed, where the line told them: what remains where nothing puts it on UTC. */
  uptimeSeconds: number | null
  localTime: string | null
  host: string | null
  /** Who tells what became of a container or unit: `kubelet`, `containerd`, `systemd` …, as the text begins with it; only there. */
  by?: string
  /** Other places that tell the same. */
  alsoIn: { source: string; line: number | null }[]
}
