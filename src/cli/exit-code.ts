/** What a run came to, for its exit code (contract: 3 before 4 before 1). */
export interface RunOutcome {
  readonly inputs: number
  readonly unreadable: number
  readonly incidents: number
  /** Some of what was read is broken or was cut: the report is of less than the whole. */
  readonly partly?: boolean
  /** `--exit-code` was given. */
  readonly tell: boolean
}

export const usageError = 2
/** An output could not be written. */
export const outputError = 5
/** A bug of ours. */
export const internalError = 70
/** Ended by Ctrl-C. */
export const interrupted = 130
/** Ended by SIGTERM. */
export const terminated = 143

export function exitCodeOf({ inputs, unreadable, incidents, partly, tell }: RunOutcome): 0 | 1 | 3 | 4 {
  if (inputs > 0 && unreadable >= inputs) return 3
  if (unreadable > 0 || partly === true) return 4
  return tell && incidents > 0 ? 1 : 0
}
