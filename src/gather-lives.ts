import type { SourceEvidence } from './model/evidence.ts'
import { type Later, openWanted } from './scan/index.ts'
import { concernedBy } from './timeline/concerned.ts'

/** Names lead to names (a container's id to its pod's UID, that to its sandbox), each by lines that are read for the one before. */
const MOST_ROUNDS = 8

/**
 * Reads of each source that left lines of ordinary lives out those that matter to whom deaths concern, in whatever source these were told of. `place`: gives evidence
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
    if (names.size === asked) return all
    asked = names.size
    const wanted = openWanted(names)
    const read = new Map<string, SourceEvidence>()
    for (const later of laters) read.set(later.name, place(await later.read(wanted)))
    all = all.map((e) => read.get(e.source.name) ?? e)
  }
  return all
}
