import { analyze } from '../../src/index.ts'
import type { ReportIncident } from '../../src/model/report.ts'
import { folderWith } from './folder-with.ts'

const MIB = 2 ** 20
/** The last kill, in seconds since the epoch. */
const KILLED = Date.UTC(2026, 10, 24, 12) / 1000
const UID = '7b0f4a86_2f1e_4f5e_9d53_0d6c0e7b6a11'

export interface Death {
  /** Seconds before the last one. */
  readonly ago: number
  readonly container?: string
  readonly mib?: number
}

/** An entry of the journal, which knows that the kernel wrote it. */
const entry = (seconds: number, message: string): string =>
  JSON.stringify({
    __REALTIME_TIMESTAMP: String(Math.round(seconds * 1e6)),
    _SOURCE_MONOTONIC_TIMESTAMP: String(Math.round((seconds - KILLED + 900_000) * 1e6)),
    _TRANSPORT: 'kernel',
    SYSLOG_FACILITY: '0',
    SYSLOG_IDENTIFIER: 'kernel',
    _HOSTNAME: 'node-17',
    _BOOT_ID: '5e'.repeat(16),
    MESSAGE: message,
  })

/** What the kernel printed of deaths of containers of `shop/db-0` under 512 MiB. */
export function kernelLines(deaths: readonly Death[]): string {
  return deaths
    .flatMap(({ ago, container = 'a1', mib = 500 }, n) => {
      const path = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID}.slice/cri-containerd-${container.repeat(32)}.scope`
      const said = [
        `python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=936`,
        `memory: usage 524288kB, limit 524288kB, failcnt 61`,
        `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=python3,pid=${4100 + n},uid=0`,
        `Memory cgroup out of memory: Killed process ${4100 + n} (python3) total-vm:900000kB, anon-rss:${mib * 1024}kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1100kB oom_score_adj:936`,
      ]
      return said.map((message, at) => entry(KILLED - ago + at / 1e6, message))
    })
    .join('\n')
}

/** Seconds before the last death, and MiB. */
export type Course = readonly (readonly [ago: number, mib: number])[]

/** Samples every `every` seconds from `from` to `to` seconds before the last death. */
export const course = (from: number, to: number, every: number, mib: (elapsed: number) => number): Course =>
  Array.from({ length: Math.floor((from - to) / every) + 1 }, (_, n) => [from - n * every, mib(n * every)] as const)

export const gauge = (values: Course, labels: object = {}, scale = MIB): object => ({
  metric: {
    __name__: 'container_memory_working_set_bytes',
    namespace: 'shop',
    pod: 'db-0',
    container: 'app',
    uid: UID.replaceAll('_', '-'),
    ...labels,
  },
  values: values.map(([ago, value]) => [KILLED - ago, String(Math.round(value * scale))]),
})

export const matrix = (...result: readonly object[]): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } })

/** The one incident of a kernel log, an answer of Prometheus and further files. */
export async function incidentOf(
  deaths: readonly Death[],
  result: readonly object[],
  files: Readonly<Record<string, string>> = {},
): Promise<ReportIncident> {
  const folder = folderWith({ 'journal.json': `${kernelLines(deaths)}\n`, 'range.json': matrix(...result), ...files })
  const { report } = await analyze([folder])
  if (report.incidents.length !== 1)
    throw new Error(`${report.incidents.length} incidents: ${report.incidents.map(({ verdict }) => verdict).join('; ')}`)
  return report.incidents[0] as ReportIncident
}
