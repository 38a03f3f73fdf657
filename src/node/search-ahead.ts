import path from 'node:path'
import type { Literals } from '../scan/search/literals.ts'
import { borrowNeedle } from '../scan/search/needles.ts'
import { readyLiterals } from '../scan/search/ready-literals.ts'
import { openRegions, openSearcher, type Plan, planOf, type Regions } from '../scan/search/regions.ts'
import { compileLate } from './compiler.ts'
import type { OnBytes } from './file-bytes.ts'
import { openFileBytes } from './file-bytes.ts'
import { LARGE_BYTES, largeFile } from './large.ts'
import { type Crew, openCrew } from './threads.ts'

/** Searches that were begun before their reader was there. */
export interface Ahead {
  /** Hands over the search of a file; `null` if there is none for these literals. */
  claim(file: string, size: number, literals: Literals, sampled: boolean): Begun | null
  /** Ends those that nobody has claimed. */
  close(): void
}

interface Begun {
  readonly plan: Plan
  readonly crew: Crew | null
}

/**
 * Has threads begin to search the first large file of the arguments, while this one loads what reads it. `null`: there is none, or the literals are not
 * ready. Says nothing of files that cannot be opened: their reader does.
 */
export function beginAhead(paths: readonly string[], literals: Literals | null = readyLiterals?.literals ?? null): Ahead | null {
  const found = paths.map(largeFile).find((file) => file !== null)
  if (literals === null || found === undefined) return null
  const plan = planOf(found.file, found.size, literals, { sampled: found.kind === 'text' })
  let begun: Begun | null = begin(plan)
  return {
    claim(file, size, wanted, sampled) {
      const { path: own, size: ownSize } = plan
      if (begun === null || path.resolve(file) !== path.resolve(own) || size !== ownSize) return null
      if (wanted !== literals || sampled !== plan.sampled) return null
      const claimed = begun
      begun = null
      return claimed
    },
    close() {
      begun?.crew?.leave()
      begun = null
    },
  }
}

interface Beside {
  readonly ahead: Ahead | null
  readonly onBytes: OnBytes | null
}

/** The regions of a large file, with other threads at work on them where there are cores and a built worker file; `null` for smaller ones. */
export function regionsOf(file: string, size: number, literals: Literals, sampled: boolean, { ahead, onBytes }: Beside): Regions | null {
  if (size < LARGE_BYTES) return null
  const { plan, crew } = ahead?.claim(file, size, literals, sampled) ?? begin(planOf(file, size, literals, { sampled }))
  const own = borrowNeedle(literals.all, null, literals.sampledFrom)
  const regions = openRegions(plan, openSearcher(plan, openFileBytes(plan.path), own.needle))
  const compile = crew === null ? () => {} : compileLate()
  return {
    ...regions,
    again: () => searchedRegions(plan),
    isSearched(region) {
      // What is read while nobody searches any more is most of a log where all lines are wanted: compiling pays there.
      if (regions.allTaken()) compile()
      onBytes?.(region * regions.bytes, size)
      return regions.isSearched(region)
    },
    close() {
      compile()
      regions.close()
      own.giveBack()
      crew?.leave()
    },
  }
}

/** The regions of a search that has come to its end, for another reading. */
function searchedRegions(plan: Plan): Regions {
  const own = borrowNeedle(plan.literals.all, null, plan.literals.sampledFrom)
  const regions = openRegions(plan, openSearcher(plan, openFileBytes(plan.path), own.needle))
  return {
    ...regions,
    close() {
      regions.close()
      own.giveBack()
    },
  }
}

function begin(plan: Plan): Begun {
  return { plan, crew: openCrew('search-worker.js', plan) }
}
