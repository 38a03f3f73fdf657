import type { IncidentFacts } from '../facts/incident-facts.ts'
import { isWholeGroup, killedOf, livedIn, onHost, podOf } from '../facts/names.ts'
import { areaName } from '../facts/runtime-names.ts'
import type { Diagnosis, Phrase, PhrasePart } from '../model/diagnosis.ts'
import type { RuntimeEvent } from '../model/event.ts'
import type { Accounting, MemoryClassId } from '../model/figures.ts'
import type { Incident, Instant, Kill } from '../model/incident.ts'
import type { TaskRow } from '../model/oom-dump.ts'
import { recurrenceOf, rhythm } from '../rules/pattern/recurrence.ts'
import { isNameless } from '../text/nameless.ts'
import { code, instant, percent, say, seconds } from '../text/say.ts'
import { printedTimeText } from '../text/values.ts'
import { isCombinedLimit, limitBytesOf, limitedContainer, limitOf, limitSizeOf } from './limit-size.ts'

/** One sentence that a human would have written: who was killed, where, which limit, what filled it, when. A leak or cascade says so first. */
export function headline(facts: IncidentFacts, diagnosis: Diagnosis): Phrase {
  const { incident, accounting } = facts
  const kill = incident.kills[0]
  if (kill === undefined) return withoutKill(incident, diagnosis)
  const opening =
    diagnosis.pattern === 'cascade'
      ? say`One shortage, ${incident.kills.length} kills${onHost(incident.host)}: `
      : diagnosis.pattern === 'leak'
        ? say`Larger at every kill: `
        : say``
  const killed = say`${victim(kill)}${place(kill, incident.host)}`
  const evicted = podOf(kill.workload)
  const body =
    kill.killer === 'kernel' || kill.killer === 'unknown' || isJobLimit(kill)
      ? say`${capital(killed)} was killed${when(kill.at)}`
      : kill.killer === 'kubelet'
        ? say`The kubelet evicted ${evicted === null ? say`a pod` : say`pod ${code(evicted)}`}${onHost(incident.host)}${when(kill.at)}`
        : say`${code(kill.killer)} killed ${killed}${when(kill.at)}`
  return say`${opening}${body}: ${limitClause(diagnosis, kill, facts)}${consumerClause(diagnosis, kill, accounting)}.${trailer(incident, diagnosis)}`
}

const isJobLimit = (kill: Kill): boolean => kill.killer === 'slurm' || kill.killer === 'yarn'

/** A headline need not say that the log does not name the process. */
const victim = (kill: Kill): Phrase => (kill.comm === null && kill.pid === null && !isWholeGroup(kill) ? say`a process` : killedOf(kill))

const place = (kill: Kill, host: string | null): Phrase => (isWholeGroup(kill) ? onHost(host) : livedIn(kill.workload, host))

function when(at: Instant): Phrase {
  if (at.epochUs !== null) return say` at ${instant(at.epochUs, digitsOf(at))}`
  if (at.localTime !== null) return say` at ${code(printedTimeText(at.localTime))} (zone not in the log)`
  return at.uptimeSeconds === null ? say`` : say` ${seconds(at.uptimeSeconds)} after boot`
}

/** Milliseconds at most, and none that the clock cannot vouch for. */
function digitsOf({ digits, uncertaintyMs }: Instant): 0 | 3 {
  return digits === 0 || (uncertaintyMs ?? 0) >= 10 ? 0 : 3
}

function limitClause(diagnosis: Diagnosis, kill: Kill, facts: IncidentFacts): Phrase {
  const limit = limitOf(kill, limitSizeOf(kill, diagnosis.limit.id, facts))
  switch (diagnosis.limit.id) {
    case 'container-limit':
      return say`${limitedContainer(kill)} reached its ${limit}`
    case 'pod-limit':
      return say`the pod reached its ${limit}`
    case 'allocatable-limit':
      return say`all pods together reached the node's ${limit} for pods`
    case 'unit-limit':
      return say`${code(kill.dump?.oomMemcg?.split('/').at(-1) ?? kill.workload?.unit ?? 'the unit')} reached its ${limit}`
    case 'cgroup-limit':
      return say`${cgroup(kill)} reached its ${limit}`
    case 'node-memory':
      return say`the whole node ran out of memory`
    case 'cpuset':
      return say`the memory nodes that a cpuset allows ran out`
    case 'memory-policy':
      return say`the memory nodes that a memory policy allows ran out`
    case 'memory-zone':
      return say`one memory zone ran dry while the machine had memory left`
    case 'fragmentation':
      return say`no free block was large enough, although memory was free`
    case 'eviction-threshold':
      return say`available memory had fallen below the eviction threshold`
    case 'pressure-threshold':
      return thresholdClause(kill)
    case 'manual':
      return say`somebody asked for it with SysRq-f`
    case 'overcommit-limit':
      return say`the kernel refused the allocation`
    case 'runtime-heap':
      return say`the runtime's own heap was full`
    default:
      return say`which limit was hit is not in the log`
  }
}

