import type { Phrase } from '../../model/diagnosis.ts'

/** A command that sets a limit, and what running it does. */
export interface Setting {
  readonly command: string | null
  readonly effect: Phrase
  /** It only shows where to set it. */
  readonly lookFirst?: boolean
}
