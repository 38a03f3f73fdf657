import { toCollect } from '../../explain/collect.ts'
import type { AnyReport } from '../../model/report.ts'
import { countText } from '../../text/values.ts'
import { type Block, join, type Rich, words } from './rich.ts'
import { type Clock, spanOf } from './times.ts'

/** "Nothing found" is an answer too: what was read, over which span, what an OOM would have looked like, what to collect. */
export interface EmptyView {
  readonly headline: Rich
  readonly read: Rich
  readonly looks: readonly { readonly what: Rich; readonly line: Block }[]
  readonly elsewhere: readonly { readonly what: Rich; readonly command: Block }[]
}

/** Forms of Linux 5.x and later, of the kubelet 1.2x and of the API, with stand-ins in capitals. */
const looks = [
  ['A kill by the kernel', 'Memory cgroup out of memory: Killed process PID (NAME) total-vm:…kB, anon-rss:…kB …'],
  ['The same where the machine itself ran out', 'Out of memory: Killed process PID (NAME) …'],
  ['Its summary line', 'oom-kill:constraint=CONSTRAINT_MEMCG,…,oom_memcg=/…,task_memcg=/…,task=NAME,pid=PID,uid=UID'],
  ['An eviction by the kubelet', '"Eviction manager: pod is evicted successfully" pod="NAMESPACE/POD"'],
  ['A container status', 'lastState: {terminated: {reason: OOMKilled, exitCode: 137}}'],
  ['A userspace killer', 'systemd-oomd[…]: Killed /CGROUP due to memory pressure …'],
] as const

/** Never "nothing found" over a line whose words prove a death. */
function headlineOf({ sources, quietSources, findings, incidentsHidden: hidden = 0 }: AnyReport): string {
  if (hidden > 0)
    return `The filter leaves nothing: it hides ${hidden === 1 ? 'the one incident' : `all ${countText(hidden)} incidents`} found in what was read.`
  if (sources.length + quietSources.count === 0) return 'Nothing could be read, so nothing can be said.'
  return findings.some(({ id }) => id === 'seen-not-understood')
    ? 'Words of an out-of-memory kill were seen, but no event could be read from them: see the lines below.'
    : findings.some(({ id }) => id === 'own-report')
      ? 'No out-of-memory event found beside the reports of this program that are among the inputs.'
      : 'No out-of-memory event found in what was read.'
}

export function emptyView(report: AnyReport, clock: Clock): EmptyView {
  const { sources, quietSources: quiet } = report
  // What a filter hides was found: nothing is to be collected.
  const hidden = (report.incidentsHidden ?? 0) > 0
  const count = sources.length + quiet.count
  const lines = sources.reduce((sum, source) => sum + source.lines, quiet.lines)
  const spans = [...sources, quiet]
  const from =
    spans
      .map((source) => source.from)
      .filter((time) => time !== null)
      .sort()[0] ?? null
  const to =
    spans
      .map((source) => source.to)
      .filter((time) => time !== null)
      .sort()
      .at(-1) ?? null
  const hosts = new Set(sources.map(({ host }) => host).filter((host) => host !== null)).size
  const span =
    from === null
      ? ' No line has a time that can be placed on UTC.'
      : join(lines === 1 ? ' It is of ' : ' They cover ', spanOf(from, to, clock), '.')
  return {
    headline: words(headlineOf(report)),
    read:
      count === 0
        ? words('None of the inputs holds text.')
        : join(
            `${countText(count)} source${count === 1 ? '' : 's'}${hosts > 1 ? ` of ${hosts} hosts` : ''} with ${countText(lines)} line${lines === 1 ? '' : 's'} ${count === 1 ? 'was' : 'were'} read.`,
            span,
          ),
    looks: hidden ? [] : looks.map(([what, line]) => ({ what: words(what), line: { block: [line], language: 'text' as const } })),
    elsewhere: hidden
      ? []
      : toCollect.map(({ where, command }) => ({ what: words(where), command: { block: [command], language: 'sh' as const } })),
  }
}
