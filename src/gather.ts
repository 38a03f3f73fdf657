import type { Readable } from 'node:stream'
import { documentReaders } from './extract/documents/index.ts'
import { extractors } from './extract/index.ts'
import { detectFormat, formats } from './formats/index.ts'
import { argumentName, defaultLimits, type InputLimits, type InputOutcome, openInputs, placeSources } from './input/index.ts'
import type { SourceEvidence } from './model/evidence.ts'
import { type Ahead, type ScanTools, scanSource } from './scan/index.ts'

export interface GatherOptions {
  readonly stdin: Readable | null
  /** Id of a format or document reader that overrides detection, or `null`. */
  readonly inputFormat: string | null
  readonly limits?: InputLimits
  /** Told before each source is read, for progress: its name and size where known. */
  readonly onSource?: (name: string, size: number | null) => void
  /** Reads line by line; for comparison in tests. */
  readonly slow?: boolean
  /** Searches of large files that were begun before this was loaded. */
  readonly ahead?: Ahead | null
}

export interface Gathered {
  /** The arguments as sources name them, for `AnalyzeOptions.inputNames`. */
  readonly inputNames: readonly string[]
  readonly evidence: readonly SourceEvidence[]
  readonly outcome: InputOutcome
}

export const scanTools = (inputFormat: string | null, slow = false): ScanTools => ({
  formats,
  detectFormat,
  extractors,
  documentReaders,
  inputFormat,
  slow,
})

/** Reads everything that the paths hold, one source at a time, in bounded memory: only events survive. */
export async function gather(paths: readonly string[], options: GatherOptions): Promise<Gathered> {
  const opened = openInputs(paths, { limits: options.limits ?? defaultLimits, stdin: options.stdin })
  const tools = { ...scanTools(options.inputFormat, options.slow), ahead: options.ahead ?? null }
  const found: { evidence: SourceEvidence; bundle: string }[] = []
  for await (const source of opened.sources) {
    options.onSource?.(source.name, source.size)
    for (const evidence of await scanSource(source, tools)) found.push({ evidence, bundle: source.bundle })
  }
  const places = placeSources(
    found.map(({ evidence, bundle }) => ({
      name: evidence.source.name,
      path: evidence.source.path,
      bundle,
      modifiedMs: evidence.source.modifiedMs,
    })),
  )
  const evidence = found.map(({ evidence: e }) => {
    const place = places.get(e.source.name)
    return place === undefined ? e : { ...e, source: { ...e.source, place } }
  })
  return { evidence, outcome: opened.outcome(), inputNames: paths.map(argumentName) }
}

/** Whether any time of the evidence needs zone data: named zones in documents. Fixed offsets and UTC do not. */
export const namesZone = (evidence: readonly SourceEvidence[]): boolean =>
  evidence.some((e) => e.snapshots.some((s) => s.kind === 'clock' && s.zone !== null && !/^(UTC|GMT|Z)$/i.test(s.zone.value)))
