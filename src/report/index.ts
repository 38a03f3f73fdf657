import type { IncidentFacts } from '../facts/incident-facts.ts'
import type { Answer, Diagnosis, Phrase } from '../model/diagnosis.ts'
import type { TaskScores } from '../model/figures.ts'
import type { Finding } from '../model/finding.ts'
import type { Incident, Kill } from '../model/incident.ts'
import type { OomDump } from '../model/oom-dump.ts'
import type { QuietTally } from '../model/quiet.ts'
import type { PhrasedReport, ReportAnswerOf, ReportEviction, ReportIncidentOf, ReportKill, ReportMemcg } from '../model/report.ts'
import type { Timeline } from '../model/timeline.ts'
import type { Warning } from '../model/warning.ts'
import { impactOf } from '../rules/consequence/impact.ts'
import { plainPhrase } from '../text/plain-phrase.ts'
import { safeCommand } from '../text/shell.ts'
import { reasonOf, sentenceOf, warning } from '../warnings.ts'
import { commandLineOf } from './command-line.ts'
import { consumersOf } from './consumers.ts'
import { evidenceList } from './evidence.ts'
import { headline } from './headline.ts'
import { incidentId, killKey } from './identity.ts'
import { memoryOf } from './memory.ts'
import { relate } from './related.ts'
import { repeatsOf } from './repeats.ts'
import { timeOf } from './row-of.ts'
import { sourcesOf } from './sources.ts'
import { timelineRows } from './timeline-rows.ts'
import { usageOf } from './usage.ts'
import { verdict } from './verdict.ts'

export interface ReportOptions {
  readonly version: string
  readonly showCommandLines: boolean
  /** How warnings name a source. */
  readonly shortName: (source: string) => string
  /** Names of the arguments: a file that was given by itself is listed even if it tells nothing. Empty: all are listed. */
  readonly inputNames: readonly string[]
  /** Sources that were looked at and not kept, since nothing is in them. */
  readonly quiet: QuietTally
  /** Called when all but the lists of kills is made, for which the kills alone are asked then. */
  readonly letGo?: () => void
}

/** Shapes the contract's JSON. Nothing is decided here that a reader could dispute: answers come from `rules/`, times and joins from `timeline/`. */
export function assembleReport(
  timeline: Timeline,
  diagnosed: readonly { facts: IncidentFacts; diagnosis: Diagnosis }[],
  findings: readonly Finding[],
  options: ReportOptions,
): PhrasedReport {
  const warnings = timeline.warnings.map(sentenceOf)
  const rows: PhrasedReport['timeline'] = []
  const repeats = repeatsOf(
    timeline.sightings ?? [],
    diagnosed.flatMap(({ facts }) => facts.incident.kills),
  )
  const incidents = diagnosed.map(({ facts, diagnosis }) => {
    const made = incidentOf(facts, diagnosis)
    const { rows: own, omitted } = timelineRows(facts.incident, made.id)
    if (omitted > 0) warnings.push(`incident ${made.id}: ${omitted} rows in the middle of the timeline were left out`)
    rows.push(...own)
    return made
  })
  relate(incidents)
  const report: PhrasedReport & { warnings: string[] } = {
    schemaVersion: 2,
    generator: { name: 'oom-report', version: options.version },
    ...sourcesOf(timeline, options),
    incidents,
    findings: findings.map((f) => ({
      id: f.id,
      statement: f.statement,
      workload: f.workload,
      evidence: evidenceList(f.evidence),
    })),
    timeline: rows,
    warnings: [...new Set(warnings)],
  }
  // Each kill is let go when it is in the report: a hundred thousand are not to be in memory twice.
  const left = diagnosed.map(({ facts }) => facts.incident.kills.toReversed())
  options.letGo?.()
  for (const [at, { facts }] of diagnosed.entries())
    for (let kill = left[at]?.pop(); kill !== undefined; kill = left[at]?.pop())
      try {
        incidents[at]?.kills.push(killOf(kill, facts.incident, scoresFor(kill, facts), options, repeats))
      } catch (error) {
        // What was let go cannot be told without its source: the kill is left out.
        if (options.letGo === undefined) throw error
        const told = sentenceOf(failedOn(kill, error, options))
        if (!report.warnings.includes(told)) report.warnings.push(told)
      }
  return report
}

const failedOn = ({ evidence: [first] }: Kill, error: unknown, { shortName }: ReportOptions): Warning =>
  warning('reader-failed', first === undefined ? null : shortName(first.source), null, { reader: 'analysis', reason: reasonOf(error) })

type Repeats = ReturnType<typeof repeatsOf>

