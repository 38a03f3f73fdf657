import { identifyCgroup } from '../kube/cgroup-path.ts'
import type { KernelNotice, KernelOomEvent } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Instant, Kill, PlacedEvent } from '../model/incident.ts'
import type { KernelKill, OomDump } from '../model/oom-dump.ts'
import type { Quote } from '../model/origin.ts'
import { essence, isDamaged, withoutEscapes } from '../text/copies.ts'
import { isPid } from '../units/sane.ts'
import { type Directory, workloadIn } from './directory.ts'
import { sameHost } from './hosts.ts'
import { inTime } from './in-time.ts'
import { bestInstant, gapUs, within } from './instants.ts'
import { vouchesForItself } from './whole-report.ts'
import { processWorkload } from './workloads.ts'

/** One telling of one death: a kill within one dump of one source. */
interface Telling {
  readonly placed: PlacedEvent<KernelOomEvent>
  readonly kill: KernelKill
  readonly at: Instant
  readonly source: SourceEvidence
  readonly position: number
}

export interface KernelKills {
  readonly kills: readonly Kill[]
  /** Dumps that know of no kill (panic, nothing killable, lost lines), each once. */
  readonly without: readonly PlacedEvent<KernelOomEvent>[]
  /** Kernel-looking dumps that a better source shows to be written by a program. */
  readonly refuted: readonly PlacedEvent<KernelOomEvent>[]
}

/** How far two tellings of one death may lie apart when at least one is dated by a logger (9 s late at worst, in a node-wide OOM). */
const sameDeathUs = 15_000_000

/** Merges the tellings of all sources into deaths: five sources that tell of one kill make one kill with five pieces of evidence. */
export function mergeKernelKills(
  dumps: readonly (PlacedEvent<KernelOomEvent> & { source: SourceEvidence; instants: readonly Instant[] })[],
  forged: readonly PlacedEvent<KernelNotice>[],
  directory: Directory,
): KernelKills {
  const refuted = new Set(forged.length === 0 ? [] : dumps.filter((d) => d.event.writer === 'unknown' && isForged(d, forged)))
  const kept = dumps.filter((d) => !refuted.has(d))
  const tellings = kept.flatMap((d) =>
    d.event.dump.kills.map(
      (kill, i): Telling => ({
        placed: d,
        kill,
        at: d.instants[i] ?? d.at,
        source: d.source,
        position: kill.quotes[0]?.line ?? kill.quotes[0]?.offset ?? 0,
      }),
    ),
  )
  const groups = groupTellings(tellings)
  const workloads = workloadsIn(directory)
  const kills = groups.map((group) => killOf(group, workloads))
  const empty = kept.filter((d) => d.event.dump.kills.length === 0)
  return { kills: inTime(kills, (kill) => kill.at), without: uniqueDumps(empty, kept), refuted: [...refuted] }
}

/**
 * A dump of an unknown writer of which every proof (or, without one, the header) is a copy of what a source that knows facility or transport says a program
 * wrote: where one source knows, it overrules the copies that do not (contract).
 */
function isForged(d: PlacedEvent<KernelOomEvent>, forged: readonly PlacedEvent<KernelNotice>[]): boolean {
  const near = forged.filter(
    (f) =>
      sameHost(d.host, f.host) && (d.at.epochUs === null || f.at.epochUs === null || Math.abs(d.at.epochUs - f.at.epochUs) < sameDeathUs),
  )
  const copied = (text: string): boolean => near.some((f) => f.event.subject !== null && text.includes(essence(f.event.subject)))
  const proofs = d.event.dump.kills.flatMap((k) => k.quotes)
  return (proofs.length > 0 ? proofs : d.event.quotes).every((q) => copied(q.text))
}

function groupTellings(tellings: readonly Telling[]): Telling[][] {
  const byPid = new Map<number, Telling[][]>()
  for (const telling of tellings) {
    const groups = byPid.get(telling.kill.pid)
    if (groups === undefined) {
      byPid.set(telling.kill.pid, [[telling]])
      continue
    }
    const home = groups.find((group) => group.every((t) => mayBeSame(t, telling)) && group.some((t) => isSame(t, telling)))
    if (home !== undefined) home.push(telling)
    else groups.push([telling])
  }
  return [...byPid.values()].flat()
}

