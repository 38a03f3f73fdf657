import path from 'node:path'
import { version } from '../version.ts'
import type { BatchOutcome } from './outcome.ts'
import { writeWhole } from './state.ts'

export interface SummaryFacts {
  readonly started: Date
  readonly outcome: BatchOutcome
  readonly analysed: number
  readonly bytes: number
  readonly jobs: number
  /** Of the worker processes, together. */
  readonly workersPeakRssBytes: number
}

/** `run-summary.json`: the only file that may hold wall-clock facts of the run. */
export function writeSummary(
  outDir: string,
  stateDir: string,
  { started, outcome, analysed, bytes, jobs, workersPeakRssBytes }: SummaryFacts,
): void {
  const facts = {
    schemaVersion: 1,
    version,
    started: started.toISOString(),
    finished: new Date().toISOString(),
    seconds: (Date.now() - started.getTime()) / 1000,
    jobs,
    peakRssBytes: process.resourceUsage().maxRSS * 1024 + workersPeakRssBytes,
    bundles: outcome.bundles,
    analysed,
    reused: outcome.reused,
    bytesAnalysed: bytes,
    broken: outcome.broken,
    unreadable: outcome.unreadable,
    incidents: outcome.choice.fleet.counts.incidents,
    filesWritten: outcome.written,
    filesKept: outcome.kept,
  }
  writeWhole(path.join(outDir, 'run-summary.json'), `${JSON.stringify(facts, null, 2)}\n`, stateDir)
}
