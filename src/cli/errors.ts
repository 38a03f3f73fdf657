/** The caller's mistake: one line and a hint, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** An output that could not be written: disk full, read-only, gone. One line that says what and where, exit code 5. */
export class OutputError extends Error {
  override readonly name = 'OutputError'

  constructor(target: string, cause: unknown) {
    super(
      `cannot write ${target}: ${isNoFolder(cause) ? 'there is no such folder' : cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

/** The file itself is made; what is not there is the folder that it is to lie in. */
const isNoFolder = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'
