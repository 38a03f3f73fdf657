import type { SourceEvidence } from './model/evidence.ts'
import { type Later, openWanted } from './scan/index.ts'
import { concernedBy, nodesConcerned } from './timeline/concerned.ts'

/** Names lead to names (a container's id to its pod's UID, that to its sandbox), each by lines that are read for the one before. */
const MOST_ROUNDS = 8

/**
 * Reads of each source that left lines or objects of ordinary lives out those that matter to whom deaths concern, in whatever source these were told of. `place`: gives evidence
 * its source's place.
 */
export async function withLives(
  evidence: readonly SourceEvidence[],
  laters: readonly Later[],
  place: (evidence: SourceEvidence) => SourceEvidence,
): Promise<readonly SourceEvidence[]> {
  let all = evidence
  let asked = 0
  for (let round = 0; round < MOST_ROUNDS && laters.length > 0; round += 1) {
    const names = concernedBy(all)
    const nodes = laters.some(({ of }) => of === 'objects') ? nodesConcerned(all, names) : new Set<string>()
    if (names.size + nodes.size === asked) return all
    asked = names.size + nodes.size
    const wanted = { lines: openWanted(names), objects: openWanted([...names, ...nodes]) }
    const read = new Map<string, SourceEvidence>()
    for (const later of laters) read.set(later.name, place(await later.read(wanted[later.of])))
    all = all.map((e) => read.get(e.source.name) ?? e)
  }
  return all
}
