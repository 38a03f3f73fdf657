import { beforeHeader, holdsReportText } from '../../fronts/kernel-text.ts'

/** Messages that prove a death, as far as one of them has come. */
const proof = /\b[Kk]ill(?:ed)? process\b|oom-kill: ?constraint|oom_reaper:|invoked oom-killer/

export const isProof = (text: string): boolean => proof.test(text)

/** Messages of a report whose certain words stand in the next line. */
const begun = /\b(?:[Oo]ut of memory(?: \([a-z_]+\))?:|Memory cgroup out of|Tasks? in(?: \/\S+)?)(?:\s*$| )/

/** Whether a line is one of a kernel's report, so that what follows may be its other half. */
export const isReportLine = (text: string): boolean =>
  holdsReportText(text) || beforeHeader(text) !== null || proof.test(text) || begun.test(text) || /\[ *\d+\] +-?\d+ +\d+ +\d+/.test(text)

/** How a message ends when nothing of it is missing (mm/oom_kill.c of all eras). */
const ends: readonly RegExp[] = [
  /Killed process \d.*oom_score_adj:-?\d+\s*$/,
  /oom-kill: ?constraint=.*,\s*uid=\d+\s*$/,
  /invoked oom-killer:.*,\s*oom_(?:score_)?adj=-?\d+\s*$/,
  /oom_reaper: reaped process .*shmem-rss:\d+kB\s*$/,
  /[Kk]ill process \d.*sacrifice child\s*$/,
  /due to memory\.oom\.group set\s*$/,
]

export const isComplete = (text: string): boolean =>
  proof.test(text) ? ends.some((end) => end.test(text)) : ends.at(-1)?.test(text) === true

/** Ends in the middle of what comes before a certain beginning: `Out of memory: ` + `Killed process 12 (a)`. */
export const isDangling = (text: string): boolean =>
  /(?:out of memory|\(oom_kill_allocating_task\)|\(MPOL_BIND\)|in cpuset):?\s*$/i.test(text)

/** What only the rest of a message that proves a death begins with. */
const tails =
  /^\s*(?:(?:total-vm|vsz|anon-rss|file-rss|shmem-rss|pgtables|oom_score_adj|UID) ?[:=] ?-?\d|(?:,\s*)?(?:nodemask|cpuset|mems_allowed|global_oom|oom_memcg|task_memcg|task|pid|uid)(?:=|,|$)|(?:gfp_mask|order|oom_score_adj|oom_adj|nodemask)=|(?:invoked )?oom-killer: |process \d+|(?:or )?sacrifice child|score \d+ or|\(.{1,16}\),? (?:total-vm|score|now)|\d{1,10} \(.{1,16}\))/

/** Lines of figures, and what only the rest of one begins with: `free:3348kB … active_anon:` + `184320kB inactive_anon:…`. */
const figures = /\b(?:Node \d+ |free:\d|active_anon:\d|usage \d|Memory cgroup stats)/
const figuresTail = /^\s*(?:\d+[kK]B|[a-z_()]{2,40}: ?\d+[kK]B|limit \d+[kK]B|failcnt \d+)(?:[ ,]|$)/

/** Lines about memory cgroups that end before a path or behind one. */
const beforePath = /(?:killed as a result of limit of|Memory cgroup stats for|Tasks? in)\s*$/
const behindPath = /^\s*(?:(?:killed as )?(?:a )?result of limit of \/|killed as a result|(?:are )?(?:going )?to be killed due to)/

export const beginsTail = (text: string): boolean => tails.test(text)

/** Whether the rest of a message that proves a death begins here. */
export function isTail(before: string, text: string): boolean {
  if (figures.test(before) && figuresTail.test(text)) return true
  if ((beforePath.test(before) && /^\s*\//.test(text)) || (/Tasks? in \/\S/.test(before) && behindPath.test(text))) return true
  if (isComplete(before) || !tails.test(text)) return false
  if (proof.test(before) || isDangling(before) || /\b(?:Killed?|invoked)\s*$/.test(before)) return true
  // a trigger's name at the end of its line
  return /^\s*(?:invoked )?oom-killer: /.test(text) && /(?:^|\]|:)\s*\S{1,15}\s*$/.test(before)
}
