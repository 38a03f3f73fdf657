import type { InputSource } from '../../input/source.ts'
import type { SourceEvidence } from '../../model/evidence.ts'
import type { SetAside } from '../../model/sighting.ts'
import { holdsAny, latin1Text } from '../../text/latin1.ts'
import { sightingsIn } from '../../witness/index.ts'
import { factsOf } from '../collector.ts'
import { bytesText } from './line-text.ts'
import { without } from './paste.ts'

/** In every output; a line of ndjson has its own first keys, a table its head. */
const MARKS = ['oom-report', 'Cut here to fit into a ticket', '","verdict":"', '"id","verdict","host"', 'id,verdict,host,']

export const mayHoldOwn = (bytes: Uint8Array): boolean => holdsAny(bytes, MARKS)

/** A source without the reports of this program in it, and what they were. */
export interface WithoutOwn {
  readonly rest: Uint8Array
  readonly setAside: readonly SetAside[]
}

/** `null`: there is none in it. */
export async function withoutOwnReports(source: InputSource, bytes: Uint8Array): Promise<WithoutOwn | null> {
  if (!mayHoldOwn(bytes)) return null
  const { ownSpans } = await import('../../witness/own-report.ts')
  const text = bytesText(bytes)
  const spans = ownSpans(text)
  if (spans.length === 0) return null
  const lines = text.split('\n')
  const setAside = spans.map(({ from, to }) => ({
    reason: 'own-report' as const,
    first: { source: source.name, line: from + 1, offset: null, cursor: null, text: lines[from] ?? '' },
    lines: to - from,
    sightings: sightingsIn(source.name, lines.slice(from, to).join('\n'), from + 1),
  }))
  return { rest: without(bytes, spans), setAside }
}

/** A large source that begins as one of our documents is one. */
export async function isOwnDocument(head: Uint8Array): Promise<boolean> {
  const text = latin1Text(head.subarray(0, 8192))
  if (!text.includes('oom-report')) return false
  const { beginsAsOwn } = await import('../../witness/own-report.ts')
  return beginsAsOwn(text)
}

/** A large document of ours as a whole. */
export const wholeSetAside = (source: InputSource, head: Uint8Array): SetAside => ({
  reason: 'own-report',
  first: { source: source.name, line: 1, offset: null, cursor: null, text: bytesText(head.subarray(0, 200)).split('\n')[0] ?? '' },
  lines: 0,
  sightings: [],
})

/** What is left of a source that holds nothing but our own words. */
export function ownEvidence(source: InputSource, lines: number, bytes: number, setAside: readonly SetAside[]): SourceEvidence {
  const facts = factsOf(source, { format: 'oom-report', lines, bytes })
  return { source: facts, events: [], anchors: [], snapshots: [], warnings: [], setAside }
}
