/**
 * Parts of a kernel's report in the order in which it prints them (dump_header and oom_kill_process of mm/oom_kill.c, all eras): the trigger, its task, the stack, the
 * memory, the table, the summary, the kill, the reaper.
 */
const parts =
  /(?<p1>invoked oom-killer: )|(?<p2>CPU: \d{1,5} (?:UID: -?\d{1,10} )?PID: \d)|(?<p3>Call Trace:)|(?<p4>memory: usage \d|Mem-[Ii]nfo:)|(?<p5>\[ {0,5}pid {0,5}\] {1,5}uid )|(?<p6>oom-kill:constraint=)|(?<p7>Kill(?:ed)? process \d)|(?<p8>oom_reaper: reaped)/g

/** Fewer steps may be two lists side by side. */
const enough = 3

/** Whether the reports in a text stand last line first, as a viewer shows them that has the newest line on top. Stamps may be equal: the reports themselves tell. */
export function reportsRunBackwards(text: string): boolean {
  let [up, down, last] = [0, 0, 0]
  for (const { groups } of text.matchAll(parts)) {
    const part = Object.values(groups ?? {}).findIndex((found) => found !== undefined)
    if (last !== 0 && part + 1 > last) up += 1
    if (part + 1 < last) down += 1
    last = part + 1
  }
  return down >= enough && down > 2 * up
}

/** The same lines with their reports first line first: from the first to the last line of a report, and what looks as these do beside them. */
export function turnedLines<T extends { readonly text: string }>(lines: readonly T[]): T[] {
  const isPart = ({ text }: T): boolean => text.search(parts) !== -1
  const shape = ({ text }: T): string => text.slice(0, 10).replace(/\d/g, '0')
  let [from, to] = [lines.findIndex(isPart), lines.findLastIndex(isPart) + 1]
  const like = lines[from]
  if (like === undefined) return [...lines]
  const isAlike = (line: T | undefined): boolean => line !== undefined && line.text.trim() !== '' && shape(line) === shape(like)
  while (isAlike(lines[from - 1])) from -= 1
  while (isAlike(lines[to])) to += 1
  return [...lines.slice(0, from), ...lines.slice(from, to).reverse(), ...lines.slice(to)]
}
