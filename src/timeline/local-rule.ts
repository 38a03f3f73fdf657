import { identifyCgroup } from '../kube/cgroup-path.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { WallStamp } from '../model/stamp.ts'
import type { TimelineOptions } from '../model/timeline.ts'
import { isUtcName, offsetOfFixed } from '../units/fixed-offset.ts'
import { impliedOffset } from '../units/outer-stamp.ts'
import { type Boot, lastUptimeUs } from './boots.ts'
import { convert, type Reading } from './clocks.ts'
import { type LocalRule, placeLocal } from './local-time.ts'
import type { BundleClock } from './readings.ts'
import { sleepsOf } from './sleeps.ts'

/** Finds the zone and the year for a source's local stamps: option, bundle facts, or the offset that its own anchors imply. */
export function localRule(
  evidence: SourceEvidence,
  boot: Boot,
  bundle: BundleClock,
  sure: readonly Reading[],
  options: TimelineOptions,
): LocalRule {
  const modified = evidence.source.modifiedMs === null ? null : evidence.source.modifiedMs * 1000
  const last = lastUptimeUs(boot)
  const bootNewest = sure.length > 0 ? Math.max(...sure.map((r) => Math.max(r.uptimeUs, last) + r.offsetUs)) : null
  const referenceUs = bootNewest ?? bundle.newestUs ?? evidence.source.place.nameDateUs ?? modified
  const referenceIsSure = bootNewest !== null || bundle.newestIsOwn || evidence.source.place.nameDateUs !== null
  const notBeforeUs = sure.length > 0 ? Math.min(...sure.map((r) => r.offsetUs)) : null
  const dates = { referenceUs, referenceIsSure, notBeforeUs }
  const zone = bundle.clocks.find((c) => c.zone !== null)?.zone?.value ?? null
  if (zone !== null)
    return isUtcName(zone)
      ? { zone: null, offsetMinutes: 0, how: 'bundle', ...dates }
      : { zone, offsetMinutes: null, how: 'bundle', ...dates }
  const derived = derivedOffset(boot, sure, options, dates)
  if (derived !== null) return { zone: null, offsetMinutes: derived, how: 'derived', ...dates }
  const twice = twiceStampedOffset(bundle, options, dates)
  if (twice !== null) return { zone: null, offsetMinutes: twice, how: 'derived', ...dates }
  const printed = printedOffset(boot)
  if (printed !== null) return { zone: null, offsetMinutes: printed, how: 'bundle', ...dates }
  const offset = bundle.clocks.find((c) => c.offsetMinutes !== null)?.offsetMinutes?.value ?? null
  if (offset !== null) return { zone: null, offsetMinutes: offset, how: 'bundle', ...dates }
  const shown = shownOffset(bundle)
  if (shown !== null) return { zone: null, offsetMinutes: shown, how: 'derived', ...dates }
  if (options.timezone !== null) return fromOption(options.timezone, dates)
  const matched = matchedRule(boot, bundle, options)
  if (matched !== null) return matched
  return { zone: null, offsetMinutes: null, how: null, ...dates }
}

type Dates = Pick<LocalRule, 'referenceUs' | 'referenceIsSure' | 'notBeforeUs'>

function fromOption(timezone: string, dates: Dates): LocalRule {
  const offsetMinutes = offsetOfFixed(timezone) ?? (isUtcName(timezone) ? 0 : null)
  return { zone: offsetMinutes === null ? timezone : null, offsetMinutes, how: 'option', ...dates }
}

/** A status has whole seconds, and the kubelet writes it 0–2 s after the kill. */
const statusLateUs = 1_000_000
const matchUs = 1_500_000

/**
 * Nothing tells the zone, but a pod's status says when its container ended out of memory, and the kernel's lines of that pod show the same second of some whole quarter
 * of an hour: three seconds of nine hundred would do so by chance, so this is assumed. One offset only, else nothing.
 */
function matchedRule(boot: Boot, { near }: BundleClock, options: TimelineOptions): LocalRule | null {
  const stamps = new Map<string, WallStamp[]>()
  for (const event of boot.segments.flatMap((segment) => segment.events)) {
    if (event.kind !== 'kernel-oom') continue
    for (const { taskMemcg, moment } of event.dump.kills) {
      const uid = taskMemcg === null ? null : identifyCgroup(taskMemcg).podUid
      const stamp = moment.wall ?? moment.outerWall
      if (uid !== null && stamp !== null && stamp.epochUs === null && stamp.localUs !== null)
        stamps.set(uid, [...(stamps.get(uid) ?? []), stamp])
    }
  }
  const rules = new Map<number, LocalRule>()
  for (const pod of near.flatMap((s) => s.snapshots)) {
    if (pod.kind !== 'pod') continue
    const ends = pod.containers
      .flatMap(({ state, lastState }) => [state, lastState])
      .flatMap((state) => (state?.reason === 'OOMKilled' && state.finishedUs !== null ? [state.finishedUs] : []))
    for (const end of ends)
      for (const stamp of stamps.get(pod.uid ?? '') ?? []) {
        const rule: LocalRule = { zone: null, offsetMinutes: 0, how: 'matched', referenceUs: end, referenceIsSure: true, notBeforeUs: null }
        const asUtc = placeLocal({ ...stamp, offsetMinutes: 0 }, rule, options, null)
        const offset = asUtc === null ? null : impliedOffset(asUtc.epochUs, end - statusLateUs / 2, matchUs)
        if (offset !== null) rules.set(offset, { ...rule, offsetMinutes: offset })
      }
  }
  return rules.size === 1 ? ([...rules.values()][0] ?? null) : null
}

