import type { Published } from './publish.ts'

export interface BatchOutcome extends Published {
  readonly bundles: number
  /** Bundles of which nothing could be read, and those that are broken in any way. */
  readonly unreadable: number
  readonly broken: number
  readonly reused: number
}
