/**
 * The report's JSON: `../shared/contract.md` in types. What is here is what every renderer knows, and nothing else.
 * Sizes are bytes, times RFC 3339 in UTC, unknown is `null`. Extra fields beyond the contract are marked "more".
 */
import type { Confidence, ConsequenceId, ConsumerId, LimitId, PatternId, Phrase, RootCauseId, SelectionId } from './diagnosis.ts'
import type { Killer, Workload } from './incident.ts'
import type { Constraint } from './oom-dump.ts'

export interface Report {
  schemaVersion: 1
  generator: { name: 'oom-report'; version: string }
  sources: ReportSource[]
  incidents: ReportIncident[]
  findings: ReportFinding[]
  timeline: ReportTimelineRow[]
  warnings: string[]
}

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

export interface ReportEvidence {
  source: string
  line: number | null
  text: string
  offset: number | null
  cursor: string | null
}

export interface ReportIncident {
  id: string
  headline: string
  host: string | null
  firstTime: string | null
  lastTime: string | null
  workload: Workload | null
  workloads: Workload[]
  memcg: ReportMemcg | null
  kills: ReportKill[]
  pattern: PatternId
  related: string[]
  diagnosis: {
    limit: ReportAnswer<LimitId>
    consumer: ReportAnswer<ConsumerId>
    selection: ReportAnswer<SelectionId>
    consequence: ReportAnswer<ConsequenceId>
  }
  rootCause: ReportAnswer<RootCauseId>
  alternatives: {
    question: string
    id: string
    why: string
    against: string
    /** more: the same with typed values, for renderers that mark names. */
    phrases?: { why: Phrase; against: Phrase }
  }[]
  recommendations: {
    text: string
    why: string
    command: string | null
    when: 'now' | 'this-week' | 'prevent'
    /** more: the same with typed values. */
    phrases?: { text: Phrase; why: Phrase }
  }[]
  missing: string[]
  /** more: what the missing entries' commands are, in the same order as `missing`. */
  missingCommands: (string | null)[]
  /** more: the missing entries with typed values, in the same order. */
  missingPhrases?: Phrase[]
  /** more: the headline as a phrase, for renderers that mark values. */
  headlinePhrase: Phrase
  /** more: class by class against the total; `null` where the dump has no figures. */
  memory: ReportMemory | null
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

export interface ReportMemcg {
  path: string
  limitBytes: number | null
  usageBytes: number | null
  failcnt: number | null
}

export interface ReportAnswer<Id extends string> {
  id: Id
  confidence: Confidence
  statement: string
  /** more: the statement with typed values. */
  phrase: Phrase
  evidence: ReportEvidence[]
}

export interface ReportKill {
  /** more: the same in every bundle that tells of this death: host (else boot), kernel time, pid. */
  key: string
  time: string | null
  timeUncertaintyMs: number | null
  timeBasis: 'absolute' | 'anchored' | 'assumed' | null
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
}

export interface ReportMemory {
  /** `memcg`: against the limit that was hit; `machine`: against managed memory. */
  scope: 'memcg' | 'machine'
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

export interface ReportFinding {
  id: string
  statement: string
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
  /** Other places that tell the same. */
  alsoIn: { source: string; line: number | null }[]
}
