import type { DocumentReader } from '../../extract/define-extractor.ts'
import type { PasteFacts, Span } from '../../extract/documents/paste/index.ts'
import type { InputSource } from '../../input/source.ts'
import type { SourceEvidence } from '../../model/evidence.ts'
import type { DocumentFacts } from '../../model/snapshot.ts'
import { holdsAny } from '../../text/latin1.ts'
import { SPACE } from '../../units/characters.ts'
import { bytesText } from './line-text.ts'

/** Larger sources are no pastes: they are read as one thing. */
export const PASTE_BYTES = 512 * 1024

type Paste = typeof import('../../extract/documents/paste/index.ts')

/** What hints at documents of Kubernetes or at a terminal session, in plain bytes: nothing else is loaded or looked at where none of it stands. */
const HINTS = [
  'OOMKilled',
  'OomKilled',
  'Oomkilled',
  'SystemOOM',
  'System OOM encountered, victim',
  'OOMKilling',
  'Evicted',
  'low on resource: memory',
  'killed due to memory usage',
  'Last State',
  'lastState',
  'involvedObject',
  'RESTARTS',
  'LAST SEEN',
  'Containers:',
  'Events:',
  'containerStatuses',
  'kubectl',
  ' ssh ',
  ' dmesg',
  ' journalctl',
  // words of a kill, encoded: such a text is no bundle's quiet file
  'Killed%20',
  'Killed+process',
  'oom-kill%3A',
  ' | rc=',
]

export const hintsAtPaste = (bytes: Uint8Array): boolean => holdsAny(bytes, HINTS)

/** Documents whose reader cannot tell where they end: what stands behind them may be a log. */
const OPEN_ENDED: ReadonlySet<string> = new Set(['describe-pod', 'describe-node', 'kubectl-events', 'kubectl-pods'])
/** A line that no JSON or YAML of an object holds at its begin. */
const FOREIGN =
  /^(?:\[ *\d+\.\d+\] |[IWEF]\d{4} \d\d:\d\d:\d\d\.|\[[A-Z][a-z]{2} [A-Z][a-z]{2} |[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |[^\n]{0,60}[$#] (?:kubectl|oc|k|ssh|dmesg|journalctl) |```)/m

/** The first container of a described pod stands at two blanks; a copy whose blanks were collapsed or that was indented does not. */
const OUT_OF_SHAPE = /^[ \t]*(?:Init |Ephemeral )?Containers: *\r?\n(?! {2}\S)/m

/** What each kind of document begins with, where nothing parts it from the one before: pods in rows, a pod, a node, events, JSON, YAML, pairs, a unit, what the machine's own commands print. */
const HEADS = [
  /^(?:NAMESPACE +)?NAME +READY +STATUS/m,
  /^Name:[ \t]+\S+\r?\nNamespace:/m,
  /^Name:[ \t]+\S+\r?\n(?:Roles?|Labels):/m,
  /^(?:NAMESPACE +)?LAST SEEN +/m,
  /^[{[]["{\s]/m,
  /^(?:apiVersion|kind|status|phase|reason): ?/m,
  /^\w+=\S+ \w+=/m,
  /^[●○×↻*x] \S+\.(?:service|scope|slice)\b/m,
  /^[ \t]+total[ \t]+used[ \t]+free[ \t]|^USER[ \t]+PID[ \t]|^MemTotal:[ \t]|^NAME[ \t]+CPU\(cores\)/m,
]

/** Whether the text of a reader's document holds what another kind begins with: an object's own JSON or YAML is one of those heads itself. */
function holdsAnother(reader: DocumentReader | null, text: string): boolean {
  const own = reader?.id === 'kubernetes-json' || reader?.id === 'kubernetes-yaml' ? 1 : 0
  return HEADS.filter((head) => head.test(text)).length > own
}

export interface Cut {
  readonly facts: PasteFacts
  /** The source's bytes without what was read as a document: lines and offsets stay. */
  readonly rest: Uint8Array
}

/**
 * Cuts a small source into the documents that it holds and the rest. `null`: it is one thing, a log or what `reader` takes it for.
 */
export async function cutPaste(source: InputSource, reader: DocumentReader | null, bytes: Uint8Array): Promise<Cut | null> {
  const isOpenEnded = reader !== null && OPEN_ENDED.has(reader.id)
  // What `systemctl` printed and nothing else is its own reader's.
  const hasUnit = reader?.id !== 'systemctl' && holdsAny(bytes, ['Result: oom-kill'])
  if (!isOpenEnded && !hasUnit && !hintsAtPaste(bytes)) return null
  const text = bytesText(bytes)
  // A bundle's files are mostly one thing each, unless what another begins with stands in them; headed sections are parted already.
  const isParted = reader?.id === 'sections' || (source.bundle !== source.name && !holdsAnother(reader, text))
  if (reader !== null && !isOpenEnded && isParted && !FOREIGN.test(text)) return null
  const paste: Paste = await import('../../extract/documents/paste/index.ts')
  if (!paste.maybePaste(text)) return null
  await paste.preparePaste()
  const facts = paste.readPaste({ source: source.name, text, path: source.path, modifiedMs: source.modifiedMs })
  if (facts.taken.length === 0 && facts.hosts.length === 0) return null
  const rest = without(bytes, facts.taken)
  // One document, as its program printed it, is its own reader's.
  const isOne = isOpenEnded ? HEADS.filter((head) => head.test(text)).length < 2 : facts.taken.length < 2
  return reader !== null && isOne && !facts.mended && !rest.some((byte) => byte > SPACE) && !OUT_OF_SHAPE.test(text)
    ? null
    : { facts, rest }
}

/** The bytes with the lines of `spans` made empty: carriage returns are no part of a line. */
export function without(bytes: Uint8Array, spans: readonly Span[]): Uint8Array {
  const rest = bytes.slice()
  let line = 0
  let start = 0
  for (const { from, to } of spans) {
    for (; line < from; line += 1) start = lineAfter(bytes, start)
    let end = start
    for (; line < to && end < bytes.length; line += 1) end = lineAfter(bytes, end)
    for (let at = start; at < end; at += 1) if (rest[at] !== 10) rest[at] = 13
    start = end
  }
  return rest
}

function lineAfter(bytes: Uint8Array, start: number): number {
  const feed = bytes.indexOf(10, start)
  return feed === -1 ? bytes.length : feed + 1
}

/** The bytes with everything but the lines of `span` made empty. */
export function only(bytes: Uint8Array, { from, to }: Span): Uint8Array {
  return without(bytes, [
    { from: 0, to: from },
    { from: to, to: Number.POSITIVE_INFINITY },
  ])
}

/** What documents tell, beside what the rest tells. */
export function withDocuments(text: SourceEvidence, documents: readonly DocumentFacts[], format: string): SourceEvidence {
  return {
    ...text,
    source: { ...text.source, format },
    events: [...documents.flatMap(({ events }) => events), ...text.events],
    snapshots: [...documents.flatMap(({ snapshots }) => snapshots), ...text.snapshots],
    warnings: [...documents.flatMap(({ warnings }) => warnings), ...text.warnings],
  }
}
