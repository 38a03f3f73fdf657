/** Sources that were looked at and of which nothing was kept, since nothing is in them. */
export interface QuietTally {
  readonly count: number
  readonly lines: number
  readonly bytes: number
}
