import type { Warning } from '../model/warning.ts'
import { type WarningCode, warning } from '../warnings.ts'

type Args = Readonly<Record<string, string | number>>
type Ends = 'stream' | 'input' | 'run'

/**
 * Thrown inside the room by what unpacks, where a stream cannot go on; always caught inside the room, at the layer that knows the name,
 * and told as a warning. `ends`: with what it is over when a bound is reached, the stream alone, the input (with all nested in it), or the run.
 */
export class Trouble extends Error {
  readonly code: WarningCode
  readonly args: Args
  readonly ends: Ends

  constructor(code: WarningCode, args: Args, ends: Ends = 'stream') {
    super(code)
    this.code = code
    this.args = args
    this.ends = ends
  }
}

/** One warning with its place. `name` is the source's; `null` for the run as a whole. */
export type Report = (code: WarningCode, name: string | null, args?: Args) => void

export interface TroubleLog {
  readonly report: Report
  /** Tells of whatever was thrown; things that are no trouble of the data (bugs) are thrown on. */
  readonly caught: (error: unknown, name: string) => void
  readonly warnings: () => readonly Warning[]
  /** Troubles told so far, the ones not kept too. */
  readonly count: () => number
  /** A bound of the input or the run was reached: nothing more of it is to be read. */
  readonly stopped: () => boolean
  /** The next input begins: what ended the one before does not end it. False where the run is over. */
  readonly nextInput: () => boolean
}

/** At most so many warnings of one code are kept: a broken disk can have a hundred thousand unreadable files. */
const kept = 100

export function troubleLog(): TroubleLog {
  const warnings: Warning[] = []
  const counts = new Map<string, number>()
  let over: Ends = 'stream'
  let told = 0
  const report: Report = (code, name, args = {}) => {
    const n = (counts.get(code) ?? 0) + 1
    counts.set(code, n)
    told += 1
    if (n <= kept) warnings.push(warning(code, name, null, { ...args }))
  }
  const more = (): Warning[] =>
    [...counts].filter(([, n]) => n > kept).map(([code, n]) => warning('more-of-the-same', null, null, { count: n - kept, code }))
  return {
    report,
    caught: (error, name) => {
      if (error instanceof Trouble) {
        if (error.ends !== 'stream' && over !== 'stream') return
        if (error.ends !== 'stream') over = error.ends
        report(error.code, name, error.args)
      } else if (isSystemError(error)) report('input-unreadable', name, { reason: reasonOf(error) })
      else throw error
    },
    warnings: () => [...warnings, ...more()],
    count: () => told,
    stopped: () => over !== 'stream',
    nextInput: () => {
      if (over === 'input') over = 'stream'
      return over === 'stream'
    },
  }
}

interface SystemError extends Error {
  readonly code: string
  readonly syscall: string
}

/** An error that the operating system gave: the file's trouble, not ours. */
function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reports an input/output error',
  ENOTDIR: 'a part of the path is no folder',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  ENOSPC: 'no space is left for the temporary file',
}

export function reasonOf(error: unknown): string {
  if (isSystemError(error)) return reasons[error.code] ?? error.code
  // What a library says of sizes that cannot be is about its own variables (`Invalid typed array length: …`).
  if (error instanceof RangeError || error instanceof TypeError) return 'its numbers make no sense'
  return error instanceof Error ? error.message : String(error)
}
