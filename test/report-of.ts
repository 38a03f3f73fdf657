import { analyzeEvidence } from '../src/analyze.ts'
import type { PhrasedReport } from '../src/model/report.ts'
import { evidenceOf } from './evidence.ts'

/** The report over texts as if they were the files of one bundle. */
export async function reportOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<PhrasedReport> {
  return analyzeEvidence(await evidenceOf(files), {
    timezone: null,
    year: null,
    showCommandLines: false,
    zoneOffset: null,
    warnings: [],
    inputNames: [],
  })
}
