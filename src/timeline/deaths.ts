import type { Event } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'

/**
 * `journalctl -o short-monotonic` of systemd 257 prints when journald read a line, not when the kernel wrote it. The banner, which the kernel writes at 0, gives
 * such a log away: what its lines say of the clock (rtc, audit) was then said long before their stamp.
 */
export const receptionClock = (events: readonly Event[]): boolean =>
  events.some((e) => e.kind === 'boot' && e.moment.uptimeUs !== null && e.moment.uptimeUs > 2_000_000)

/** Boot clock readings that prove two logs to be of one boot: the same process killed, or the same report begun, at the same uptime. */
export type Deaths = ReadonlyMap<string, number>

export function deathsOf(events: readonly Event[]): Deaths {
  const exact = !receptionClock(events)
  const found = new Map<string, number>()
  for (const event of events) {
    if (event.kind !== 'kernel-oom') continue
    for (const kill of event.dump.kills)
      if (kill.moment.uptimeUs !== null) found.set(`${kill.pid} ${kill.totalVmBytes} ${kill.anonRssBytes}`, kill.moment.uptimeUs)
    if (event.moment.uptimeUs !== null && exact)
      found.set(`dump ${event.moment.uptimeUs} ${event.dump.trigger?.pid ?? ''}`, event.moment.uptimeUs)
  }
  return found
}

export function shareDeath(a: Deaths, b: Deaths): boolean {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a]
  for (const [key, at] of few) {
    const other = many.get(key)
    if (other !== undefined && Math.abs(other - at) < (key.startsWith('dump') ? 2_000 : 30_000_000)) return true
  }
  return false
}

/** Releases that a log's banners and reports print (`Linux version 6.1.0-28-amd64`, `Not tainted 6.1.0-28-amd64 #1`). */
export function releasesOf(events: readonly Event[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const event of events) {
    const release = event.kind === 'boot' ? event.release : event.kind === 'kernel-oom' ? event.dump.release : null
    if (release !== null) found.add(release)
  }
  return found
}

/** A kernel log that says only how long its machine was up: nothing in it names the machine or the day. */
export const isBare = ({ source }: SourceEvidence): boolean =>
  source.hasKernel && source.host === null && source.place.host === null && (source.first?.wall ?? null) === null
