import { sampleBlock } from '../line-choice.ts'
import type { Literals } from './literals.ts'

/** Decides which lines hold a literal that counts: any of the extractors', or the first of a sampled one in its block. */
export interface Judge {
  /** An occurrence at this offset cannot count: it is of a sampled literal, whose block has had its own. */
  isSpent(literal: number, offset: number): boolean
  /** `found`: indexes of the literals seen in the line; those of sampled literals may be missing where an own one is among them. */
  holdsLiteral(found: readonly number[], text: () => string, offset: number): boolean
}

/** `only`: of those that decide by themselves, the ones that count; sampled ones do not count then. */
export function openJudge({ all, sampledFrom, livesFrom }: Literals, only: Uint8Array | null): Judge {
  const lastBlock = all.slice(sampledFrom).map(() => -1)
  if (only !== null) {
    const counts = (literal: number): boolean => literal < sampledFrom && (literal >= livesFrom || only[literal] === 1)
    return { isSpent: (literal) => !counts(literal), holdsLiteral: (found) => found.some(counts) }
  }
  return {
    // A line begins at or before what stands in it, so its block is no later one.
    isSpent: (literal, offset) => literal >= sampledFrom && (lastBlock[literal - sampledFrom] ?? -1) >= sampleBlock(offset).begin,
    holdsLiteral(found, text, offset) {
      if (found.length === 0) return false
      const own = found.some((literal) => literal < sampledFrom)
      const block = sampleBlock(offset).begin
      let sampled = false
      for (const [index, last] of lastBlock.entries()) {
        if (last >= block) continue
        if (own ? !text().includes(all[sampledFrom + index] ?? '') : !found.includes(sampledFrom + index)) continue
        lastBlock[index] = block
        sampled = true
      }
      return own || sampled
    },
  }
}
