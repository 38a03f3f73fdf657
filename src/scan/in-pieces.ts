import type { DocumentReader, PieceReader } from '../extract/define-extractor.ts'
import { together } from '../input/bytes.ts'
import type { InputSource } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import { readWhole } from './documents.ts'
import { laidDown } from './laid-down.ts'
import { readLargeDocument } from './large-document.ts'
import type { Later } from './later.ts'
import { again, type SourceBytes } from './source-bytes.ts'
import type { LivesLater, ScanTools } from './tools.ts'

/** A document that cannot be read twice is laid down first where it is so many times as large as a file whose ordinary objects are passed by: 8 MiB. */
const LAID_DOWN = 8

/** What a document tells that was read piece by piece; or (`evidence` is `null`) from where it is to be read as a whole. */
export interface InPieces {
  readonly evidence: SourceEvidence | null
  readonly source: InputSource
  readonly input: SourceBytes
  /** Call once, when `input` was read. */
  close(): void
}

export const hasPieces = (reader: DocumentReader | null): reader is DocumentReader & { readonly large: PieceReader } =>
  reader?.large !== undefined

/** Reads a large document of many objects piece by piece; one that holds logs, too, is to be read as a whole. */
export async function readInPieces(
  source: InputSource,
  tools: ScanTools,
  input: SourceBytes,
  reader: DocumentReader | null,
): Promise<InPieces> {
  const { lives, spool } = tools
  const unread = { evidence: null, source, input, close() {} }
  if (!hasPieces(reader) || lives === undefined || tools.slow === true) return unread
  if (input.isFile) {
    if ((source.size ?? 0) <= lives.from) return unread
    const evidence = await readLargeDocument(source, reader, input, lives)
    if (evidence === null) input.seek(0)
    return { ...unread, evidence }
  }
  if (spool === undefined || lives.from === Infinity) return unread
  const { pieces, whole } = await readWhole(input, LAID_DOWN * lives.from)
  const laid = whole ? null : await laidDown(source, pieces, input, spool)
  if (laid === null) return { ...unread, input: again(input, together(pieces)) }
  tools.onMuch?.()
  const lent = { isLent: false }
  try {
    const evidence = await readLargeDocument(laid.source, reader, laid.input, lending(lives, laid.close, lent))
    if (evidence === null) laid.input.seek(0)
    else if (!lent.isLent) laid.close()
    return { ...laid, evidence }
  } catch (error) {
    laid.close()
    throw error
  }
}

/** Whoever asks for objects later closes the file that they are read of. */
function lending(lives: LivesLater, close: () => void, lent: { isLent: boolean }): LivesLater {
  const onLater = (later: Later): void => {
    lent.isLent = true
    lives.onLater({ ...later, close })
  }
  return { ...lives, onLater }
}
