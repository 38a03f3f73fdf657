import type { Constraint } from '../../model/oom-dump.ts'
import { shared } from '../../text/shared.ts'
import type { SummaryItem, SummaryReading } from './item.ts'
import { commOf, fitsComm, type Shape } from './shape.ts'

const constraints: Readonly<Record<string, Constraint>> = {
  CONSTRAINT_NONE: 'none',
  CONSTRAINT_MEMCG: 'memcg',
  CONSTRAINT_CPUSET: 'cpuset',
  CONSTRAINT_MEMORY_POLICY: 'memory_policy',
}
const front =
  /^oom-kill:\s?(?:constraint=(?<constraint>\w+|\.{3}|…)|(?:\.{3}|…)(?=,?task=|,?task_memcg=|,?oom_memcg=))(?:,nodemask=(?<nodemask>\(null\)|[\d,-]*?|\.{3}|…)(?=,[a-z]|$))?(?<rest>.*)$/s
const cpuset =
  /^,cpuset=(?<cpuset>.*?),mems_allowed=(?<mems>[\d,-]*?|\.{3}|…)(?=,global_oom|,oom_memcg=|,task_memcg=|,task=|$)(?<rest>.*)$/s
/** What stands behind is a box's border, a remark, a fence. Without `uid=` the line was cut or shortened: its pid is whole as far as one can see. */
const tail = /^(?<names>.*),pid=(?<pid>\d+)(?:,uid=(?<uid>-?\d+|\.{3}|…))?(?:\s+[^\s=,][^=,]{0,200}|\s*[^\w\s,.=:;-][^=]{0,200})?\s*$/s

/** Every place where `needle` stands in `text`, last one first. */
function places(text: string, needle: string): number[] {
  const found: number[] = []
  for (let at = text.lastIndexOf(needle); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(needle, at - 1)) found.push(at)
  return found
}

/** `...`, `/kubepods.slice/...scope`, `/kubepods/burstable/pod39>`: somebody left out the rest, or a pager cut it. */
export const isElided = (path: string): boolean => /\.{3}|…|<snip>|>$/.test(path)

/** What a terminal or `cut` left at the end of a line: only the last part of a path that ends as units and ids do is whole for sure. */
const isCut = (path: string): boolean => !/\.(?:scope|service)$|[0-9a-f]{64}$/.test(path)

const isBelow = (path: string, above: string): boolean =>
  isElided(path) || isElided(above) || above === '/' || path === above || path.startsWith(`${above}/`)

/**
 * All readings of `[,oom_memcg=A],task_memcg=B,task=COMM` that the kernel can have meant: a command has 15 bytes at most, B is A or below it.
 * cgroup and command may hold `,task=` (`/user.slice/a,task=init,pid=1`, `a,task=b,pid=1`), so one line can leave several readings.
 */
function readNames(text: string): SummaryReading[] {
  const readings: SummaryReading[] = []
  const taskPlaces = [...places(text, ',task='), -1]
  for (const taskAt of taskPlaces) {
    const comm = taskAt < 0 ? null : text.slice(taskAt + ',task='.length)
    if (comm !== null && !fitsComm(comm)) continue
    if (taskAt < 0 && readings.length > 0) break
    const groups = taskAt < 0 ? text : text.slice(0, taskAt)
    for (const groupAt of [...places(groups, ',task_memcg='), -1]) {
      const reading = readGroups(groups, groupAt, comm)
      if (reading !== null) readings.push(reading)
      if (groupAt < 0 || readings.length >= 8) break
    }
  }
  return readings.length > 0 ? readings : [{ oomMemcg: null, taskMemcg: null, comm: null }]
}

