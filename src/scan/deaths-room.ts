import type { Event, KernelOomEvent } from '../model/event.ts'
import type { Moment } from '../model/stamp.ts'
import type { Warning } from '../model/warning.ts'
import { warning } from '../warnings.ts'
import { MOST_SIGHTINGS } from '../witness/index.ts'
import { isThinned, openInterned, thinned } from './thin-report.ts'

/**
 * What the reports of all sources together weigh, in lines; each weighs a few more by what it is. So much is kept whole, whoever died: a thousand reports of a memory
 * cgroup, a hundred and fifty of a node with its task table.
 */
const WHOLE_LINES = 60_000
/** So much more is kept of the first report of each group, on which the diagnosis of an incident stands. */
const FIRST_LINES = 120_000
const OWN_LINES = 5
/** From this part of the lines that are kept whole on, there are many. */
const MANY_OF = 8
/** Deaths told one by one; all further ones are counted. */
const MOST_DEATHS = 120_000
/** A group's report after so long a pause is the first of another incident (contract: one shared shortage). */
const PAUSE_US = 600_000_000
/**
 * From so many proving lines of a source on one of each kill will do. Before, all are wanted: the witness holds as many of the source's lines against what is
 * told, and one that is nobody's evidence would be a finding.
 */
const LEAN_FROM = MOST_SIGHTINGS
/** Kinds of victims that are counted apart, and those that a warning names. */
const MOST_VICTIMS = 2_000
const NAMED_VICTIMS = 12

/** Keeps what many deaths take in bounds: of a report beyond the room stays what tells of its kills. */
export interface DeathsRoom {
  /** The event as it is kept; `null`: it is counted. */
  take(event: Event): Event | null
  /** What was thinned or counted of this source. */
  warnings(source: string): Warning[]
}

/** Room for all sources of a run together. */
export interface DeathsRooms {
  open(): DeathsRoom
}

export interface DeathsBounds {
  /** Lines of reports that are kept whole; absent: `WHOLE_LINES`. */
  readonly wholeLines?: number
  /** Lines of first reports beyond these; absent: `FIRST_LINES`. */
  readonly firstLines?: number
  /** Absent: `MOST_DEATHS`. */
  readonly mostDeaths?: number
}

/** `onMany`: told once, when there are many deaths. */
export function openDeathsRooms(bounds: DeathsBounds = {}, onMany: () => void = () => {}): DeathsRooms {
  const { wholeLines = WHOLE_LINES, firstLines = FIRST_LINES, mostDeaths = MOST_DEATHS } = bounds
  const interned = openInterned()
  const seen = new Map<string, number>()
  let [lines, deaths, isMany] = [0, 0, false]
  const isFirst = (event: KernelOomEvent): boolean => {
    const { dump, host, moment } = event
    const key = `${host ?? ''}|${dump.scope === 'memcg' ? (dump.oomMemcg ?? '') : 'node'}`
    const at = moment.uptimeUs ?? moment.wall?.epochUs ?? moment.wall?.localUs ?? 0
    const last = seen.get(key)
    seen.set(key, at)
    return last === undefined || Math.abs(at - last) >= PAUSE_US
  }
  return {
    open() {
      const counted = openCounted()
      let proofs = 0
      let [thin, thinFrom]: [number, number | null] = [0, null]
      return {
        take(event) {
          const own = deathsIn(event)
          if (own === 0) return event
          deaths += own
          if (deaths > mostDeaths) {
            counted.add(event, own)
            return null
          }
          if (event.kind !== 'kernel-oom') return event
          proofs += event.dump.kills.reduce((sum, { quotes }) => sum + quotes.length, 0)
          const weight = event.dump.excerpt.length + OWN_LINES
          const first = isFirst(event)
          if (!isMany && lines >= wholeLines / MANY_OF) {
            isMany = true
            onMany()
          }
          if (lines + weight <= wholeLines || (first && lines + weight <= wholeLines + firstLines)) {
            lines += weight
            return event
          }
          if (isThinned(event)) {
            thin += 1
            thinFrom ??= event.quotes[0]?.line ?? null
          }
          return thinned(event, interned, proofs > LEAN_FROM)
        },
        warnings: (source) => [
          ...(thin === 0 ? [] : [warning('reports-thinned', source, thinFrom, { count: thin })]),
          ...counted.warnings(source),
        ],
      }
    },
  }
}

/** How many deaths an event tells of that stand for themselves. */
function deathsIn(event: Event): number {
  if (event.kind === 'kernel-oom') return event.dump.kills.length
  return event.kind === 'userspace-kill' && !event.dryRun ? 1 : 0
}

/** Deaths beyond those that are told: how many, of whom, where, and from when to when. */
function openCounted() {
  const victims = new Map<string, number>()
  let [count, others]: [number, number] = [0, 0]
  let [from, first, last]: [number | null, string, string] = [null, '', '']
  const note = (name: string): void => {
    const known = victims.get(name)
    if (known !== undefined || victims.size < MOST_VICTIMS) victims.set(name, (known ?? 0) + 1)
    else others += 1
  }
  return {
    add(event: Event, deaths: number): void {
      if (count === 0) [from, first] = [event.quotes[0]?.line ?? null, timeOf(event.moment)]
      last = timeOf(event.moment)
      count += deaths
      if (event.kind === 'kernel-oom') for (const { comm, taskMemcg } of event.dump.kills) note(victimOf(comm, taskMemcg))
      else if (event.kind === 'userspace-kill') note(victimOf(event.comm, event.cgroup))
    },
    warnings(source: string): Warning[] {
      if (count === 0) return []
      const sorted = [...victims].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      const named = sorted.slice(0, NAMED_VICTIMS).map(([name, times]) => `${name} × ${times}`)
      const rest = others + sorted.slice(NAMED_VICTIMS).reduce((sum, [, times]) => sum + times, 0)
      const all = [...named, ...(rest === 0 ? [] : [`others × ${rest}`])].join(', ')
      return [warning('deaths-counted', source, from, { count, first, last, victims: all })]
    },
  }
}

const victimOf = (comm: string | null, cgroup: string | null): string => {
  const name = comm ?? 'a process'
  return cgroup === null ? name : `${name} in ${cgroup}`
}

/** As printed. */
const timeOf = ({ wall, uptimeUs }: Moment): string =>
  wall?.text ?? (uptimeUs === null ? '?' : `${(uptimeUs / 1e6).toFixed(6)} s of uptime`)
