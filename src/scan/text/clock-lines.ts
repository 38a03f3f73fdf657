import { clock } from '../../extract/documents/clock.ts'
import { parseDateLine } from '../../extract/documents/times.ts'
import type { InputSource } from '../../input/source.ts'
import type { Snapshot } from '../../model/snapshot.ts'

/** `uptime`: ` 07:42:14 up 3 days,  4:05,  2 users,  load average: 0.00, 0.01, 0.05`. */
const UPTIME = /^ {0,8}(?<h>\d\d):(?<m>\d\d):(?<s>\d\d) up [^l]{1,60}load average/
/** How far apart the two may stand: prompts, heads and a blank line between them. */
const APART = 8
const QUARTER = 900

export const mayHoldClock = (text: string): boolean => text.includes('load average') && text.includes(' up ')

/**
 * `date` and `uptime` among the lines of a log, as people print them before `dmesg`: the last two that stand near each other and show the same time of day, in whatever
 * zone. One of them alone is anybody's line. `lines`: of one machine, at their places.
 */
export function clockAmong(source: Pick<InputSource, 'name' | 'path' | 'modifiedMs'>, lines: readonly string[]): Snapshot[] {
  const pair = lastPair(lines)
  if (pair === null) return []
  const text = lines.map((line, at) => (pair.includes(at) ? line.replace(/^ {2,}/, '') : '')).join('\n')
  return [...clock.read({ source: source.name, text, path: source.path, modifiedMs: source.modifiedMs }).snapshots]
}

function lastPair(lines: readonly string[]): readonly number[] | null {
  for (let up = lines.length - 1; up >= 0; up -= 1) {
    const ofDay = secondOfDay(lines[up] ?? '')
    if (ofDay === null) continue
    // The nearest first, before it rather than behind: `date; uptime`.
    for (const at of Array.from({ length: 2 * APART }, (_, n) => up + (n % 2 === 0 ? -1 : 1) * (1 + Math.floor(n / 2)))) {
      const local = parseDateLine(lines[at] ?? '')?.localUs ?? null
      if (local === null) continue
      const apart = (((local / 1e6 - ofDay) % QUARTER) + QUARTER) % QUARTER
      if (Math.min(apart, QUARTER - apart) <= 60) return [at, up]
    }
  }
  return null
}

function secondOfDay(line: string): number | null {
  const g = line.includes('load average') ? UPTIME.exec(line)?.groups : undefined
  return g === undefined ? null : Number(g['h']) * 3600 + Number(g['m']) * 60 + Number(g['s'])
}
