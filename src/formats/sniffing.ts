import { isFiller } from './prefixed.ts'

export type Verdict = 'none' | 'weak' | 'strong'

/**
 * Judges a head by the share of lines that begin a record. Blank lines, fillers and indented lines (continuations) do not count; a boot
 * banner or a cut first line may stand before the records.
 */
export function judge(head: readonly string[], begins: (text: string) => boolean, share = 0.5): Verdict {
  let counted = 0
  let hits = 0
  for (const text of head) {
    if (begins(text)) hits += 1
    else if (text.startsWith('  ') || text.startsWith('\t') || isFiller(text)) continue
    counted += 1
  }
  if (hits === 0) return 'none'
  return hits >= counted * share ? 'strong' : 'weak'
}