/** Nothing known of the two differs beyond what clocks explain. */
function mayBeSame(a: Telling, b: Telling): boolean {
  if (!sameHost(a.placed.host, b.placed.host)) return false
  if (a.placed.boot === b.placed.boot && a.at.uptimeSeconds !== null && b.at.uptimeSeconds !== null)
    return Math.abs(a.at.uptimeSeconds - b.at.uptimeSeconds) < (sameFigures(a.kill, b.kill) === true ? 15 : 0.01)
  if (gapUs(a.at, b.at) !== null && !within(a.at, b.at, sameDeathUs)) return false
  return sameFigures(a.kill, b.kill) !== false && alikeComm(a.kill.comm, b.kill.comm)
}

function isSame(a: Telling, b: Telling): boolean {
  if (a.placed.boot === b.placed.boot && a.at.uptimeSeconds !== null && b.at.uptimeSeconds !== null) return true
  if (sameFigures(a.kill, b.kill) === true) return true
  const gap = gapUs(a.at, b.at)
  return a.source !== b.source || (gap !== null && Math.abs(gap) < 1_000_000)
}

/** `true`/`false` when both print their sizes, `null` when one does not. */
function sameFigures(a: KernelKill, b: KernelKill): boolean | null {
  if (a.anonRssBytes === null || b.anonRssBytes === null || a.totalVmBytes === null || b.totalVmBytes === null) return null
  return a.anonRssBytes === b.anonRssBytes && a.totalVmBytes === b.totalVmBytes
}

/** Wrappings escape control characters differently: compare what is left without them. */
function alikeComm(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return true
  const plain = withoutEscapes
  return plain(a).startsWith(plain(b)) || plain(b).startsWith(plain(a))
}

const richness = (t: Telling): number =>
  Object.values(t.placed.event.dump.has).filter(Boolean).length * 100 +
  t.placed.event.dump.tasks.length +
  (t.placed.event.writer === 'kernel' ? 10 : 0)

/** Of cgroups, each once: a hundred thousand kills in one have one workload. */
function workloadsIn(directory: Directory): (path: string) => ReturnType<typeof workloadIn> {
  const known = new Map<string, ReturnType<typeof workloadIn>>()
  return (path) => {
    const made = known.get(path) ?? workloadIn(path, directory)
    if (known.size < MOST_WORKLOADS) known.set(path, made)
    return made
  }
}

const MOST_WORKLOADS = 10_000

function killOf(group: readonly Telling[], workloads: ReturnType<typeof workloadsIn>): Kill {
  const byRichness = [...group].sort((a, b) => richness(b) - richness(a) || a.placed.at.order - b.placed.at.order)
  const best = byRichness[0] as Telling
  const dump = best.placed.event.dump
  const first = <T>(pick: (k: KernelKill) => T | null): T | null => byRichness.map((t) => pick(t.kill)).find((v) => v !== null) ?? null
  const memcg = first((k) => k.taskMemcg) ?? (dump.kills.length === 1 ? dump.taskMemcg : null)
  const row = dump.tasks.find((r) => r.pid === best.kill.pid) ?? dump.tasks.find((r) => r.tgid === best.kill.pid) ?? null
  const at = bestInstant(group.map((t) => t.at))
  const lived = memcg ?? dump.oomMemcg
  const known = lived === null ? null : workloads(lived)
  const owner = memcg === null && lived !== null && identifyCgroup(lived).level === 'kubepods' ? null : known
  return {
    at,
    host: group.find((t) => t.placed.host !== null)?.placed.host ?? null,
    boot: best.placed.boot,
    killer: 'kernel',
    // What cannot be a pid kept lines together, but is none.
    pid: isPid(best.kill.pid) ? best.kill.pid : null,
    comm: bestComm(byRichness.map((t) => t.kill.comm)),
    uid: first((k) => k.uid) ?? row?.uid ?? null,
    oomScoreAdj: first((k) => k.oomScoreAdj) ?? row?.oomScoreAdj ?? null,
    memcg,
    totalVmBytes: first((k) => k.totalVmBytes) ?? row?.totalVmBytes ?? null,
    anonRssBytes: first((k) => k.anonRssBytes) ?? row?.rssAnonBytes ?? null,
    fileRssBytes: first((k) => k.fileRssBytes) ?? row?.rssFileBytes ?? null,
    shmemRssBytes: first((k) => k.shmemRssBytes) ?? row?.rssShmemBytes ?? null,
    pgtablesBytes: first((k) => k.pgtablesBytes) ?? row?.pgtablesBytes ?? null,
    swapBytes: row?.swapBytes ?? null,
    constraint: dump.constraint ?? byRichness.map((t) => t.placed.event.dump.constraint).find((c) => c !== null) ?? null,
    dump,
    // By its order of reading a report is known, and what is short is no chain of its parts.
    eventKey: `run ${best.placed.at.order}`,
    event: best.placed.event,
    workload: owner?.workload ?? processWorkload,
    target: owner?.ref ?? null,
    vouched:
      dump.doubts.length === 0 &&
      group.some(
        (t) => t.placed.event.writer === 'kernel' || (t.placed.event.writer !== 'shipper' && vouchesForItself(t.placed.event.dump)),
      ),
    evidence: evidenceOf(byRichness),
  }
}

