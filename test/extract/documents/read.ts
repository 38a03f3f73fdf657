import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DocumentReader, PieceReader } from '../../../src/extract/define-extractor.ts'
import { documentReaders } from '../../../src/extract/documents/index.ts'
import type { ObjectEvent } from '../../../src/model/event.ts'
import type { Quote } from '../../../src/model/origin.ts'
import type { DocumentFacts, Snapshot } from '../../../src/model/snapshot.ts'
import { openObjectParts } from '../../../src/scan/object-parts.ts'

export const samplesRoot = join(import.meta.dirname, '../../../samples')

/** Length of the head that readers are shown: as the scan layer does it. */
export const HEAD = 8192

export interface ReadText {
  readonly id: string | null
  readonly facts: DocumentFacts
}

/** The reader of a document by its head and path, of any length and whatever wrapping it could have; `null` when it is none, as for every log. */
export function recognise(head: string, path: string): DocumentReader | null {
  const by = (strength: string) => documentReaders.find((reader) => reader.sniff(head, path) === strength)
  return by('strong') ?? by('weak') ?? null
}

/** Recognises and reads a text as if it stood at `path`. */
export async function readText(text: string, path: string): Promise<ReadText> {
  const found = recognise(text.slice(0, HEAD), path)
  if (found === null) return { id: null, facts: { snapshots: [], events: [], warnings: [] } }
  await found.prepare?.()
  return { id: found.id, facts: found.read({ source: path, text, path, modifiedMs: null }) }
}

export const sampleText = (name: string): string => readFileSync(join(samplesRoot, name), 'utf8')

export const readSample = (name: string): Promise<ReadText> => readText(sampleText(name), name)

export function ofKind<K extends Snapshot['kind']>(facts: DocumentFacts, kind: K): Extract<Snapshot, { kind: K }>[] {
  return facts.snapshots.filter((one): one is Extract<Snapshot, { kind: K }> => one.kind === kind)
}

export const objectEvents = (facts: DocumentFacts): ObjectEvent[] =>
  facts.events.filter((one): one is ObjectEvent => one.kind === 'object-event')

/** Every quote anywhere inside. */
export function quotesIn(value: unknown): Quote[] {
  if (value === null || typeof value !== 'object') return []
  if ('text' in value && 'line' in value && 'source' in value) return [value as Quote]
  return Object.values(value).flatMap(quotesIn)
}

/** What a large document tells whose text comes in steps, all objects kept. */
export function readInSteps(reader: DocumentReader, name: string, text: string): DocumentFacts {
  const large = reader.large as PieceReader
  const parts = openObjectParts(name, name, large, false)
  const pieces = large.cut((piece) => parts.add(piece, false))
  for (let at = 0; at < text.length; at += 1 << 18) pieces.push(text.slice(at, at + (1 << 18)))
  pieces.end()
  return parts.told()
}
