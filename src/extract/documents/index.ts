import type { DocumentReader } from '../define-extractor.ts'
import { describeNode } from './describe-node.ts'
import { describePod } from './describe-pod.ts'
import { eventsTable } from './events-table.ts'
import { manifestJson } from './manifest-json.ts'
import { manifestYaml } from './manifest-yaml.ts'
import { podsTable } from './pods-table.ts'

/** Every kind of document, asked in this order; the first that is sure of a head has it, else the first that takes it for possible. */
export const documentReaders: readonly DocumentReader[] = [manifestJson, manifestYaml, describePod, describeNode, eventsTable, podsTable]

export interface Recognition {
  readonly reader: DocumentReader
  readonly strength: 'weak' | 'strong'
}

/** The reader of a document by its head (some kilobytes) and path; `null` when it is none, as for every log. */
export function recognise(head: string, path: string): Recognition | null {
  let weak: Recognition | null = null
  for (const reader of documentReaders) {
    const strength = reader.sniff(head, path)
    if (strength === 'strong') return { reader, strength }
    if (strength === 'weak') weak ??= { reader, strength }
  }
  return weak
}
