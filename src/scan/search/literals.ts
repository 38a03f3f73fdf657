export interface Literals {
  /** All to be searched: those that decide by themselves, from `livesFrom` on those of ordinary lives, from `sampledFrom` on the sampled ones. */
  readonly all: readonly string[]
  readonly livesFrom: number
  readonly sampledFrom: number
  /** Words by which a line of ordinary lives matters to anybody. */
  readonly telling: readonly string[]
}

export interface Owned {
  readonly literal: string
  readonly index: number
}

/** Extractors by their indexes, for each literal of `literalsOf`; and the literals that are not searched for in any form. */
export interface FoundOwners {
  readonly owners: readonly (readonly number[])[]
  readonly unfound: readonly Owned[]
}
