import path from 'node:path'
import type { AnyReport } from '../model/report.ts'
import type { Warning } from '../model/warning.ts'
import { nodeHost } from '../node/host.ts'
import { analyzeInputs } from '../pipeline.ts'
import { renderReport } from '../render/index.ts'
import { plainIncident } from '../report/plain.ts'
import { isBroken, sentenceOf } from '../warnings.ts'
import type { Job, JobDone } from './job.ts'
import { baseOf, failed, layDown, type Made } from './lay-down.ts'
import { ndjsonLines } from './ndjson-lines.ts'
import { nameHash, redactedReason } from './redaction.ts'
import type { IncidentRow } from './result.ts'
import { rowOf } from './rows.ts'

/** Analyses one bundle and lays its result down, whole. A bundle that fails is a result like any other, with its reason; throws only where nothing can be written. */
async function analyzeBundle(job: Job, beforeWriting: () => void): Promise<JobDone> {
  const result = await made(job)
  beforeWriting()
  return layDown(job, result)
}

/** One after another: what a worker is handed at a time. */
export async function analyzeBundles(jobs: readonly Job[], beforeWriting: () => void = () => {}): Promise<JobDone[]> {
  const done: JobDone[] = []
  for (const job of jobs) done.push(await analyzeBundle(job, beforeWriting))
  return done
}

async function made(job: Job): Promise<Made> {
  try {
    const { report, reason, isUnread } = await reportOf(job)
    const read = report.sources.length + report.quietSources.count
    const status = reason === null ? 'ok' : isUnread ? 'unreadable' : 'partly'
    const { rows, lines, pages } = await written(report, job)
    const times = [...report.sources, report.quietSources]
      .flatMap((s) => [s.from, s.to])
      .filter((t): t is string => t !== null)
      .sort()
    const counts = {
      lines: report.sources.reduce((n, s) => n + s.lines, report.quietSources.lines),
      sources: read,
      from: times[0] ?? null,
      to: times.at(-1) ?? null,
      hosts: [...new Set(report.sources.map((s) => s.host).filter((h): h is string => h !== null))].sort(),
    }
    const hidden = report.incidentsHidden === undefined ? {} : { hidden: report.incidentsHidden }
    return { result: { ...baseOf(job), status, reason, ...counts, incidents: rows, ...hidden }, lines, pages }
  } catch (error) {
    return failed(job, error instanceof Error ? error.message : String(error))
  }
}

/** The first reason why not all was read, and how many more there are; `null`: all was. */
function reasonOf(warnings: readonly Warning[], isUnread: boolean, job: Job): string | null {
  const reasons = warnings.filter((w) => isUnread || isBroken(w))
  const first = reasons[0]
  if (first === undefined) return isUnread ? 'it holds no file' : null
  const itself = first.source === null || first.source === path.basename(job.bundle.path)
  const text = `${sentenceOf(itself ? { ...first, source: null } : first)}${reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''}`
  return job.redactKey === null ? text : redactedReason(sentenceOf({ ...first, source: null }), job.bundle.name)
}

async function reportOf(job: Job): Promise<{ report: AnyReport; reason: string | null; isUnread: boolean }> {
  const { redact: _, template: __, filter: asked, counted, ...options } = job.options
  const filter = counted === null ? asked : await (await import('../report/counted-times.ts')).filterWhenRead(asked, counted)
  const redact = job.redactKey === null ? null : { hash: nameHash(job.redactKey) }
  const { report, outcome } = await analyzeInputs([job.bundle.path], { ...options, filter, host: nodeHost(), stdin: null, redact })
  return { report, reason: reasonOf(outcome.warnings, outcome.unreadable > 0, job), isUnread: outcome.unreadable > 0 }
}

async function written(
  report: AnyReport,
  job: Job,
): Promise<{ rows: IncidentRow[]; lines: string; pages: { name: string; html: string }[] }> {
  const rows: IncidentRow[] = []
  const pages: { name: string; html: string }[] = []
  const lines = await ndjsonLines(
    report.incidents.map((incident) => {
      const { page, workload } = rowOf(incident)
      return { bundle: job.label, page: `incidents/${page}`, workloadLabel: workload, ...plainIncident(incident) }
    }),
  )
  let offset = 0
  for (const [n, incident] of report.incidents.entries()) {
    const row = rowOf(incident)
    const length = Buffer.byteLength(lines[n] ?? '')
    rows.push({ ...row, offset, length })
    offset += length
    pages.push({
      name: row.page,
      html: await renderReport(alone(report, incident.id), 'html', {
        template: job.options.template,
        showCommandLines: job.options.showCommandLines,
      }),
    })
  }
  return { rows, lines: lines.join(''), pages }
}

/** The report of one incident by itself: its own page. */
function alone(report: AnyReport, id: string): AnyReport {
  return {
    ...report,
    incidents: report.incidents.filter((i) => i.id === id),
    timeline: report.timeline.filter((r) => r.incident === id),
    findings: [],
  }
}
