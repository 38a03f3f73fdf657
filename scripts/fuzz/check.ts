import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { analyzeEvidence } from '../../src/analyze.ts'
import { gather } from '../../src/gather.ts'
import type { PhrasedReport } from '../../src/model/report.ts'
import { nodeHost } from '../../src/node/host.ts'
import { outputs, renderReport } from '../../src/render/index.ts'
import { redact } from '../../src/report/redact.ts'
import type { Seed } from './seeds.ts'

/** Most processor time that an input of a few MiB may take. Not wall time: on a machine that others use that tells of them. */
const mostMs = 20_000
const mostRss = 1_500 * 1024 * 1024

const folder = mkdtempSync(join(tmpdir(), 'oom-report-fuzz-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Reads, analyses and renders an input as the product does. Throws where anything does that must not, or where a promise is broken. */
export async function check({ name, bytes }: Seed): Promise<void> {
  const path = join(folder, `in-${name.replace(/[^\w.-]/g, '_').slice(-60)}`)
  writeFileSync(path, bytes)
  const start = cpuMs()
  try {
    const { evidence, outcome, inputNames } = await gather([path], { host: nodeHost(), stdin: null, inputFormat: null })
    const report = analyzeEvidence(evidence, {
      timezone: null,
      year: null,
      showCommandLines: true,
      zoneOffset: null,
      warnings: outcome.warnings,
      inputNames,
    })
    const bug = report.warnings.find((text) => text.includes('a bug of ours') || text.includes('a rule failed'))
    if (bug !== undefined) throw new Error(bug)
    checkReport(report)
    for (const one of [report, redact(report)]) for (const { id } of outputs) checkText(id, await renderReport(one, id))
  } finally {
    rmSync(path, { force: true })
  }
  const ms = cpuMs() - start
  if (ms > mostMs) throw new Error(`took ${Math.round(ms)} ms of processor time`)
  if (process.memoryUsage.rss() > mostRss) throw new Error(`resident memory is ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`)
}

/** Processor time of the process so far, its threads' with it, in ms. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function checkReport(report: PhrasedReport): void {
  walk(report, (value, path) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${path} is ${value}`)
    if (value === undefined) throw new Error(`${path} is undefined`)
  })
  for (const incident of report.incidents)
    for (const kill of incident.kills) {
      const { pid } = kill.victim
      if (pid !== null && !(Number.isInteger(pid) && pid >= 1 && pid <= 4_194_304)) throw new Error(`pid ${pid}`)
      if (kill.evidence.length === 0) throw new Error('a kill without evidence')
      if (pid !== null && !kill.evidence.some(({ text }) => text.includes(String(pid)) || text.includes('"MESSAGE":[')))
        throw new Error(`pid ${pid} stands in no evidence`)
    }
}

function walk(value: unknown, see: (value: unknown, path: string) => void, path = 'report'): void {
  see(value, path)
  if (typeof value === 'object' && value !== null) for (const [key, member] of Object.entries(value)) walk(member, see, `${path}.${key}`)
}

/** What no output may hold: raw control characters, invisible ones, what JavaScript prints for nothing. */
function checkText(id: string, text: string): void {
  const isData = id === 'json' || id === 'ndjson'
  if (isData) JSON.parse(id === 'json' ? text : text.split('\n')[0] || 'null')
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text.replaceAll('\r', isData ? '\r' : '')))
    throw new Error(`a raw control character in ${id}`)
  if (!isData && /[\u202a-\u202e\u2066-\u2069\u200e\u200f]/.test(text)) throw new Error(`a bidirectional control in ${id}`)
  if (id === 'html' && /<script|<img|<iframe|javascript:/i.test(text.replace(/&lt;/g, ''))) throw new Error('markup in the page')
}
