import type { DocumentReader } from '../extract/define-extractor.ts'
import type { Span } from '../extract/documents/paste/index.ts'
import type { InputSource, SourceName } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { DocumentFacts } from '../model/snapshot.ts'
import type { Warning } from '../model/warning.ts'
import { reasonOf, warning } from '../warnings.ts'
import { sightingsIn } from '../witness/index.ts'
import { factsOf } from './collector.ts'
import { SNIFF_LINES } from './line-choice.ts'
import type { SourceBytes } from './source-bytes.ts'
import { bytesText } from './text/line-text.ts'
import type { ScanTools } from './tools.ts'

/** Where words of a kill stand in these, they are a cgroup's name or a command line. */
const NAMES_ONLY: ReadonlySet<string> = new Set(['cgroup-files', 'processes', 'proc-pid'])

/** What a document's reader made of it; `null` with a warning where it threw: it is then read as a log. */
export async function readDocumentSafely(
  source: InputSource,
  reader: DocumentReader,
  bytes: Uint8Array,
): Promise<{ readonly evidence: SourceEvidence | null; readonly warnings: readonly Warning[] }> {
  try {
    return { evidence: await readDocument(source, reader, bytes), warnings: [] }
  } catch (error) {
    return { evidence: null, warnings: [warning('reader-failed', source.name, null, { reader: reader.id, reason: reasonOf(error) })] }
  }
}

/** Larger ones are read as logs. */
export const DOCUMENT_BYTES = 64 * 1024 * 1024

/** The reader that claims the source: the forced one, a strong claim, or a weak one where no wrapping of log lines is sure. */
export function documentReaderOf(source: InputSource, tools: ScanTools, head: Uint8Array): DocumentReader | null {
  if (tools.inputFormat !== null) return tools.documentReaders.find((reader) => reader.id === tools.inputFormat) ?? null
  const text = bytesText(head)
  let weak: DocumentReader | null = null
  for (const reader of tools.documentReaders) {
    const strength = sniffed(reader, text, source.path)
    if (strength === 'strong') return reader
    if (strength === 'weak') weak ??= reader
  }
  if (weak === null) return null
  const lines = text.split(/\r?\n/, SNIFF_LINES)
  const format = tools.detectFormat(lines)
  return format === null || format.sniff(lines) !== 'strong' ? weak : null
}

/** Head of a block of a paste that tells what it is. */
const BLOCK_HEAD = 8192

/** What the host's own documents (`free`, `ps`, `sysctl -a`) between the logs of a paste tell. They are not taken out: logs may stand behind them. */
export function blockFacts(source: InputSource, tools: ScanTools, text: string, blocks: readonly Span[]): DocumentFacts[] {
  const lines = text.split('\n')
  return blocks.flatMap(({ from, to }) => {
    const block = lines.slice(from, to).join('\n')
    const reader = tools.documentReaders.find((one) => one.sniff(block.slice(0, BLOCK_HEAD), '') === 'strong')
    const isWhole = reader !== undefined && reader.prepare === undefined
    return isWhole
      ? [reader.read({ source: source.name, text: block, path: source.path, modifiedMs: source.modifiedMs, firstLine: from + 1 })]
      : []
  })
}

/** A reader that throws at the look of a text does not claim it. */
function sniffed(reader: DocumentReader, text: string, path: string): ReturnType<DocumentReader['sniff']> {
  try {
    return reader.sniff(text, path)
  } catch {
    return 'none'
  }
}

/** The whole source, or the pieces read so far when it is too large. */
export async function readWhole(input: SourceBytes, limit: number): Promise<{ readonly pieces: Uint8Array[]; readonly whole: boolean }> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  while (bytes <= limit) {
    const piece = new Uint8Array(1 << 18)
    const read = await input.read(piece)
    if (read === 0) return { pieces, whole: true }
    pieces.push(piece.subarray(0, read))
    bytes += read
  }
  return { pieces, whole: false }
}

async function readDocument(source: InputSource, reader: DocumentReader, bytes: Uint8Array): Promise<SourceEvidence> {
  await reader.prepare?.()
  return documentEvidence(source, reader, bytesText(bytes), bytes.length)
}

/** What a reader that is prepared makes of a document. Throws as the reader does. */
export function documentEvidence(source: SourceName, reader: DocumentReader, text: string, bytes: number): SourceEvidence {
  const { events, snapshots, warnings } = reader.read({ source: source.name, text, path: source.path, modifiedMs: source.modifiedMs })
  const lines = countLines(text)
  const empty = lines === 0 ? [warning('input-empty', source.name, null)] : []
  return {
    source: factsOf(source, { format: reader.id, lines, bytes }),
    events,
    anchors: [],
    snapshots,
    warnings: [...warnings, ...empty],
    sightings: NAMES_ONLY.has(reader.id) ? [] : sightingsIn(source.name, text),
  }
}

export function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1
  return text === '' || text.endsWith('\n') ? lines : lines + 1
}
