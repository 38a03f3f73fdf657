import type { KernelOomEvent } from '../model/event.ts'
import type { KernelKill, OomDump, QuoteRole, TaskRow } from '../model/oom-dump.ts'
import type { Quote } from '../model/origin.ts'
import type { Moment } from '../model/stamp.ts'
import { copyOf } from '../text/copy.ts'

/** Gives equal strings and lists as one: ten thousand reports of a group name it, its flags and its victim alike. */
export interface Interned {
  text<T extends string | null>(text: T): T
  same<T extends object>(value: T): T
}

/** Then it begins anew: of what is the same again and again little is kept twice. */
const MOST_INTERNED = 4_000

export function openInterned(): Interned {
  const texts = new Map<string, string>()
  const values = new Map<string, object>()
  return {
    text<T extends string | null>(text: T): T {
      if (text === null) return text
      const known = texts.get(text)
      if (known !== undefined) return known as T
      const copy = copyOf(text)
      if (texts.size === MOST_INTERNED) texts.clear()
      texts.set(copy, copy)
      return copy as T
    },
    same<T extends object>(value: T): T {
      const key = JSON.stringify(value)
      const known = values.get(key)
      if (known !== undefined) return known as T
      if (values.size === MOST_INTERNED) values.clear()
      values.set(key, value)
      return value
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
  const moment = thinMoment(event.moment, interned)
  const kills = dump.kills.map((kill) => thinKill(kill, sameMoment(kill.moment, event.moment) ? moment : null, interned, isLean))
  const proofs = proofsOf(kills)
  return {
    ...event,
    moment,
    host: interned.text(event.host),
    quotes: proofs.length > 0 ? proofs : event.quotes,
    dump: thinDump(dump, kills, interned, isLean),
  }
}

/** Of a single kill its own list: one that is put together anew has room for seventeen. */
const proofsOf = (kills: readonly KernelKill[]): readonly Quote[] =>
  kills.length === 1 && kills[0] !== undefined ? kills[0].quotes : kills.flatMap(({ quotes }) => quotes).slice()

const sameMoment = (a: Moment, b: Moment): boolean =>
  a.uptimeUs === b.uptimeUs && a.wall?.text === b.wall?.text && a.outerWall?.text === b.outerWall?.text

const thinMoment = (moment: Moment, { text }: Interned): Moment =>
  moment.wall === null ? moment : { ...moment, wall: { ...moment.wall, text: text(moment.wall.text) } }

/** Where one proof of each kill will do, it stands for the victim's row as well. */
const proofOfRow = (row: TaskRow, kills: readonly KernelKill[]): Quote =>
  kills.find(({ pid }) => pid === row.pid || pid === row.tgid)?.quotes[0] ?? row.quote

/** A container's cpuset bears its cgroup's last name, whose end it shares then. */
const tailOf = (path: string | null, name: string | null): string | null =>
  path !== null && name !== null && name !== '' && path.endsWith(name) ? path.slice(-name.length) : null

/** Figures and flags in which reports of one group are alike: a hundred thousand share them, as the prototype of what is each one's own. */
function thinDump(dump: OomDump, kills: readonly KernelKill[], { text, same }: Interned, isLean: boolean): OomDump {
  const pids = new Set(kills.map(({ pid }) => pid))
  const rows = dump.tasks.filter((row) => pids.has(row.pid) || (row.tgid !== null && pids.has(row.tgid)))
  const taskMemcg = text(dump.taskMemcg)
  const own = {
    trigger: dump.trigger === null ? null : same({ ...dump.trigger, frames: none }),
    oomMemcg: text(dump.oomMemcg),
    taskMemcg,
    cpuset: tailOf(taskMemcg, dump.cpuset) ?? text(dump.cpuset),
    groupMemcg: text(dump.groupMemcg),
    memory: dump.memory === null ? null : same(dump.memory),
    tasks: rows.length === 0 ? none : isLean ? rows.map((row) => ({ ...row, comm: text(row.comm), quote: proofOfRow(row, kills) })) : rows,
    kills,
    quotes: isLean
      ? { kill: proofsOf(kills) }
      : Object.fromEntries(kept.flatMap((role) => (dump.quotes[role] === undefined ? [] : [[role, dump.quotes[role]]]))),
    excerpt: dump.excerpt.length <= SHORT_LINES && !isLean ? dump.excerpt : none,
    warnings: dump.warnings.length === 0 ? none : dump.warnings,
  }
  const shared = { ...dump, ...unshared, stats: none, memInfo: null, tasksComplete: false, excerptOmitted: 0 }
  return Object.setPrototypeOf(own, same(shared)) as OomDump
}

/** What each report has of its own. */
const unshared = {
  trigger: null,
  oomMemcg: null,
  taskMemcg: null,
  cpuset: null,
  groupMemcg: null,
  memory: null,
  tasks: none,
  kills: none,
  quotes: {},
  excerpt: none,
  warnings: none,
}

/** Of several lines that prove a kill the one that tells its figures, which stands behind its summary and before its reaper. */
function proofOf({ quotes, pid }: KernelKill): readonly Quote[] {
  const own = quotes.find(({ text }) => text.includes(`rocess ${pid} (`) && text.includes('total-vm:')) ?? quotes[0]
  return own === undefined ? none : [own]
}

function thinKill(kill: KernelKill, moment: Moment | null, interned: Interned, isLean: boolean): KernelKill {
  const { text, same } = interned
  return {
    ...kill,
    moment: moment ?? thinMoment(kill.moment, interned),
    comm: text(kill.comm),
    taskMemcg: text(kill.taskMemcg),
    provedBy: same(kill.provedBy),
    reaped: kill.reaped === null ? null : same(kill.reaped),
    quotes: isLean ? proofOf(kill) : [...kill.quotes],
  }
}
