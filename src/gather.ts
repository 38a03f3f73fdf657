import { documentReaders } from './extract/documents/index.ts'
import { extractors } from './extract/index.ts'
import { detectFormat, formats } from './formats/index.ts'
import { withLives } from './gather-lives.ts'
import type { Spooler } from './input/engines.ts'
import { withoutExtracted } from './input/extracted.ts'
import {
  argumentName,
  defaultLimits,
  type InputLimits,
  type InputOptions,
  type InputOutcome,
  markerPath,
  type OpenedInputs,
  placeSources,
} from './input/index.ts'
import type { SourceEvidence } from './model/evidence.ts'
import type { QuietTally } from './model/quiet.ts'
import {
  type DeathsBounds,
  isBinary,
  type Later,
  LIVES_FROM,
  openDeathsRooms,
  openKeptRoom,
  readAtOnce,
  type ScanTools,
  type SearchThreads,
  scanSource,
} from './scan/index.ts'
import { pictureKind } from './scan/pictures.ts'
import { warning } from './warnings.ts'

/** What reading asks of the machine that it runs on: Node.js (`node/`), or a browser (`web/`). */
export interface Host {
  readonly open: (paths: readonly string[], options: InputOptions) => OpenedInputs
  readonly spool: Spooler
  /** `null`: nobody searches beside the reader. */
  readonly threads: SearchThreads | null
  /** Behind this offset of a log, lines about ordinary lives are read when a death makes them matter; absent: `LIVES_FROM`. `Infinity`: all are read at once. */
  readonly livesFrom?: number
  /** Room for many deaths; absent: that of a report. */
  readonly deaths?: DeathsBounds
  /** Told when there is much that memory must be spared for: many deaths, a document of many MiB. */
  readonly onMuch?: () => void
}

export interface GatherOptions {
  readonly host: Host
  readonly stdin: AsyncIterable<Uint8Array> | null
  /** Id of a format or document reader that overrides detection, or `null`. */
  readonly inputFormat: string | null
  readonly limits?: InputLimits
  /** Told before each source is read, for progress: its name and size where known. */
  readonly onSource?: (name: string, size: number | null) => void
  /** Reads line by line; for comparison in tests. */
  readonly slow?: boolean
}

export interface Gathered {
  /** The arguments as sources name them, for `EvidenceOptions.inputNames`. */
  readonly inputNames: readonly string[]
  readonly evidence: readonly SourceEvidence[]
  readonly outcome: InputOutcome
  /** Sources that were looked at and tell nothing. */
  readonly quiet: QuietTally
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
export async function gather(given: readonly string[], options: GatherOptions): Promise<Gathered> {
  const { kept, left } = withoutExtracted(given.map(argumentName))
  const paths = kept.map((at) => given[at] as string)
  const quiet = openQuiet()
  const laters: Later[] = []
  const tools: ScanTools = {
    ...scanTools(options.inputFormat, options.slow),
    spool: options.host.spool,
    ...(options.host.threads === null ? {} : { threads: options.host.threads }),
    deaths: openDeathsRooms(options.host.deaths, options.host.onMuch),
    lives: { from: options.host.livesFrom ?? LIVES_FROM, room: openKeptRoom(), onLater: (later) => laters.push(later) },
    onQuiet: (source, lines, bytes) => quiet.add(source.bundle, source.path, lines, bytes),
    ...(options.host.onMuch === undefined ? {} : { onMuch: options.host.onMuch }),
    onBinary: (source) => binary.add(source.name),
  }
  const binary = new Set<string>()
  const read = new Set<string>()
  const found: { evidence: SourceEvidence; bundle: string }[] = []
  const opened = options.host.open(paths, {
    limits: options.limits ?? defaultLimits,
    stdin: options.stdin,
    isDone(bundle, path, bytes, source) {
      if (bytes === null) {
        quiet.add(bundle, path, 0, 0)
        read.add(bundle)
        return true
      }
      const done = pictureKind(bytes) === null ? readAtOnce(bytes, path, tools, source) : null
      if (done === null) return false
      if ('quiet' in done) quiet.add(bundle, path, done.quiet, bytes.length)
      else found.push({ evidence: done.evidence, bundle })
      if ('evidence' in done || !isBinary(bytes)) read.add(bundle)
      return true
    },
  })
  for await (const source of opened.sources) {
    options.onSource?.(source.name, source.size)
    for (const evidence of await scanSource(source, tools)) found.push({ evidence, bundle: source.bundle })
    if (!binary.has(source.name)) read.add(source.bundle)
  }
  const places = placeSources(
    found.map(({ evidence, bundle }) => ({
      name: evidence.source.name,
      path: evidence.source.path,
      bundle,
      modifiedMs: evidence.source.modifiedMs,
    })),
    quiet.markers,
  )
  const placed = (e: SourceEvidence): SourceEvidence => {
    const place = places.get(e.source.name)
    return place === undefined ? e : { ...e, source: { ...e.source, place } }
  }
  const first = found.map(({ evidence: e }) => placed(e))
  const evidence = await withLives(first, laters, placed).finally(() => {
    for (const later of laters) later.close?.()
  })
  const inputNames = paths.map(argumentName)
  const outcome = withUnread(opened.outcome(), inputNames, read)
  const twice = left.map((at) => warning('extracted-beside', argumentName(given[at] as string), null))
  return { evidence, outcome: { ...outcome, warnings: [...outcome.warnings, ...twice] }, inputNames, quiet: quiet.tally() }
}

/** An argument of which no text came is unreadable, and that is said: an empty folder or archive, pictures, programs. */
function withUnread(outcome: InputOutcome, inputNames: readonly string[], read: ReadonlySet<string>): InputOutcome {
  const isRead = (name: string): boolean =>
    name === '.' || name === '/' ? read.size > 0 : [...read].some((b) => b === name || b.startsWith(`${name}/`) || b.startsWith(`${name}!`))
  const unread = inputNames.filter((name) => !isRead(name))
  const silent = unread.filter((name) => !outcome.warnings.some((w) => w.source?.startsWith(name) === true))
  return {
    ...outcome,
    unreadable: Math.max(outcome.unreadable, unread.length),
    warnings: [...outcome.warnings, ...silent.map((name) => warning('nothing-in-it', name, null))],
  }
}

/** Counts what tells nothing; of its paths only what may show a bundle's layout is kept. */
function openQuiet() {
  let [count, lines, bytes] = [0, 0, 0]
  const markers = new Map<string, Set<string>>()
  return {
    markers,
    add(bundle: string, path: string, moreLines: number, moreBytes: number): void {
      count += 1
      lines += moreLines
      bytes += moreBytes
      const marker = markerPath(path)
      if (marker === null) return
      const known = markers.get(bundle) ?? new Set()
      markers.set(bundle, known.add(marker))
    },
    tally: (): QuietTally => ({ count, lines, bytes }),
  }
}

/** Whether any time of the evidence needs zone data: named zones in documents. Fixed offsets and UTC do not. */
export const namesZone = (evidence: readonly SourceEvidence[]): boolean =>
  evidence.some((e) => e.snapshots.some((s) => s.kind === 'clock' && s.zone !== null && !/^(UTC|GMT|Z)$/i.test(s.zone.value)))
