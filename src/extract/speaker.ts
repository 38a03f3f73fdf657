import type { LogRecord } from '../model/record.ts'

/**
 * Whether a line may be taken as the word of a program. Where the wrapping names the writer (syslog tag, journal identifier, unit), the name
 * must fit: an application that logs "Killed" is not earlyoom. Where it does not, the line's own shape has to do. Kernel lines are nobody's.
 */
export function mayBeBy(record: LogRecord, names: RegExp): boolean {
  if (record.writer === 'kernel') return false
  const name = record.identifier ?? record.unit
  return name === null || names.test(name)
}
