/** The caller's mistake: one line and a hint, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
