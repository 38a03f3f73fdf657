import { parseDateLine } from '../documents/times.ts'
import type { SeriesHead } from './collect.ts'

/** An instant of a sample: of the epoch, or as a wall clock of unknown zone showed it. */
export interface When {
  readonly us: number
  readonly clock: SeriesHead['clock']
}

/** What a loop prints around its date: `--- 2026-11-24T07:00:00Z ---`, `== Tue Nov 24 07:00:00 UTC 2026`. */
const MARKS = /^[-=# ]+|[-=# ]+$/g
const WALL = /^(?<date>\d{4}[-/]\d\d[-/]\d\d)[ T_](?<time>\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?$/
const LONGEST = 48

/** A line that is a date and nothing else, as loops print it between two samples: `date`, `date -Is`, `date +%s`, `date '+%F %T'`. */
export function dateLine(text: string): When | null {
  const plain = text.length > LONGEST ? '' : text.replace(MARKS, '')
  if (/^1\d{9}$/.test(plain)) return { us: Number(plain) * 1e6, clock: 'utc' }
  if (plain.length < 12) return null
  const wall = WALL.exec(plain)?.groups
  if (wall !== undefined) {
    const ms = Date.parse(`${(wall['date'] ?? '').replaceAll('/', '-')}T${wall['time']}Z`)
    return Number.isNaN(ms) ? null : { us: ms * 1000, clock: 'local' }
  }
  const stamp = parseDateLine(plain)
  if (stamp === null) return null
  return stamp.epochUs === null
    ? stamp.localUs === null
      ? null
      : { us: stamp.localUs, clock: 'local' }
    : { us: stamp.epochUs, clock: 'utc' }
}
