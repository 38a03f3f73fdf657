import type { Warning } from '../model/warning.ts'
import { type WarningCode, warning } from '../warnings.ts'

type Args = Readonly<Record<string, string | number>>

/**
 * Thrown inside the room by what unpacks, where a stream cannot go on; always caught inside the room, at the layer that knows the name,
 * and told as a warning. `fatal` ends the whole run's reading (a bound of the run is reached), not just this stream.
 */
export class Trouble extends Error {
  readonly code: WarningCode
  readonly args: Args
  readonly fatal: boolean

  constructor(code: WarningCode, args: Args, fatal = false) {
    super(code)
    this.code = code
    this.args = args
    this.fatal = fatal
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
  /** A bound of the run was reached: nothing more is to be read. */
  readonly stopped: () => boolean
}

/** At most so many warnings of one code are kept: a broken disk can have a hundred thousand unreadable files. */
const kept = 100

export function troubleLog(): TroubleLog {
  const warnings: Warning[] = []
  const counts = new Map<string, number>()
  let stopped = false
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
        if (error.fatal && stopped) return
        stopped ||= error.fatal
        report(error.code, name, error.args)
      } else if (isSystemError(error)) report('input-unreadable', name, { reason: reasonOf(error) })
      else throw error
    },
    warnings: () => [...warnings, ...more()],
    count: () => told,
    stopped: () => stopped,
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
  EIO: 'the disk reports an input/output error',
  ENOTDIR: 'a part of the path is no folder',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  ENOSPC: 'no space is left for the temporary file',
}

export function reasonOf(error: unknown): string {
  if (isSystemError(error)) return reasons[error.code] ?? error.code
  return error instanceof Error ? error.message : String(error)
}