function readGroups(groups: string, at: number, comm: string | null): SummaryReading | null {
  const head = at < 0 ? groups : groups.slice(0, at)
  const taskMemcg = at < 0 ? null : groups.slice(at + ',task_memcg='.length)
  const oomMemcg = head.startsWith(',oom_memcg=') ? head.slice(',oom_memcg='.length) : null
  if (oomMemcg === null && head !== '' && at >= 0 && !isElided(head)) return null
  if (at < 0 && groups.includes(',task_memcg=')) return null
  // An empty task_memcg is a line cut behind `task_memcg=`.
  if (oomMemcg !== null && taskMemcg !== null && taskMemcg !== '' && !isBelow(taskMemcg, oomMemcg)) return null
  return {
    oomMemcg: oomMemcg === null || (at < 0 && comm === null && isCut(oomMemcg)) ? null : shared(oomMemcg),
    taskMemcg: taskMemcg === null || taskMemcg === '' || (comm === null && isCut(taskMemcg)) ? null : shared(taskMemcg),
    comm: comm === null ? null : commOf(comm),
  }
}

/** `pid=PID`, `pid=%d`: a manual's or a source's line, not one that was printed. */
const placeholder = /,pid=(?![Xx]+(?:,|$))[A-Za-z%]/

const kept = (value: string | undefined): string | null => (value === undefined ? null : commOf(value))

const field = String.raw`(?:nodemask|cpuset|mems_allowed|global_oom|oom_memcg|task_memcg|task|pid|uid)(?:=|[,;\s]|$)`
const loosely = new RegExp(String.raw`[,;\s]\s{0,8}(?=${field})`, 'g')

/** Fields as the kernel parts them. Blanks behind commas, or in their place, are a paster's: a field begins with its name. */
const withCommas = (text: string): string =>
  /,\s?pid=/.test(text) ? text.replace(/,\s+(?=[a-z_]{3,12}(?:=|,|$))/g, ',').replace(behindElision, '$1,') : text.replace(loosely, ',')
/** `oom-kill:...task=java,pid=7`: a field right behind what was left out. */
const behindElision = /^(oom-kill:.{0,200}?(?:\.{3}|…))(?=(?:oom_memcg|task_memcg|task)=)/
/** What was left out before the groups: `constraint=CONSTRAINT_MEMCG,...,oom_memcg=/a`. */
const elidedFields = /^(?:,\s?(?:\[?(?:\.{3}|…)\]?|<snip>))+(?=,(?:oom_memcg|task_memcg|task|global_oom)(?:=|,))/

function readSummary(text: string): SummaryItem | null {
  const found = front.exec(withCommas(text))?.groups
  if (found === undefined || placeholder.test(found.rest ?? '')) return null
  const set = cpuset.exec(found.rest ?? '')?.groups
  const rest = (set?.rest ?? found.rest ?? '').replace(elidedFields, '')
  const ends = tail.exec(rest)?.groups
  const names = ends?.names ?? rest
  const global = names.startsWith(',global_oom')
  // A cut line may still hold the whole pid: `,pid=4190418,uid=`.
  const cutPid = ends === undefined ? /,pid=(?<pid>\d+),(?:u(?:i(?:d(?:=-?)?)?)?)?\s*$/.exec(rest) : null
  const body = cutPid === null ? names : names.slice(0, cutPid.index)
  const pid = ends?.pid ?? cutPid?.groups?.pid
  return {
    kind: 'summary',
    constraintPrinted: kept(found.constraint),
    constraint: constraints[found.constraint ?? ''] ?? null,
    nodemask: kept(found.nodemask),
    cpuset: kept(set?.cpuset),
    memsAllowed: kept(set?.mems),
    global,
    readings: readNames(global ? body.slice(',global_oom'.length) : body),
    pid: pid === undefined ? null : Number(pid),
    uid: ends?.uid === undefined || !/\d/.test(ends.uid) ? null : Number(ends.uid),
    complete: ends?.uid !== undefined,
  }
}

/** The one-line summary of 5.0 and later (RHEL8 4.18). Printed only with a victim: a pid in it proves a kill. */
export const summaryShapes: readonly Shape[] = [
  {
    id: 'summary',
    example:
      'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/a.service,task=clamd,pid=517,uid=111',
    source: 'mm/oom_kill.c dump_oom_victim (dump_oom_summary), mm/memcontrol.c mem_cgroup_print_oom_context; built by pr_cont',
    first: 'o',
    read: readSummary,
  },
]
