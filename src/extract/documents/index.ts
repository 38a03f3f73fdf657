import type { DocumentReader } from '../define-extractor.ts'
import { cgroupFiles } from './cgroup-files.ts'
import { clock } from './clock.ts'
import { crashHeader } from './crash-header.ts'
import { describeNode } from './describe-node.ts'
import { describePod } from './describe-pod.ts'
import { eventsTable } from './events-table.ts'
import { kubeletCommand } from './kubelet-flags.ts'
import { manifestJson } from './manifest-json.ts'
import { manifestYaml } from './manifest-yaml.ts'
import { free, meminfo, memoryJson, swaps } from './meminfo.ts'
import { packageLog } from './package-log.ts'
import { podsTable } from './pods-table.ts'
import { processes, procPid } from './processes.ts'
import { replicasTable } from './replicas-table.ts'
import { runtimeEvents } from './runtime-events.ts'
import { runtimeInspect } from './runtime-inspect.ts'
import { runtimeTables } from './runtime-tables.ts'
import { sectionsReader } from './sections.ts'
import {
  atop,
  grafanaCsv,
  grafanaJson,
  kubectlTop,
  kubeJson,
  loop,
  prometheusJson,
  prometheusText,
  sadf,
  sadfJson,
  sar,
  vmstatTimes,
} from './series.ts'
import { procSys, sysctl, vmstat } from './sysctl.ts'
import { systemctl } from './systemctl.ts'
import { timeJson } from './time-json.ts'

// `… invoked oom-killer: …`, `Killed process 12 (java)`, `oom-kill:constraint=…`, `oom_reaper: reaped process 12 (java)`, and lines of earlyoom, systemd-oomd, nohang, the kubelet and systemd
const kernelReport =
  /invoked oom-killer: |Killed process \d|oom-kill:constraint=|reaped process \d|sending SIG(?:TERM|KILL) to process \d|Killed \/\S+ due to (?:memory|swap) |[Ss]ending SIG(?:TERM|KILL) to |[Gg]ot sys oom event|evicted successfully|OOM-killed|oom-kill\b|lowmemorykiller: |oomd kill: /

/** People paste `free`, `ps` and `dmesg` into one file: what begins as one output may go on as the kernel's log. */
const withLogs = (reader: DocumentReader): DocumentReader => ({ ...reader, mixed: reader.mixed ?? ((text) => kernelReport.test(text)) })

/** Readers of Kubernetes objects: their messages quote kernel lines, which are no log. */
const objectReaders: readonly DocumentReader[] = [
  manifestJson,
  manifestYaml,
  describePod,
  describeNode,
  eventsTable,
  podsTable,
  replicasTable,
]

/** Readers of what programs of the host print, surest first. */
const hostReaders: readonly DocumentReader[] = [
  // before what reads one output only
  loop,
  atop,
  vmstatTimes,
  runtimeInspect,
  runtimeTables,
  runtimeEvents,
  meminfo,
  free,
  swaps,
  vmstat,
  memoryJson,
  timeJson,
  sysctl,
  // by path: one number says nothing by itself
  procSys,
  procPid,
  cgroupFiles,
  systemctl,
  packageLog,
  kubeletCommand,
  crashHeader,
  sar,
  sadf,
  kubectlTop,
  processes,
  clock,
]

/** Documents that stand by themselves, surest first. */
const singleReaders: readonly DocumentReader[] = [
  prometheusJson,
  prometheusText,
  sadfJson,
  kubeJson,
  grafanaJson,
  grafanaCsv,
  ...objectReaders,
  ...hostReaders.map(withLogs),
]

/**
 * Every kind of document, asked in this order; the first that is sure of a head has it, else the first that takes it for possible. Sections
 * come first, since what stands under the first heading may look like a document of its own.
 */
export const documentReaders: readonly DocumentReader[] = [sectionsReader(() => singleReaders), ...singleReaders]