/** The incident with no kills yet. */
function incidentOf(facts: IncidentFacts, diagnosis: Diagnosis): ReportIncidentOf<Phrase> {
  const { incident, dump } = facts
  const last = incident.kills.at(-1)
  return {
    id: incidentId(incident),
    verdict: verdict(facts, diagnosis),
    headline: headline(facts, diagnosis),
    host: incident.host,
    firstTime: timeOf(incident.first),
    lastTime: timeOf(incident.last),
    workload: incident.workload,
    workloads: [...incident.workloads],
    memcg: last !== undefined ? memcgOf(last.dump) : memcgOf(dump),
    kills: [],
    usage: usageOf(facts),
    pattern: diagnosis.pattern,
    related: [],
    diagnosis: {
      limit: answerOf(diagnosis.limit),
      consumer: answerOf(diagnosis.consumer),
      selection: answerOf(diagnosis.selection),
      consequence: answerOf(diagnosis.consequence),
    },
    rootCause: answerOf(diagnosis.rootCause),
    alternatives: [...diagnosis.alternatives],
    recommendations: diagnosis.recommendations.map(({ text, why, when, effect, owner, command, lookFirst }) => ({
      ...{ text, why, when, effect, owner, command: safeCommand(command) },
      ...(lookFirst === true && command !== null ? { lookFirst } : {}),
    })),
    missing: diagnosis.missing.map(({ text, command }) => ({ text, command: safeCommand(command) })),
    memory: memoryOf(facts),
    consumers: consumersOf(facts),
    ...impactIn(facts, diagnosis),
    ...evictionIn(facts),
    excerpt:
      dump === null || dump.excerpt.length === 0
        ? null
        : {
            lines: dump.excerpt.map((q) => ({ source: q.source, line: q.line, text: q.text, offset: q.offset, cursor: q.cursor })),
            omitted: dump.excerptOmitted,
          },
    kernel: {
      release: dump?.release ?? null,
      cgroupVersion: dump?.cgroupVersion ?? null,
      pageBytes: dump?.pageBytes ?? null,
      pageBytesAssumed: dump?.pageBytesAssumed ?? true,
      gfpMask: dump?.trigger?.gfpMask ?? null,
      gfpFlags: [...(dump?.trigger?.gfpFlags ?? [])],
      order: dump?.trigger?.order ?? null,
    },
  }
}

/** The sentences on impact that stand behind what came of it. */
function impactIn(facts: IncidentFacts, { consequence }: Diagnosis): { impact?: Phrase } {
  const whole = plainPhrase(consequence.statement)
  const told = impactOf(facts).filter(({ said }) => whole.includes(plainPhrase(said)))
  const [first] = told
  return first === undefined ? {} : { impact: trimmed(told.flatMap(({ said }) => [...said])) }
}

const trimmed = (phrase: Phrase): Phrase => phrase.map((part, at) => (at === 0 && typeof part === 'string' ? part.trimStart() : part))

/** The kubelet's last measurement below its threshold, or what the API says of it. */
function evictionIn({ context, kill }: IncidentFacts): { eviction?: ReportEviction } {
  const own = kill?.event?.kind === 'eviction' ? [kill.event] : []
  const found = [...own, ...context.evictions.map(({ event }) => event)].find(
    (e) => e.availableBytes !== null && e.thresholdBytes !== null && e.availableBytes < e.thresholdBytes,
  )
  if (found?.availableBytes == null || found.thresholdBytes === null) return {}
  const { signal, availableBytes, thresholdBytes, capacityBytes } = found
  return { eviction: { signal: signal ?? 'memory.available', availableBytes, thresholdBytes, capacityBytes } }
}

function answerOf<Id extends string>(a: Answer<Id>): ReportAnswerOf<Phrase, Id> {
  return {
    id: a.id,
    confidence: a.confidence,
    statement: a.statement,
    evidence: evidenceList(a.evidence, 12),
  }
}

function memcgOf(dump: OomDump | null): ReportMemcg | null {
  if (dump === null || (dump.oomMemcg === null && (dump.scope !== 'memcg' || dump.memory === null))) return null
  return {
    path: dump.oomMemcg,
    limitBytes: dump.memory?.limitBytes ?? null,
    usageBytes: dump.memory?.usageBytes ?? null,
    failcnt: dump.memory?.failcnt ?? null,
  }
}

/** Without a table there is nothing to score, and a hundred thousand lone kill lines have none. */
const scoresFor = ({ dump }: Kill, facts: IncidentFacts): TaskScores | null =>
  dump === null || dump.tasks.length === 0 ? null : facts.scoresOf(dump)

function killOf(k: Kill, incident: Incident, scores: TaskScores | null, options: ReportOptions, repeats: Repeats): ReportKill {
  const trigger = k.dump?.trigger ?? null
  const scored = scores?.tasks.find((t) => t.row.pid === k.pid || t.row.tgid === k.pid) ?? null
  return {
    key: killKey(k),
    time: timeOf(k.at),
    timeUncertaintyMs: k.at.uncertaintyMs,
    timeBasis: k.at.basis,
    uptimeSeconds: k.at.uptimeSeconds,
    localTime: k.at.localTime,
    killer: k.killer,
    constraint: k.constraint,
    trigger:
      trigger === null
        ? null
        : { comm: trigger.comm, pid: trigger.pid, order: trigger.order, gfpMask: trigger.gfpMask, oomScoreAdj: trigger.oomScoreAdj },
    memcg: memcgOf(k.dump),
    victim: {
      pid: k.pid,
      comm: k.comm,
      uid: k.uid,
      oomScoreAdj: k.oomScoreAdj,
      memcg: k.memcg,
      totalVmBytes: k.totalVmBytes,
      anonRssBytes: k.anonRssBytes,
      fileRssBytes: k.fileRssBytes,
      shmemRssBytes: k.shmemRssBytes,
      pgtablesBytes: k.pgtablesBytes,
      swapBytes: k.swapBytes,
      badness: scored?.badness ?? null,
      badnessUnit: scored?.badness == null ? null : (scores?.unit ?? null),
      rank: scored?.rank ?? null,
      commandLine: commandLineOf(k, incident, options.showCommandLines),
    },
    evidence: evidenceList(k.evidence),
    repeats: evidenceList(repeats.get(k) ?? []),
  }
}
