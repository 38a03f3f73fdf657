import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { threadId } from 'node:worker_threads'
import { analyzeEvidence } from '../analyze.ts'
import { gather, namesZone } from '../gather.ts'
import type { Report } from '../model/report.ts'
import { renderReport } from '../render/index.ts'
import { filterReport, type ReportFilter } from '../report/filter.ts'
import { redact } from '../report/redact.ts'
import { sentenceOf } from '../warnings.ts'
import type { Bundle } from './bundles.ts'
import type { BundleResult, IncidentRow } from './result.ts'
import { rowOf } from './rows.ts'

export interface BatchOptions {
  readonly timezone: string | null
  readonly year: number | null
  readonly inputFormat: string | null
  readonly redact: boolean
  readonly showCommandLines: boolean
  readonly filter: ReportFilter
  readonly template: string | null
}

export interface Job {
  readonly bundle: Bundle
  readonly key: string
  /** `.oom-report` of the output folder. */
  readonly stateDir: string
  readonly options: BatchOptions
}

export interface JobDone {
  readonly key: string
  readonly incidents: number
  readonly bytes: number
  readonly status: BundleResult['status']
}

/** Analyses one bundle and lays its result down, whole. A bundle that fails is a result like any other, with its reason. */
export async function analyzeBundle(job: Job): Promise<JobDone> {
  const { result, lines, pages } = await made(job)
  const temporary = path.join(job.stateDir, 'tmp', `${process.pid}-${threadId}-${job.key}`)
  mkdirSync(temporary, { recursive: true })
  for (const page of pages) writeFileSync(path.join(temporary, page.name), page.html)
  const pagesDir = path.join(job.stateDir, 'pages', job.key)
  rmSync(pagesDir, { recursive: true, force: true })
  renameSync(temporary, pagesDir)
  const put = (name: string, text: string): void => {
    writeFileSync(`${temporary}-${name}`, text)
    renameSync(`${temporary}-${name}`, path.join(job.stateDir, 'results', name))
  }
  put(`${job.key}.ndjson`, lines)
  put(`${job.key}.json`, JSON.stringify(result))
  return { key: job.key, incidents: result.incidents.length, bytes: job.bundle.bytes, status: result.status }
}

interface Made {
  readonly result: BundleResult
  readonly lines: string
  readonly pages: readonly { readonly name: string; readonly html: string }[]
}

async function made(job: Job): Promise<Made> {
  const base = { schemaVersion: 1, key: job.key, bundle: job.bundle.name, bytes: job.bundle.bytes } as const
  try {
    const { report, unreadable, reason } = await reportOf(job)
    const status = report.sources.length === 0 && unreadable > 0 ? 'unreadable' : unreadable > 0 ? 'partly' : 'ok'
    const { rows, lines, pages } = await written(report, job)
    const times = report.sources
      .flatMap((s) => [s.from, s.to])
      .filter((t): t is string => t !== null)
      .sort()
    const counts = {
      lines: report.sources.reduce((n, s) => n + s.lines, 0),
      sources: report.sources.length,
      from: times[0] ?? null,
      to: times.at(-1) ?? null,
    }
    return { result: { ...base, status, reason: status === 'ok' ? null : reason, ...counts, incidents: rows }, lines, pages }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      result: { ...base, status: 'failed', reason, lines: 0, sources: 0, from: null, to: null, incidents: [] },
      lines: '',
      pages: [],
    }
  }
}

async function reportOf(job: Job): Promise<{ report: Report; unreadable: number; reason: string | null }> {
  const { options, bundle } = job
  const { evidence, outcome, inputNames } = await gather([bundle.path], { stdin: null, inputFormat: options.inputFormat })
  const zones = options.timezone !== null || namesZone(evidence) ? (await import('../units/zone.ts')).zoneOffset : null
  const whole = analyzeEvidence(evidence, {
    timezone: options.timezone,
    year: options.year,
    showCommandLines: options.showCommandLines,
    zoneOffset: zones,
    warnings: outcome.warnings,
    inputNames,
  })
  const filtered = filterReport(whole, options.filter)
  const broken = outcome.warnings.find((w) => /unreadable|broken|cut|encrypted|unknown/.test(w.code))
  return {
    report: options.redact ? redact(filtered) : filtered,
    unreadable: outcome.unreadable,
    reason: broken === undefined ? null : sentenceOf(broken),
  }
}

async function written(report: Report, job: Job): Promise<{ rows: IncidentRow[]; lines: string; pages: { name: string; html: string }[] }> {
  const rows: IncidentRow[] = []
  const pages: { name: string; html: string }[] = []
  let lines = ''
  let offset = 0
  for (const incident of report.incidents) {
    const row = rowOf(incident)
    const line = `${JSON.stringify({ bundle: job.bundle.name, page: `incidents/${row.page}`, ...incident })}\n`
    const length = Buffer.byteLength(line)
    rows.push({ ...row, offset, length })
    lines += line
    offset += length
    pages.push({
      name: row.page,
      html: await renderReport(alone(report, incident.id), 'html', {
        template: job.options.template,
        showCommandLines: job.options.showCommandLines,
      }),
    })
  }
  return { rows, lines, pages }
}

/** The report of one incident by itself: its own page. */
function alone(report: Report, id: string): Report {
  return {
    ...report,
    incidents: report.incidents.filter((i) => i.id === id),
    timeline: report.timeline.filter((r) => r.incident === id),
    findings: [],
  }
}