function cgroup(kill: Kill): Phrase {
  const path = kill.dump?.oomMemcg ?? kill.memcg
  return path === null ? say`a memory cgroup` : say`the cgroup ${code(path)}`
}

/** What such a killer watches: pressure, what is left of memory and swap, or a job's allowance. */
function thresholdClause(kill: Kill): Phrase {
  if (kill.killer === 'slurm' || kill.killer === 'yarn') {
    const step = kill.event?.kind === 'userspace-kill' ? kill.event.monitored : null
    return say`${step === null ? say`its job` : say`${code(step)}`} used the memory that ${kill.killer === 'slurm' ? 'Slurm' : 'YARN'} had granted it`
  }
  const event = kill.event?.kind === 'userspace-kill' ? kill.event : null
  const what = event?.bySwap
    ? 'swap use'
    : kill.killer === 'systemd-oomd' && event?.monitored != null
      ? 'memory pressure'
      : 'memory shortage'
  return say`its threshold for ${what} was passed`
}

const classWords: Partial<Record<Diagnosis['consumer']['id'], { words: string; ids: readonly MemoryClassId[] }>> = {
  'shared-memory': { words: 'shared memory (tmpfs, shm)', ids: ['shmem'] },
  'page-cache': { words: 'page cache', ids: ['file'] },
  'kernel-slab': { words: 'kernel slab', ids: ['slab'] },
  'network-buffers': { words: 'socket buffers', ids: ['sock'] },
  'kernel-memory': { words: 'kernel memory', ids: ['kernel'] },
  'page-tables': { words: 'page tables', ids: ['pagetables'] },
  hugepages: { words: 'reserved huge pages', ids: ['hugepages'] },
  unaccounted: { words: 'memory in no counter', ids: ['unaccounted'] },
}

function consumerClause(diagnosis: Diagnosis, kill: Kill, accounting: Accounting | null): Phrase {
  const id = diagnosis.consumer.id
  // What held most of the memory did not hold up a request that wanted it in one piece.
  if (diagnosis.limit.id === 'fragmentation') return say``
  // The shares of the whole machine say nothing about the part of it that ran out.
  const isPart = diagnosis.limit.id === 'memory-zone' || diagnosis.limit.id === 'cpuset' || diagnosis.limit.id === 'memory-policy'
  const total = isPart ? null : isCombinedLimit(kill) ? limitBytesOf(kill) : (accounting?.totalBytes ?? limitBytesOf(kill))
  if (id === 'process') return processClause(kill, total)
  if (id === 'many-processes') return say`, filled by many processes together`
  const words = classWords[id]
  if (words === undefined) return say``
  const size = words.ids.includes('unaccounted')
    ? (accounting?.unaccountedBytes ?? null)
    : (accounting?.classes.filter((c) => words.ids.includes(c.id)).reduce((sum, c) => sum + c.bytes, 0) ?? null)
  return size === null || total === null ? say`, filled by ${words.words}` : say`, ${part(size, total)} of it ${words.words}`
}

const part = (size: number, total: number): PhrasePart => percent(Math.min(1, size / total))

function processClause(kill: Kill, total: number | null): Phrase {
  if (kill.killer === 'kubelet') return say``
  // Memory-and-swap is filled by both.
  const swapOf = (row: TaskRow | undefined): number => (isCombinedLimit(kill) ? (row?.swapBytes ?? 0) : 0)
  const anon = (row: TaskRow): number => (row.rssAnonBytes ?? row.rssBytes ?? 0) + swapOf(row)
  const rows = kill.dump?.tasks ?? []
  const largest = [...rows].sort((a, b) => anon(b) - anon(a))[0]
  const own = kill.anonRssBytes === null ? null : kill.anonRssBytes + swapOf(rows.find((row) => row.pid === kill.pid))
  if (largest !== undefined && largest.pid !== kill.pid && largest.tgid !== kill.pid && anon(largest) > 1.5 * (own ?? 0)) {
    return total === null
      ? say`, most of it held by ${code(largest.comm)} (PID ${largest.pid})`
      : say`; ${code(largest.comm)} (PID ${largest.pid}) held ${part(anon(largest), total)}`
  }
  return own === null || total === null || own > 1.05 * total
    ? say`, filled by that one process`
    : say`; ${kill.comm === null || isNameless(kill.comm) ? say`that process` : code(kill.comm)} alone held ${part(own, total)}`
}

