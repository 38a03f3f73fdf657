import type { DocumentReader, PieceReader } from '../extract/define-extractor.ts'
import type { InputSource } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { DocumentFacts } from '../model/snapshot.ts'
import { openStreamWitness } from '../witness/index.ts'
import { factsOf } from './collector.ts'
import { openObjectParts } from './object-parts.ts'
import type { SourceBytes } from './source-bytes.ts'
import type { LivesLater } from './tools.ts'

const PIECE_BYTES = 1 << 18
const NEWLINE = 10
/** More than any word has by which a reader knows that its document holds logs, too. */
const SEAM = 64

/**
 * A document of many objects, piece by piece. With `lives`, those that tell nothing by themselves are passed by, and those of them that deaths make matter are read
 * again: what a list of any length takes is what it tells. `null`: its reader says that there are logs in it, too, or that it is broken within.
 */
export async function readLargeDocument(
  source: InputSource,
  reader: DocumentReader & { readonly large: PieceReader },
  input: SourceBytes,
  lives: LivesLater | null,
): Promise<SourceEvidence | null> {
  await reader.prepare?.()
  const witness = openStreamWitness(source.name)
  const parts = openObjectParts(source.name, source.path, reader.large, lives !== null)
  /** As many characters as bytes so far: they are all of ASCII. */
  const isPlain = (): boolean => characters === bytes
  const pieces = reader.large.cut((piece) => parts.add(piece, isPlain()))
  const decoder = new TextDecoder()
  const buffer = new Uint8Array(PIECE_BYTES)
  let [bytes, characters] = [0, 0]
  let lines = 0
  let last = NEWLINE
  let seam = ''
  const push = (text: string): boolean => {
    if (lives !== null && (reader.mixed?.(text) === true || reader.mixed?.(seam + text.slice(0, SEAM)) === true)) return false
    seam = text.slice(-SEAM)
    characters += text.length
    pieces.push(text)
    witness.push(text)
    return true
  }
  for (;;) {
    const read = await input.read(buffer)
    if (read === 0) break
    const piece = buffer.subarray(0, read)
    bytes += read
    last = piece.at(-1) ?? last
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, at + 1)) lines += 1
    if (!push(decoder.decode(piece, { stream: true }))) return null
  }
  push(decoder.decode())
  pieces.end()
  const cuts = parts.told().warnings.filter(({ code }) => code === 'document-cut').length
  if (lives !== null && pieces.isAstray?.(cuts) === true) return null
  const facts = factsOf(source, { format: reader.id, lines: last === NEWLINE ? lines : lines + 1, bytes })
  const sightings = witness.sightings()
  const evidenceOf = (told: DocumentFacts): SourceEvidence => ({ source: facts, ...told, anchors: [], sightings })
  const { file } = source
  if (lives !== null && file !== null && parts.passed() > 0) {
    // Bytes that are no UTF-8 are not found again by the length of what they were read as.
    if (parts.bytes() !== bytes) {
      input.seek(0)
      return readLargeDocument(source, reader, input, null)
    }
    lives.onLater({
      name: source.name,
      of: 'objects',
      async read({ names }) {
        const opened = file.open()
        try {
          return evidenceOf(parts.toldWith(names, opened))
        } finally {
          opened.close()
        }
      },
    })
  }
  return evidenceOf(parts.told())
}
