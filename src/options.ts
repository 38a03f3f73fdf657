import { documentReaders } from './extract/documents/index.ts'
import { formats } from './formats/index.ts'
import { answerIds } from './model/ids.ts'
import type { ReportFilter } from './report/filter.ts'
import { isFixedOffset } from './units/fixed-offset.ts'

/** How to read what prints no zone or year, and how much to show. */
export interface ReadingOptions {
  /** IANA zone or offset (`+05:30`) of stamps that print none, or `null`: the zone of the machine that runs the analysis is never used. */
  readonly timezone: string | null
  /** Year of stamps that print none. */
  readonly year: number | null
  /** Id of a format or document reader that overrides detection. */
  readonly inputFormat: string | null
  /** Whole command lines instead of the executable and script name. */
  readonly showCommandLines: boolean
  /** Passwords, tokens and keys as they stand in what a report quotes; else they are masked. */
  readonly showSecrets: boolean
}

/** An option that cannot be: `option` names it, the message says what is allowed. */
export class OptionError extends RangeError {
  override readonly name = 'OptionError'
  readonly option: string

  constructor(option: string, message: string) {
    super(message)
    this.option = option
  }
}

/** A year as somebody typed it. */
export function yearOf(text: string): number {
  const year = text.trim() === '' ? Number.NaN : Number(text)
  checkYear(year, text)
  return year
}

function checkYear(year: number, said = String(year)): void {
  if (!(Number.isInteger(year) && year >= 1970 && year <= 2255)) throw new OptionError('year', `${said} is no year from 1970 to 2255`)
}

/** Throws an `OptionError` for what would silently be taken for something else. */
export async function checkReading({
  timezone,
  year,
  inputFormat,
}: Omit<ReadingOptions, 'showCommandLines' | 'showSecrets'>): Promise<void> {
  if (year !== null) checkYear(year)
  // Zone data is loaded only for a name: most runs give none.
  if (timezone !== null && !isFixedOffset(timezone) && !(await import('./units/zone.ts')).isZoneName(timezone))
    throw new OptionError('timezone', `${timezone} is no zone such as Europe/Berlin, UTC or +05:30 (offsets go from -12:00 to +14:00)`)
  if (inputFormat !== null && ![...formats, ...documentReaders].some((known) => known.id === inputFormat))
    throw new OptionError('inputFormat', `${inputFormat} is no input format; 'oom-report formats' lists them`)
}

/** An id of the contract: a mistyped one would silently leave everything out. */
export function checkFilter(filter: ReportFilter): void {
  for (const question of ['limit', 'consumer'] as const) {
    const id = filter[question]
    const ids: readonly string[] = answerIds[question]
    if (id !== null && !ids.includes(id)) throw new OptionError(question, `${id} is not one of ${ids.join(', ')}`)
  }
}