function trailer(incident: Incident, diagnosis: Diagnosis): Phrase {
  const events = new Set(incident.kills.map((k) => k.eventKey)).size
  if (diagnosis.selection.id === 'group-kill' && incident.kills.length > 1 && events === 1)
    return say` All ${incident.kills.length} processes of the group died with it.`
  if (events < 2) return recurring(incident)
  const span =
    incident.first.epochUs !== null && incident.last.epochUs !== null
      ? (incident.last.epochUs - incident.first.epochUs) / 1e6
      : incident.first.uptimeSeconds !== null && incident.last.uptimeSeconds !== null
        ? incident.last.uptimeSeconds - incident.first.uptimeSeconds
        : null
  return span === null || span < 0.01
    ? say` The first of ${incident.kills.length} kills.`
    : say` The first of ${incident.kills.length} kills in ${seconds(span)}.`
}

function heaps(incident: Incident): Phrase {
  const found = recurrenceOf({ incident })
  return found === null ? say`` : say` The first of ${found.deaths.length} such failures${rhythm(found)}.`
}

/** Other incidents of the same workload: lest this one be taken for the only one. */
function recurring(incident: Incident): Phrase {
  const found = recurrenceOf({ incident })
  return found === null ? say`` : say` One of ${found.deaths.length} such deaths of this workload${rhythm(found)}.`
}

function runtimeOf(incident: Incident): Phrase {
  const names: Readonly<Record<string, string>> = {
    jvm: 'A JVM',
    node: 'Node.js',
    dotnet: 'A .NET process',
    go: 'A Go program',
    php: 'PHP',
    python: 'Python',
    ruby: 'Ruby',
  }
  return say`${names[exhausted(incident)?.runtime ?? ''] ?? 'A process'}`
}

function exhausted(incident: Incident): RuntimeEvent | null {
  const event = incident.context.find((p) => p.event.kind === 'runtime' && p.event.what === 'heap-exhausted')?.event
  return event?.kind === 'runtime' ? event : null
}

/** The program that asked for memory, where the log names it. */
function refusedOf(incident: Incident): Phrase {
  for (const { event } of incident.context) {
    if (event.kind === 'kernel-notice' && event.notice === 'vm-enough-memory' && event.comm !== null) return say`${code(event.comm)} `
    if (event.kind === 'runtime' && event.what === 'allocation-refused' && event.program !== null) return say`${code(event.program)} `
  }
  return say``
}

function withoutKill(incident: Incident, diagnosis: Diagnosis): Phrase {
  const w = incident.workload
  const where = livedIn(w, incident.host)
  const at = when(incident.first)
  const dump = incident.dumps[0]?.event.kind === 'kernel-oom' ? incident.dumps[0].event.dump : null
  const trigger: Phrase = dump?.trigger?.comm == null ? say`the OOM killer ran` : say`${code(dump.trigger.comm)} invoked the OOM killer`
  switch (incident.nature) {
    case 'refused-allocation':
      return say`The kernel refused ${refusedOf(incident)}an allocation${where}${at}; nothing was killed.`
    case 'runtime-heap':
      return say`${runtimeOf(incident)}${where} ran out of its own ${areaName(exhausted(incident)?.area)}${at}; ${(incident.proofsBeside ?? []).length > 0 ? 'words of a kill beside it could not be read' : 'the kernel killed nothing'}.${heaps(incident)}`
    case 'no-kill':
      return diagnosis.consequence.id === 'node-panic'
        ? say`The kernel panicked${onHost(incident.host)}${at}: ${panicReason(incident)}.`
        : say`The kernel found nothing to kill${where}${at}, although ${trigger}${incident.dumps.length > 1 ? ` ${incident.dumps.length} times` : ''}.`
    default:
      return say`${capital(trigger)}${where}${at}; the log does not say who was killed.`
  }
}

/** "No killable processes" and "deadlocked on memory" panic whatever `vm.panic_on_oom` is; only the other words tell of the setting. */
function panicReason(incident: Incident): Phrase {
  const dumps = incident.dumps.flatMap(({ event }) => (event.kind === 'kernel-oom' ? [event.dump] : []))
  const set = dumps.some((d) => d.panic?.cause === 'setting')
  return set
    ? say`it was out of memory and set to panic instead of killing`
    : say`it was out of memory, and no process was left that it could kill`
}

const capital = (p: Phrase): Phrase => (typeof p[0] === 'string' ? [p[0].charAt(0).toUpperCase() + p[0].slice(1), ...p.slice(1)] : p)
