import type { LogRecord } from '../model/record.ts'

/** Where a record stands in time and in its source, as far as it tells. */
interface Place {
  readonly us: number | null
  readonly line: number | null
}

const placeOf = ({ moment, origin }: LogRecord): Place => ({
  us: moment.wall?.epochUs ?? moment.wall?.localUs ?? moment.uptimeUs,
  line: origin.line,
})

/** How close two tellings are one: in time where both are dated, else in lines. */
export interface Nearness {
  readonly us: number
  readonly lines: number
}

const mostKeys = 1000

/**
 * Leaves out repetitions: programs tell one thing several times in a burst (every thread fails, a cause chain, an error handed up). Measured from the last one
 * that was let through, so that a steady stream is thinned, not silenced.
 */
export function burstFilter({ us, lines }: Nearness): (key: string, record: LogRecord) => boolean {
  const last = new Map<string, Place>()
  return (key, record) => {
    const now = placeOf(record)
    const before = last.get(key)
    if (before !== undefined) {
      const dated = before.us !== null && now.us !== null
      if (dated ? Math.abs((now.us as number) - (before.us as number)) < us : isClose(before.line, now.line, lines)) return false
    }
    if (last.size >= mostKeys) last.clear()
    last.set(key, now)
    return true
  }
}

const isClose = (before: number | null, now: number | null, lines: number): boolean =>
  before !== null && now !== null && now - before < lines
