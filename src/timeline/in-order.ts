import type { SourceEvidence } from '../model/evidence.ts'

/**
 * Bundle by bundle, old rotations first, by the names that the report shows: where files happen to lie decides nothing. `/mnt/b/dmesg.txt` and
 * `/tmp/kern.log` stand as `dmesg.txt` and `kern.log` do.
 */
export function inOrder(evidence: readonly SourceEvidence[], shortName: (source: string) => string): SourceEvidence[] {
  const keyed = evidence.map((e) => ({ e, key: keyOf(e, shortName(e.source.name)) }))
  return keyed
    .sort(
      (a, b) =>
        compare(a.key.bundle, b.key.bundle) ||
        compare(a.key.family, b.key.family) ||
        b.e.source.place.generation - a.e.source.place.generation ||
        compare(a.key.name, b.key.name),
    )
    .map(({ e }) => e)
}

/** A name loses what shortening leaves out at its front; so do the bundle and, of a loose file, the family of rotations, which begin as it does. */
function keyOf({ source: { name, place } }: SourceEvidence, short: string) {
  const lost = name.length - short.length
  const cut = (text: string, folder: string): string => (lost > 0 && folder !== '' && name.startsWith(folder) ? text.slice(lost) : text)
  const family = place.family.slice(0, place.family.lastIndexOf('/') + 1)
  return { bundle: cut(place.bundle, place.bundle), family: cut(place.family, family), name: short }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
