import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { threadId } from 'node:worker_threads'
import { analyzeEvidence } from '../analyze.ts'
import { gather, namesZone } from '../gather.ts'
import type { Report } from '../model/report.ts'
import type { Warning } from '../model/warning.ts'
import { renderReport } from '../render/index.ts'
import { filterReport, type ReportFilter } from '../report/filter.ts'
import { redact } from '../report/redact.ts'
import { sentenceOf } from '../warnings.ts'
import type { Bundle } from './bundles.ts'
import { nameHash, redactedReason } from './redaction.ts'
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
  /** What rows call the bundle: its name, or an alias. */
  readonly label: string
  readonly key: string
  /** `.oom-report` of the output folder. */
  readonly stateDir: string
  readonly options: BatchOptions
  /** Of the aliases; `null` where nothing is redacted. */
  readonly redactKey: string | null
}

export interface JobDone {
  readonly key: string
  readonly incidents: number
  readonly bytes: number
  readonly status: BundleResult['status']
}

/** Analyses one bundle and lays its result down, whole. A bundle that fails is a result like any other, with its reason; throws only where nothing can be written. */
export async function analyzeBundle(job: Job): Promise<JobDone> {
  return layDown(job, await made(job))
}

/** The result of a bundle that took its worker down: told by whoever saw it. */
export const failBundle = (job: Job, reason: string): JobDone => layDown(job, failed(job, reason))

/** Pages first, then lines, then the result: its being there means that the rest is, too. Files that say the same already are left alone. */
function layDown(job: Job, { result, lines, pages }: Made): JobDone {
  const done = { key: job.key, incidents: result.incidents.length, bytes: job.bundle.bytes, status: result.status }
  const target = (name: string): string => path.join(job.stateDir, 'results', name)
  const text = JSON.stringify(result)
  if (holds(target(`${job.key}.json`), text) && result.incidents.length === 0) return done
  rmSync(target(`${job.key}.json`), { force: true })
  const temporary = path.join(job.stateDir, 'tmp', `${process.pid}-${threadId}-${job.key}`)
  const pagesDir = path.join(job.stateDir, 'pages', job.key)
  rmSync(pagesDir, { recursive: true, force: true })
  if (pages.length > 0) {
    rmSync(temporary, { recursive: true, force: true })
    mkdirSync(temporary, { recursive: true })
    for (const page of pages) writeFileSync(path.join(temporary, page.name), page.html)
    renameSync(temporary, pagesDir)
  }
  const put = (name: string, content: string): void => {
    writeFileSync(`${temporary}-${name}`, content)
    renameSync(`${temporary}-${name}`, target(name))
  }
  if (lines.length > 0) put(`${job.key}.ndjson`, lines)
  put(`${job.key}.json`, text)
  return done
}

function holds(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text
  } catch {
    return false
  }
}

interface Made {
  readonly result: BundleResult
  readonly lines: string
  readonly pages: readonly { readonly name: string; readonly html: string }[]
}

const baseOf = (job: Job) => ({ schemaVersion: 1, key: job.key, bundle: job.label, bytes: job.bundle.bytes }) as const

function failed(job: Job, reason: string): Made {
  const told = job.redactKey === null ? reason : redactedReason(reason, job.bundle.name)
  const nothing = { lines: 0, sources: 0, from: null, to: null, hosts: [], incidents: [] }
  return { result: { ...baseOf(job), status: 'failed', reason: told, ...nothing }, lines: '', pages: [] }
}

async function made(job: Job): Promise<Made> {
  try {
    const { report, reason } = await reportOf(job)
    const status = reason === null ? 'ok' : report.sources.length === 0 ? 'unreadable' : 'partly'
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
      hosts: [...new Set(report.sources.map((s) => s.host).filter((h): h is string => h !== null))].sort(),
    }
    return { result: { ...baseOf(job), status, reason, ...counts, incidents: rows }, lines, pages }
  } catch (error) {
    return failed(job, error instanceof Error ? error.message : String(error))
  }
}

/**
 * Warnings that mean that a bundle is broken. What sound bundles have, too, is none: a journal that was copied while it was written, a member in a codec that
 * we do not know, links.
 */
const broken =
  /^(?:archive-(?:broken|member-cut)|bound-.*|encrypted|input-unreadable|internal-error|journal-damaged|packing-(?:broken|cut))$/

/** The first reason why not all was read, and how many more there are; `null`: all was. */
function reasonOf(warnings: readonly Warning[], sources: number, job: Job): string | null {
  const reasons = warnings.filter((w) => sources === 0 || broken.test(w.code))
  const first = reasons[0]
  if (first === undefined) return sources === 0 ? 'it holds no file' : null
  const itself = first.source === null || first.source === path.basename(job.bundle.path)
  const text = `${sentenceOf(itself ? { ...first, source: null } : first)}${reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''}`
  return job.redactKey === null ? text : redactedReason(sentenceOf({ ...first, source: null }), job.bundle.name)
}

async function reportOf(job: Job): Promise<{ report: Report; reason: string | null }> {
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
  return {
    report: job.redactKey === null ? filtered : redact(filtered, nameHash(job.redactKey)),
    reason: reasonOf(outcome.warnings, whole.sources.length, job),
  }
}

async function written(report: Report, job: Job): Promise<{ rows: IncidentRow[]; lines: string; pages: { name: string; html: string }[] }> {
  const rows: IncidentRow[] = []
  const pages: { name: string; html: string }[] = []
  const lines: string[] = []
  let offset = 0
  for (const incident of report.incidents) {
    const row = rowOf(incident)
    const line = `${JSON.stringify({ bundle: job.label, page: `incidents/${row.page}`, workloadLabel: row.workload, ...incident })}\n`
    const length = Buffer.byteLength(line)
    rows.push({ ...row, offset, length })
    lines.push(line)
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
function alone(report: Report, id: string): Report {
  return {
    ...report,
    incidents: report.incidents.filter((i) => i.id === id),
    timeline: report.timeline.filter((r) => r.incident === id),
    findings: [],
  }
}
