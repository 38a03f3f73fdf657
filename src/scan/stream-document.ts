import type { DocumentReader } from '../extract/define-extractor.ts'
import type { InputSource } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import { factsOf } from './collector.ts'
import type { SourceBytes } from './source-bytes.ts'

const PIECE_BYTES = 1 << 18
const NEWLINE = 10

export type StreamReader = DocumentReader & Required<Pick<DocumentReader, 'stream'>>

export const canStream = (reader: DocumentReader | null): reader is StreamReader => reader?.stream !== undefined

/** A document of any size, piece by piece. */
export async function streamDocument(source: InputSource, reader: StreamReader, input: Pick<SourceBytes, 'read'>): Promise<SourceEvidence> {
  await reader.prepare?.()
  const stream = reader.stream(source.name)
  const decoder = new TextDecoder()
  const buffer = new Uint8Array(PIECE_BYTES)
  let bytes = 0
  let lines = 0
  let last = NEWLINE
  for (;;) {
    const read = await input.read(buffer)
    if (read === 0) break
    const piece = buffer.subarray(0, read)
    bytes += read
    last = piece.at(-1) ?? last
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, at + 1)) lines += 1
    stream.push(decoder.decode(piece, { stream: true }))
  }
  stream.push(decoder.decode())
  const { events, snapshots, warnings } = stream.end()
  const facts = factsOf(source, { format: reader.id, lines: last === NEWLINE ? lines : lines + 1, bytes })
  return { source: facts, events, anchors: [], snapshots, warnings }
}
