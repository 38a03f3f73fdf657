import { documentReaders } from '../../src/extract/documents/index.ts'
import { extractors } from '../../src/extract/index.ts'
import { detectFormat, formats } from '../../src/formats/index.ts'
import { scanSource } from '../../src/scan/index.ts'
import { sourceOf } from './tools.ts'

const tools = { formats, detectFormat, extractors, documentReaders, inputFormat: null }

/** What the reports of a text say, without where and when. */
export async function told(text: string): Promise<string[]> {
  const [evidence] = await scanSource(sourceOf(text), tools)
  const dumps = evidence?.events.flatMap((event) => (event.kind === 'kernel-oom' ? [event.dump] : [])) ?? []
  return dumps.map((dump) => JSON.stringify(dump, withoutPlaces, 1))
}

/** Quotes and moments go, and what is counted in lines. */
function withoutPlaces(key: string, value: unknown): unknown {
  if (/^(?:moment|firstMoment|lastMoment|caller|lines|lineCount|excerpt|host|trouble)$/.test(key)) return undefined
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'object' && first !== null && 'offset' in first ? undefined : value
}

/** Every kill of a text in order, each once. */
export async function killsIn(text: string): Promise<string[]> {
  const [evidence] = await scanSource(sourceOf(text), tools)
  const dumps = evidence?.events.flatMap((event) => (event.kind === 'kernel-oom' ? [event.dump] : [])) ?? []
  return dumps.flatMap((dump) => dump.kills.map((kill) => `${kill.pid} ${kill.comm}`))
}
