/** What the terminal can do, judged per stream; what is printed never depends on it, only colour, width and marks. */
export interface Terminal {
  readonly color: boolean
  readonly width: number
  readonly ascii: boolean
}

export function terminalOf(stream: NodeJS.WriteStream, wanted: boolean | undefined): Terminal {
  const env = process.env
  const tty = stream.isTTY === true
  const auto =
    env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0'
      ? true
      : env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== ''
        ? false
        : tty && env['TERM'] !== 'dumb'
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return {
    color: wanted ?? auto,
    width: tty ? Math.max(40, stream.columns ?? 80) : 80,
    ascii: tty && locale !== '' && !/utf-?8/i.test(locale),
  }
}

/** A closed pipe is a reader who has seen enough: stop quietly. */
export function quietOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

/** Writes and waits until the stream has taken it, so that the exit code may follow. */
export function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) =>
      error == null ? resolve() : (error as NodeJS.ErrnoException).code === 'EPIPE' ? resolve() : reject(error),
    )
  })
}
