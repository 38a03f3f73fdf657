export interface Literals {
  /** All to be searched; those from `sampledFrom` on are sampled. */
  readonly all: readonly string[]
  readonly sampledFrom: number
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