/** Names without damage first: no blob, no replacement character, no escapes. */
function bestComm(all: readonly (string | null)[]): string | null {
  return [...all].filter((s): s is string => s !== null).sort((a, b) => Number(isDamaged(a)) - Number(isDamaged(b)))[0] ?? null
}

function evidenceOf(group: readonly Telling[]): readonly Quote[] {
  const quotes: Quote[] = []
  const seen = new Set<string>()
  for (const q of group.flatMap((t) => t.kill.quotes)) {
    const key = `${q.source}\n${q.line ?? q.cursor ?? q.offset}`
    if (!seen.has(key)) quotes.push(q)
    seen.add(key)
  }
  const [first] = group
  // A list that was pushed to has room for seventeen.
  return group.length === 1 && first?.kill.quotes.length === quotes.length ? first.kill.quotes : quotes.slice()
}

/** Kill-less dumps, without those that another source completes: the same header in the same boot, or at the same time. */
function uniqueDumps(
  empty: readonly PlacedEvent<KernelOomEvent>[],
  all: readonly PlacedEvent<KernelOomEvent>[],
): PlacedEvent<KernelOomEvent>[] {
  const kept: PlacedEvent<KernelOomEvent>[] = []
  const near = (a: PlacedEvent, b: PlacedEvent): boolean => {
    if (!sameHost(a.host, b.host)) return false
    if (a.boot === b.boot && a.at.uptimeSeconds !== null && b.at.uptimeSeconds !== null)
      return Math.abs(a.at.uptimeSeconds - b.at.uptimeSeconds) < 1
    return a.at.epochUs !== null && b.at.epochUs !== null
      ? Math.abs(a.at.epochUs - b.at.epochUs) < sameDeathUs
      : a.event.quotes[0]?.source !== b.event.quotes[0]?.source
  }
  for (const dump of [...empty].sort(
    (a, b) => Object.values(b.event.dump.has).filter(Boolean).length - Object.values(a.event.dump.has).filter(Boolean).length,
  )) {
    const told = all.some(
      (d) =>
        d !== dump &&
        d.event.dump.kills.length > 0 &&
        d.event.quotes[0]?.source !== dump.event.quotes[0]?.source &&
        near(d, dump) &&
        sameTrigger(d.event.dump, dump.event.dump),
    )
    const twin = kept.some(
      (d) => d.event.quotes[0]?.source !== dump.event.quotes[0]?.source && near(d, dump) && sameTrigger(d.event.dump, dump.event.dump),
    )
    if (!told && !twin) kept.push(dump)
  }
  return inTime(kept, (dump) => dump.at)
}

function sameTrigger(a: OomDump, b: OomDump): boolean {
  if (a.trigger !== null && b.trigger !== null) return a.trigger.comm === b.trigger.comm
  return a.oomMemcg === null || b.oomMemcg === null || a.oomMemcg === b.oomMemcg
}
