import type { ChangeEvent, Event } from '../model/event.ts'
import type { PlacedEvent } from '../model/incident.ts'

/** What is known of a machine's kernel at some moment; `null` is not known. */
interface Known {
  readonly release: string | null
  readonly cgroups: 1 | 2 | null
}

/** A `Linux version` line tells the release, a report of a kill the release and, by its shape, the version of cgroups. */
function toldBy(event: Event): Known | null {
  if (event.kind === 'boot') return { release: event.release, cgroups: null }
  return event.kind === 'kernel-oom' ? { release: event.dump.release, cgroups: event.dump.cgroupVersion } : null
}

/**
 * Boots into another kernel, or into the other version of cgroups: the same workload may then be counted, and killed, differently (the group kill of cgroup v2,
 * kernel memory counted in). Events in order of time, with hosts and instants; a change is placed at the boot that brought it, else where it is first seen.
 */
export function kernelChanges(events: readonly PlacedEvent[]): readonly PlacedEvent<ChangeEvent>[] {
  const known = new Map<string, Known>()
  const boots = new Map<string, PlacedEvent>()
  const found: PlacedEvent<ChangeEvent>[] = []
  for (const placed of events) {
    const told = placed.host === null || placed.at.epochUs === null ? null : toldBy(placed.event)
    if (told === null || placed.host === null) continue
    if (placed.event.kind === 'boot') boots.set(placed.host, placed)
    const before = known.get(placed.host) ?? { release: null, cgroups: null }
    const words = [differs('kernel', before.release, told.release), differs('cgroup', version(before.cgroups), version(told.cgroups))]
    const detail = words.filter((word) => word !== null).join(', ')
    const boot = boots.get(placed.host)
    if (detail !== '') found.push(changeAt(boot !== undefined && boot.boot === placed.boot ? boot : placed, placed, detail))
    known.set(placed.host, { release: told.release ?? before.release, cgroups: told.cgroups ?? before.cgroups })
  }
  return found
}

const version = (number: 1 | 2 | null): string | null => (number === null ? null : `v${number}`)

const differs = (what: string, before: string | null, after: string | null): string | null =>
  before === null || after === null || before === after ? null : `${what} ${before} → ${after}`

function changeAt(when: PlacedEvent, seen: PlacedEvent, detail: string): PlacedEvent<ChangeEvent> {
  const { moment, host, bootId } = when.event
  const quotes = seen.event.quotes.slice(0, 1)
  return {
    ...when,
    event: {
      kind: 'change',
      what: 'kernel',
      by: 'kernel',
      subject: null,
      detail,
      target: null,
      moment,
      host,
      bootId,
      writer: 'kernel',
      quotes,
    },
  }
}
