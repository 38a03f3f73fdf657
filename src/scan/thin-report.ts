import type { KernelOomEvent } from '../model/event.ts'
import type { KernelKill, OomDump, QuoteRole } from '../model/oom-dump.ts'
import type { Quote } from '../model/origin.ts'

/** Gives equal strings and lists as one: ten thousand reports of a group name it, its flags and its victim alike. */
export interface Interned {
  text<T extends string | null>(text: T): T
  same<T extends object>(value: T): T
}

const MOST_INTERNED = 20_000

export function openInterned(): Interned {
  const texts = new Map<string, string>()
  const values = new Map<string, object>()
  return {
    text<T extends string | null>(text: T): T {
      if (text === null) return text
      const known = texts.get(text)
      if (known === undefined && texts.size < MOST_INTERNED) texts.set(text, text)
      return (known ?? text) as T
    },
    same<T extends object>(value: T): T {
      const key = JSON.stringify(value)
      const known = values.get(key)
      if (known === undefined && values.size < MOST_INTERNED) values.set(key, value)
      return (known ?? value) as T
    },
  }
}

const none: readonly never[] = []

/** Lines that answers rest on, one or two of a report: its claim, its proofs, its limit. */
const kept: readonly QuoteRole[] = [
  'memory',
  'taskIn',
  'summary',
  'choice',
  'kill',
  'group',
  'reaper',
  'victimRow',
  'panic',
  'noKillable',
  'sysrq',
]

/** A report of so few lines holds nothing else: a lone kill line, one with its summary and its reaper. */
const SHORT_LINES = 3

/** Whether the report holds more than is kept. */
export const isThinned = ({ dump: { excerpt, has, memInfo, stats } }: KernelOomEvent): boolean =>
  excerpt.length > SHORT_LINES || has.tasks || memInfo !== null || stats.length > 0

/**
 * `isLean`: of each kill's proofs one stays. A report of which stays what tells of its kills: who died, when, in which group under which limit, who asked for memory, and the lines that prove it. Table, zones,
 * statistics and the raw lines go; of the table the victims' rows stay. `has` still says which blocks there were: they vouch for the report.
 */
export function thinned(event: KernelOomEvent, interned: Interned, isLean: boolean): KernelOomEvent {
  const { dump } = event
  const kills = dump.kills.map((kill) => thinKill(kill, interned, isLean))
  const proofs = kills.flatMap(({ quotes }) => quotes)
  return {
    ...event,
    host: interned.text(event.host),
    quotes: proofs.length > 0 ? proofs : event.quotes,
    dump: thinDump(dump, kills, interned, isLean),
  }
}

function thinDump(dump: OomDump, kills: readonly KernelKill[], { text, same }: Interned, isLean: boolean): OomDump {
  const pids = new Set(kills.map(({ pid }) => pid))
  const rows = dump.tasks.filter((row) => pids.has(row.pid) || (row.tgid !== null && pids.has(row.tgid)))
  const { trigger } = dump
  return {
    ...dump,
    trigger: trigger === null ? null : { ...same({ ...trigger, pid: null, frames: none }), pid: trigger.pid },
    oomMemcg: text(dump.oomMemcg),
    taskMemcg: text(dump.taskMemcg),
    nodemask: text(dump.nodemask),
    cpuset: text(dump.cpuset),
    memsAllowed: text(dump.memsAllowed),
    groupMemcg: text(dump.groupMemcg),
    release: text(dump.release),
    constraintPrinted: text(dump.constraintPrinted),
    stats: none,
    memInfo: null,
    tasks: rows.length === 0 ? none : rows,
    tasksComplete: false,
    kills,
    has: same(dump.has),
    quotes: isLean
      ? { kill: kills.flatMap(({ quotes }) => quotes) }
      : Object.fromEntries(kept.flatMap((role) => (dump.quotes[role] === undefined ? [] : [[role, dump.quotes[role]]]))),
    excerpt: dump.excerpt.length <= SHORT_LINES && !isLean ? dump.excerpt : none,
    excerptOmitted: 0,
    warnings: dump.warnings.length === 0 ? none : dump.warnings,
  }
}

/** Of several lines that prove a kill the one that tells its figures, which stands behind its summary and before its reaper. */
function proofOf({ quotes, pid }: KernelKill): readonly Quote[] {
  const own = quotes.find(({ text }) => text.includes(`rocess ${pid} (`) && text.includes('total-vm:')) ?? quotes[0]
  return own === undefined ? none : [own]
}

function thinKill(kill: KernelKill, { text, same }: Interned, isLean: boolean): KernelKill {
  return {
    ...kill,
    comm: text(kill.comm),
    taskMemcg: text(kill.taskMemcg),
    provedBy: same(kill.provedBy),
    reaped: kill.reaped === null ? null : same(kill.reaped),
    quotes: isLean ? proofOf(kill) : [...kill.quotes],
  }
}
