/**
 * Texts that only a kernel's OOM report begins with: what stands before one of them in a line is somebody's front. From mm/oom_kill.c, mm/memcontrol.c,
 * mm/page_alloc.c (show_free_areas) and lib/dump_stack.c of 2.6.18 to 7.x. The alternation is searched, so the leftmost beginning wins:
 * `Memory cgroup out of memory: Killed process` begins before `Killed process`.
 */
const reportTexts = [
  /(?:OOM\[\d+\]: )?(?:Memory cgroup out of memory|Out of [Mm]emory(?: \([a-z_]{1,40}\))?|No available memory (?:\(MPOL_BIND\)|in cpuset)): (?:OOM )?[Kk]ill(?:ed)? process \d/,
  /Out of memory in UB \S{1,80}: OOM killed process \d/,
  /(?:Out of memory|Memory cgroup out of memory): OOM victim \d/,
  /Killed process \d{1,10}(?::#?\d+)?(?: \(|, UID )/,
  /oom-kill: ?constraint=/,
  /oom_reaper: (?:reaped process|unable to reap)/,
  /CPU: \d{1,5} (?:UID: -?\d{1,10} )?PID: \d{1,10} Comm: /,
  /Pid: \d{1,10}, comm: /,
  /Mem-[Ii]nfo:\s*$/,
  /Tasks state \(memory values in pages\):/,
  /\[ {0,5}pid {0,5}\] {1,5}uid {1,5}tgid /,
  /Hardware name: /,
  /Call [Tt]race:\s*$/,
  /(?:memory|memory\+swap|kmem|swap): usage \d{1,20}kB, limit /,
  /Memory cgroup stats(?: for \S|:)/,
  /Memory cgroup (?:min|low) /,
  /Tasks? in (?=\/\S{0,1000} (?:killed as a result of limit of|are going to be killed due to memory\.oom\.group set))/,
  /active_anon:\d{1,20} inactive_anon:\d/,
  /Node \d{1,5} (?:DMA|DMA32|Normal|HighMem|Movable|Device|active_anon:|hugepages_total=)/,
  /lowmem_reserve\[\]:/,
  /Out of memory and no killable processes/,
  /System is deadlocked on memory/,
  /Kernel panic - not syncing: /,
]

const certain = new RegExp(
  [
    ...reportTexts,
    // Userspace killers' own beginnings: extract/earlyoom.ts, systemd-oomd.ts, nohang.ts, lmkd.ts. Of the last the tag is part of the line.
    /lowmemorykiller: \S/,
    /Memory status that requires corrective actions/,
    /(?:TOP printed in \d{1,6}ms; p|P)rocess with highest badness/,
    /Victim status \(found in \d/,
    /Implementing a corrective action:\s*$/,
    /Sending SIG(?:TERM|KILL) to \S.{0,80}?,? \(?[Pp]id:? \d/,
    /sending SIG(?:TERM|KILL) to process \d{1,10} /,
    /(?: {2})?Sending SIG(?:TERM|KILL) to the victim/,
    /mem avail: {1,8}\d{1,10} of /,
    /low memory! at or below SIG/,
    /oomd kill: \d/,
    /Killed \/\S{1,400} due to (?:memory|swap) /,
    // What a boot begins with and what parts it: its clock is wrong where these are passed over.
    /Linux version \d{1,2}\.\d{1,3}\.\d\S{0,64} \(/,
    /rtc[\w-]{0,20}(?: [\w:.]{1,20})?: setting system clock to /,
    /(?:ACPI: )?(?:PM: )?Waking up from system sleep state /,
    /(?:PM: )?Restarting tasks(?: ?\.\.\.|:)/,
    /PM: (?:suspend|(?:hibernation: )?hibernation) exit/,
    // Known wrappings, whose own readers go on from there: syslog in its forms, klog, logrus.
    /(?:<\d{1,3}>)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d [^\s\]]{1,255} (?!20\d\d: )[\w./-]{1,48}(?:\[\d{1,10}\])?: /,
    /(?:<\d{1,3}>)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d) \S{1,255} [\w./-]{1,48}(?:\[\d{1,10}\])?: /,
    /[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} {1,7}\d{1,10} [\w./-]{1,100}:\d{1,6}\] /,
    /time="\d{4}-\d\d-\d\dT/,
  ]
    .map(({ source }) => source)
    .join('|'),
)
const beginning = new RegExp(`^(?:${reportTexts.map(({ source }) => source).join('|')})`)
/** How much of a line is looked at. */
const looked = 1_400

/** The trigger's line. Its name may hold blanks, so by itself it does not tell where a front ends. */
const header = / ?invoked oom-killer: /

/** A front is no longer than this; longer ones hold more than a front. */
const longestFront = 200

/** Where kernel text begins with certainty, or −1. Only what could stand behind a front is looked at. */
export function certainTextAt(text: string): number {
  const at = (text.length > looked ? text.slice(0, looked) : text).search(certain)
  return at > longestFront ? -1 : at
}

const report = new RegExp(reportTexts.map(({ source }) => source).join('|'))

/** Whether a kernel report's text stands in a line, whatever wraps it. */
export const holdsReportText = (text: string): boolean => report.test(text.length > looked ? text.slice(0, looked) : text)

/** The words before ` invoked oom-killer: `, or `null`. */
export function beforeHeader(text: string): string | null {
  const at = text.indexOf('invoked oom-killer:') === -1 ? -1 : text.search(header)
  return at === -1 || at > longestFront ? null : text.slice(0, at)
}

/** Whether kernel text stands at `at` itself, or a trigger's line with a name of one word. */
export function isCertainText(text: string, at: number): boolean {
  const rest = text.slice(at, at + looked)
  return beginning.test(rest) || /^\S{1,15} invoked oom-killer: /.test(rest)
}
