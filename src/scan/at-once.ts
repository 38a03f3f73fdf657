import type { SourceName } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import { documentEvidence } from './documents.ts'
import { type Glance, glanceAt, isBinary } from './quiet.ts'
import { mayHoldClock } from './text/clock-lines.ts'
import { exampleLines } from './text/example-lines.ts'
import { mayBeGathered } from './text/gathered.ts'
import { mayTell } from './text/mended.ts'
import { mayHoldOwn } from './text/own-reports.ts'
import { isNamedProgram, isProgramText } from './text/program-text.ts'
import type { ScanTools } from './tools.ts'

/** What a small source came to without being opened as one: how many lines tell nothing, or what a document told. */
export type AtOnce = { readonly quiet: number } | { readonly evidence: SourceEvidence }

/**
 * A small member of a bundle by all its bytes, which are void afterwards. A bundle has ten thousands of them (`memory.current` of each cgroup, `status` of each
 * process): one call each, with nothing to wait for. `null`: it is to be read as any source; what it tells then is the same.
 */
export function readAtOnce(bytes: Uint8Array, path: string, tools: ScanTools, source: () => SourceName | null): AtOnce | null {
  const seen = glanceAt(bytes, path, tools)
  if (seen === null || seen.reader === null) return seen === null ? null : { quiet: seen.lines }
  if (!isDocumentOnly(seen, bytes, path) || isBinary(bytes)) return null
  const own = source()
  if (own === null) return null
  try {
    const evidence = documentEvidence(own, seen.reader, seen.text, bytes.length)
    return tellsNothing(evidence) ? { quiet: seen.lines } : { evidence }
  } catch {
    return null
  }
}

/** Whether there is but one way to read it: the questions of `scanSource`, all of them answered with no. */
const isDocumentOnly = ({ text, reader }: Glance, bytes: Uint8Array, path: string): boolean =>
  reader?.prepare === undefined &&
  reader?.stream === undefined &&
  reader?.mixed?.(text) !== true &&
  !mayHoldOwn(bytes) &&
  !mayBeGathered(text) &&
  !mayHoldClock(text) &&
  !text.includes('image/') &&
  !((mayTell(bytes) || isNamedProgram(path)) && (exampleLines(text).length > 0 || isProgramText(text, path)))

const tellsNothing = ({ events, snapshots, anchors, warnings, sightings = [] }: SourceEvidence): boolean =>
  events.length + snapshots.length + anchors.length + warnings.length + sightings.length === 0
