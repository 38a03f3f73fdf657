import { analyzeEvidence } from '../../src/analyze.ts'
import { scanTools } from '../../src/gather.ts'
import { placeSources } from '../../src/input/index.ts'
import type { PhrasedReport } from '../../src/model/report.ts'
import { scanSource } from '../../src/scan/index.ts'
import { sourceOf } from '../scan/tools.ts'

/** The report over one text that was given by itself. */
export async function readPaste(text: string): Promise<PhrasedReport> {
  const name = 'paste.txt'
  const evidence = await scanSource(sourceOf(text, [65_536], name), scanTools(null))
  const places = placeSources(evidence.map(({ source }) => ({ name: source.name, path: source.path, bundle: name, modifiedMs: null })))
  const placed = evidence.map((e) => ({ ...e, source: { ...e.source, place: places.get(e.source.name) ?? e.source.place } }))
  return analyzeEvidence(placed, { timezone: null, year: null, showCommandLines: false, zoneOffset: null, warnings: [], inputNames: [] })
}