const quarterMinutes = 15
const dayMinutes = 24 * 60

/** `uptime` prints the time of day in the machine's zone: against a `date` on UTC of the same capture it gives the zone away. Behind UTC by 11 h is as well ahead by 13. */
function shownOffset({ clocks }: BundleClock): number | null {
  for (const up of clocks) {
    if (up.uptimeAtSecondOfDay === undefined) continue
    for (const { capturedUs } of clocks) {
      if (capturedUs === null) continue
      const apart = up.uptimeAtSecondOfDay / 60 - ((capturedUs.value / 60e6) % dayMinutes)
      const offset = Math.round(apart / quarterMinutes) * quarterMinutes
      const wrapped = ((((offset + dayMinutes / 2) % dayMinutes) + dayMinutes) % dayMinutes) - dayMinutes / 2
      if (Math.abs(apart - offset) <= 2 && Math.abs(wrapped) <= 10 * 60) return wrapped
    }
  }
  return null
}

/** What more than twice as many lines say as anything else. */
function clearlyMost(offsets: readonly number[]): number | null {
  const votes = [...new Set(offsets)].map((offset) => ({ offset, count: offsets.filter((other) => other === offset).length }))
  const [first, second] = votes.sort((a, b) => b.count - a.count)
  return first !== undefined && (second === undefined || first.count > 2 * second.count) ? first.offset : null
}

const halfQuarterUs = 450_000_000

/** A local stamp beside an uptime whose instant is known gives the zone away: offsets are whole quarters of an hour. */
function derivedOffset(boot: Boot, sure: readonly Reading[], options: TimelineOptions, dates: Dates): number | null {
  if (sure.length === 0) return null
  const offsets: number[] = []
  const sleeps = sleepsOf(boot, false)
  for (const segment of boot.segments)
    for (const anchor of segment.anchors) {
      const stamp = 'stamp' in anchor.wall ? anchor.wall.stamp : null
      if (stamp === null || stamp.epochUs !== null || stamp.localUs === null) continue
      const known = convert(sleeps.readingsAt(sure, anchor.uptimeUs), anchor.uptimeUs)
      const asUtc = placeLocal({ ...stamp, offsetMinutes: 0 }, { zone: null, offsetMinutes: 0, how: 'derived', ...dates }, options, null)
      if (known === null || known.uncertaintyUs > halfQuarterUs || asUtc === null) continue
      const offset = impliedOffset(asUtc.epochUs, known.epochUs, 120_000_000)
      if (offset !== null) offsets.push(offset)
    }
  return clearlyMost(offsets)
}

/** A line whose program wrote an instant and whose logger wrote local time (containerd in syslog) tells the zone of the host. */
function twiceStampedOffset(bundle: BundleClock, options: TimelineOptions, dates: Dates): number | null {
  const offsets: number[] = []
  for (const evidence of bundle.near)
    for (const { moment } of evidence.events) {
      const inner = moment.wall?.epochUs ?? null
      const outer = moment.outerWall
      if (inner === null || outer === null || outer.epochUs !== null || outer.localUs === null) continue
      const asUtc = placeLocal({ ...outer, offsetMinutes: 0 }, { zone: null, offsetMinutes: 0, how: 'derived', ...dates }, options, null)
      const offset = asUtc === null ? null : impliedOffset(asUtc.epochUs, inner, 60_000_000)
      if (offset !== null) offsets.push(offset)
    }
  return clearlyMost(offsets)
}

/** The one offset that all stamps of the same boot print, where another log of the host prints offsets. */
function printedOffset(boot: Boot): number | null {
  const offsets = new Set<number>()
  const take = (stamp: WallStamp | null | undefined): void => {
    if (stamp?.offsetMinutes !== null && stamp?.offsetMinutes !== undefined && stamp.localUs !== null) offsets.add(stamp.offsetMinutes)
  }
  for (const segment of boot.segments) {
    for (const event of segment.events)
      if (event.kind === 'kernel-oom' || event.kind === 'unit' || event.kind === 'boot') take(event.moment.outerWall ?? event.moment.wall)
    for (const anchor of segment.anchors) if ('stamp' in anchor.wall) take(anchor.wall.stamp)
    take(segment.evidence.source.last?.outerWall ?? segment.evidence.source.last?.wall)
  }
  return offsets.size === 1 ? ([...offsets][0] as number) : null
}
