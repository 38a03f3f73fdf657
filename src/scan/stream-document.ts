import type { DocumentReader, DocumentStream } from '../extract/define-extractor.ts'
import type { InputSource } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import { openStreamWitness } from '../witness/index.ts'
import { factsOf } from './collector.ts'
import type { SourceBytes } from './source-bytes.ts'

const PIECE_BYTES = 1 << 18
const NEWLINE = 10

/** A document of any size, piece by piece, by one of its reader's streams. */
export async function streamDocument(
  source: InputSource,
  reader: DocumentReader,
  open: (source: string, path: string) => DocumentStream,
  input: SourceBytes,
): Promise<SourceEvidence> {
  await reader.prepare?.()
  const witness = openStreamWitness(source.name)
  const stream = open(source.name, source.path)
  const decoder = new TextDecoder()
  const buffer = new Uint8Array(PIECE_BYTES)
  let bytes = 0
  let lines = 0
  let last = NEWLINE
  const push = (text: string): void => {
    stream.push(text)
    witness.push(text)
  }
  for (;;) {
    const read = await input.read(buffer)
    if (read === 0) break
    const piece = buffer.subarray(0, read)
    bytes += read
    last = piece.at(-1) ?? last
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, at + 1)) lines += 1
    push(decoder.decode(piece, { stream: true }))
  }
  push(decoder.decode())
  const { events, snapshots, warnings } = stream.end()
  const facts = factsOf(source, { format: reader.id, lines: last === NEWLINE ? lines : lines + 1, bytes })
  return { source: facts, events, anchors: [], snapshots, warnings, sightings: witness.sightings() }
}
