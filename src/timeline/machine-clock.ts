import type { SourceEvidence } from '../model/evidence.ts'
import type { ClockSnapshot } from '../model/snapshot.ts'
import type { Boot } from './boots.ts'
import { type CaptureFacts, capturesOf, type RefusedClock } from './capture.ts'
import { echoesOf } from './echoes.ts'
import { cornerOf, type Hosts, sameHost, severalMachines } from './hosts.ts'
import { newestKnownUs } from './local-time.ts'
import { namesakes } from './namesakes.ts'
import type { Capture } from './place.ts'
import type { BundleClock } from './readings.ts'

/** The clocks of all machines in the input. */
export interface MachineClocks {
  /** What is known of the clock of one boot's machine, beside the boot's own lines. */
  of(boot: Boot): BundleClock
  /** When a document was captured. */
  captured(evidence: SourceEvidence, host: string | null): Capture
  readonly refused: readonly RefusedClock[]
}

export function machineClocks(sources: readonly SourceEvidence[], hosts: Hosts): MachineClocks {
  const refused = refusedClocks(sources, hosts)
  const isRefused = new Set(refused.map((r) => r.source))
  const strangers = severalMachines(sources.filter((s) => hosts.of(s, null) === null))
  const apart = namesakes(sources)
  const cache = new Map<string, BundleClock>()
  const clocksIn = (s: SourceEvidence): ClockSnapshot[] =>
    s.snapshots.filter((x): x is ClockSnapshot => x.kind === 'clock' && !(isRefused.has(x.source) && x.capturedUs !== null))
  return {
    refused,
    captured: captureTimes(sources, clocksIn),
    of(boot) {
      const key = keyOf(boot)
      const known = cache.get(key)
      if (known !== undefined) return known
      const bundles = new Set(boot.segments.map((s) => s.evidence.source.place.bundle))
      const near = sources.filter((s) => bundles.has(s.source.place.bundle))
      const corners = new Set(boot.segments.map((s) => cornerOf(s.evidence)))
      const isNamesake = (s: SourceEvidence): boolean => boot.segments.some((own) => apart(own.evidence, s))
      const isOf = (s: SourceEvidence, host: string | null): boolean =>
        boot.host !== null ? host !== null && sameHost(host, boot.host) && !isNamesake(s) : host === null && corners.has(cornerOf(s))
      const lone = boot.host !== null || !boot.segments.some((s) => strangers.has(s.evidence))
      const clocks = lone ? near.flatMap((s) => clocksIn(s).filter((c) => isOf(s, hosts.of(s, c.host)))) : []
      const own = near.filter((s) => isOf(s, hosts.of(s, null)))
      // Objects of the cluster are of the same collection, another machine's log need not be.
      const ownNewest = newestKnownUs(
        near.filter((s) => hosts.of(s, null) === null || own.includes(s)),
        isRefused,
      )
      const made: BundleClock = {
        clocks,
        captures: capturesOf(clocks, factsOf(own)),
        newestUs: ownNewest ?? newestKnownUs(near, isRefused),
        newestIsOwn: ownNewest !== null,
        near: own,
        echoes: echoesOf(boot, near),
        slept: clocks.some((c) => (c.sleeps?.value ?? 0) > 0) || own.some(showsSleep),
      }
      cache.set(key, made)
      return made
    },
  }
}

/** Boots of one machine share its clocks; those with reports are anchored by what others say of their deaths, each for itself. */
function keyOf(boot: Boot): string {
  const places = new Set(boot.segments.map((s) => `${s.evidence.source.place.bundle}\0${cornerOf(s.evidence)}`))
  const own = boot.host === null || boot.segments.some((s) => s.events.some((e) => e.kind === 'kernel-oom'))
  return `${[...places].sort().join('\n')}|${boot.host ?? ''}|${own ? boot.key : ''}`
}

/** A kernel's awakening in a log without its clock. */
const showsSleep = ({ events }: SourceEvidence): boolean =>
  events.some((e) => e.kind === 'kernel-notice' && e.notice === 'resumed' && e.moment.uptimeUs === null)

/** Clocks that the others of their machine, its log or their file contradict. */
function refusedClocks(sources: readonly SourceEvidence[], hosts: Hosts): RefusedClock[] {
  const machines = new Map<string, { clocks: ClockSnapshot[]; own: SourceEvidence[] }>()
  for (const s of sources) {
    const clocks = s.snapshots.filter((x): x is ClockSnapshot => x.kind === 'clock')
    if (clocks.length === 0 && s.source.last === null) continue
    const host = hosts.of(s, clocks[0]?.host ?? null)
    const key = `${s.source.place.bundle}\0${cornerOf(s)}\0${host ?? ''}`
    const machine = machines.get(key) ?? { clocks: [], own: [] }
    machines.set(key, machine)
    machine.clocks.push(...clocks)
    machine.own.push(s)
  }
  return [...machines.values()].flatMap(({ clocks, own }) => (clocks.length === 0 ? [] : capturesOf(clocks, factsOf(own)).refused))
}

/** What a machine's own kernel logs and files say of the time of its capture. */
function factsOf(own: readonly SourceEvidence[]): CaptureFacts {
  const modified = new Map(own.map((s) => [s.source.name, s.source.modifiedMs]))
  const stamps = own.flatMap((s) => (s.source.hasKernel ? [s.source.last?.wall?.epochUs ?? null] : []))
  const newest = stamps.reduce((most, t) => (t !== null && (most === null || t > most) ? t : most), null)
  return {
    newestUs: newest,
    modifiedUs: (source) => {
      const ms = modified.get(source) ?? null
      return ms === null || ms < earliestMs ? null : ms * 1000
    },
  }
}

/** Packers that want the same bytes each time write a date of long ago. */
const earliestMs = Date.UTC(2005, 0, 1)

/**
 * When a document was captured: its bundle's own word; else, and that is a guess (it may have been taken any time later), the newest time that the bundle knows.
 * Never the file's date: files are copied. Looked up once a source.
 */
function captureTimes(
  sources: readonly SourceEvidence[],
  clocksIn: (s: SourceEvidence) => readonly ClockSnapshot[],
): (evidence: SourceEvidence, host: string | null) => Capture {
  const cache = new Map<SourceEvidence, Capture>()
  const read = (evidence: SourceEvidence, host: string | null): Capture => {
    const near = sources.filter((s) => s.source.place.bundle === evidence.source.place.bundle)
    const clocks = near.flatMap((s) => clocksIn(s).filter((x) => sameHost(host, x.host)))
    const said =
      clocks.map((c) => c.capturedUs?.value ?? null).find((t) => t !== null) ?? latest(clocks.map((c) => c.capturedAfterUs?.value ?? null))
    const us = said ?? newestKnownUs(near)
    return { us, told: said !== null }
  }
  return (evidence, host) => {
    const capture = cache.get(evidence) ?? read(evidence, host)
    cache.set(evidence, capture)
    return capture
  }
}

const latest = (times: readonly (number | null)[]): number | null =>
  times.reduce((m, t) => (t !== null && (m === null || t > m) ? t : m), null)
