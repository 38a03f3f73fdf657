import { fstatSync, statSync } from 'node:fs'
import { OutputError } from './errors.ts'
import { outputError } from './exit-code.ts'
import { writeWhole } from './files.ts'

type StandardStream = 'stdout' | 'stderr'
const descriptors = { stdout: 1, stderr: 2 } as const

/**
 * What stands behind a standard stream. `process.stdout` itself is asked only where it must be: making it loads more of Node's own code than the rest of
 * a small run.
 */
function behind(stream: StandardStream): 'file' | 'device' | 'pipe' {
  const stats = fstatSync(descriptors[stream])
  // Nothing needs to be waited for.
  if (stats.isFile() || stats.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev) return 'file'
  return stats.isCharacterDevice() ? 'device' : 'pipe'
}

export function isTerminal(stream: StandardStream): boolean {
  return behind(stream) === 'device' && process[stream].isTTY === true
}

/** What the terminal can do, judged per stream; what is printed never depends on it, only colour, width and marks. */
export interface Terminal {
  readonly color: boolean
  readonly width: number
  readonly ascii: boolean
}

export function terminalOf(stream: StandardStream, wanted: boolean | undefined): Terminal {
  const env = process.env
  const tty = isTerminal(stream)
  const forced = env['FORCE_COLOR']
  const auto =
    forced !== undefined
      ? forced !== '0' && forced !== 'false'
      : env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== ''
        ? false
        : tty && env['TERM'] !== 'dumb'
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return {
    color: wanted ?? auto,
    width: tty ? Math.max(40, process[stream].columns || 80) : 80,
    ascii: tty && locale !== '' && !/utf-?8/i.test(locale),
  }
}

/** A closed pipe is a reader who has seen enough: stop quietly. */
export function quietOnClosedPipe(): void {
  if (behind('stdout') === 'file') return
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    process.stderr.write(`oom-report: ${new OutputError('to standard output', error).message}\n`)
    process.exit(outputError)
  })
}

/** Writes a text piece by piece: a slow reader holds the writer back. */
export async function writeAll(stream: StandardStream, pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) await write(stream, piece)
}

/** Writes and waits until the stream has taken it, so that the exit code may follow. */
async function write(stream: StandardStream, text: string): Promise<void> {
  if (behind(stream) === 'file') return writeDescriptor(stream, text)
  await new Promise<void>((resolve, reject) => {
    process[stream].write(text, (error) =>
      error == null || (error as NodeJS.ErrnoException).code === 'EPIPE' || stream === 'stderr'
        ? resolve()
        : reject(unwritable(stream, error)),
    )
  })
}

function writeDescriptor(stream: StandardStream, text: string): void {
  try {
    writeWhole(descriptors[stream], text)
  } catch (error) {
    // A summary that nobody can read is no reason to fail.
    if (stream === 'stdout') throw unwritable(stream, error)
  }
}

const unwritable = (stream: StandardStream, error: unknown): OutputError =>
  new OutputError(stream === 'stdout' ? 'to standard output' : 'to standard error', error)
