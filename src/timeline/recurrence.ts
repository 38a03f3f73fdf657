/**
 * What happens to one workload again: incidents are cut by time (contract), so a kill every 31 hours, the Jobs of a CronJob and the successive pods of a Deployment are
 * incidents of their own. Each learns of the others' deaths.
 */
import { deploymentOfPodName } from '../kube/owner.ts'
import type { RuntimeEvent, UnitEvent } from '../model/event.ts'
import type { Death, Incident, Kill, PlacedEvent, Workload } from '../model/incident.ts'
import { inTime } from './in-time.ts'
import { gapUs } from './instants.ts'
import { minuteUs } from './other-deaths.ts'

/** Replicas that die together are one shortage's victims, not one workload's repetition. */
const replicasUs = 10 * minuteUs

export function withRecurrence(incidents: readonly Incident[]): Incident[] {
  const deaths = new Map(incidents.map((incident) => [incident, deathsOf(incident)]))
  const groups = new Map<string, Incident[]>()
  for (const incident of incidents) for (const key of keysOf(incident)) groups.set(key, [...(groups.get(key) ?? []), incident])
  return incidents.map((incident) => {
    const own = deaths.get(incident) ?? []
    const others = [...new Set(keysOf(incident).flatMap((key) => groups.get(key) ?? []))]
      .filter((other) => other !== incident && (samePlace(incident, other) || apart(incident, other)))
      .flatMap((other) => deaths.get(other) ?? [])
    const siblings = siblingsOf(incident, groups).flatMap((other) => deaths.get(other)?.slice(0, 1) ?? [])
    const told = siblings.length === 0 ? incident : { ...incident, siblings }
    if (own.length + others.length < 2) return told
    return { ...told, deaths: inTime([...own, ...others], (death) => death.at) }
  })
}

/** The incident's own: each run of a killer once, of the first victim's workload; or each time that a runtime gave up. */
function deathsOf(incident: Incident): Death[] {
  if (incident.nature === 'runtime-heap') return failuresOf(incident)
  const seen = new Set<string>()
  const [first] = incident.kills
  const own = incident.kills.filter(
    (k) => first !== undefined && isAlike(k, first) && !seen.has(k.eventKey) && seen.add(k.eventKey) !== undefined,
  )
  return own.map((k, i) => {
    const before = own[i - 1]
    const isBeside = livedBeside(before, k)
    // a child that died later in the same run of the container began after it
    const isOfSameRun =
      isBeside || (before !== undefined && k.workload?.containerId != null && before.workload?.containerId === k.workload.containerId)
    const told = {
      at: k.at,
      startedUs: isOfSameRun ? null : startOf(k, incident),
      bytes: sizeOf(k),
      // The kill's own list where it is as short: of a hundred thousand deaths each would have another.
      evidence: k.evidence.length === 1 ? k.evidence : k.evidence.slice(0, 1),
    }
    return isBeside ? { ...told, beside: true } : told
  })
}

/** The table of the earlier death lists the process of the later one, by PID and name: it was alive already. */
const livedBeside = (before: Kill | undefined, k: Kill): boolean =>
  k.pid !== null && (before?.dump?.tasks.some((task) => task.pid === k.pid && (k.comm === null || task.comm === k.comm)) ?? false)

/** Lines of one failing process follow each other within seconds: a failure a minute later, or of another process, is another. */
function failuresOf(incident: Incident): Death[] {
  const failures = incident.context.filter(
    (p): p is PlacedEvent<RuntimeEvent> => p.event.kind === 'runtime' && p.event.what === 'heap-exhausted',
  )
  const isNew = (p: PlacedEvent<RuntimeEvent>, i: number): boolean => {
    const previous = failures[i - 1]
    if (previous === undefined) return true
    if (p.event.pid !== null && previous.event.pid !== null && p.event.pid !== previous.event.pid) return true
    return Math.abs(gapUs(previous.at, p.at) ?? 0) >= minuteUs
  }
  return failures.filter(isNew).map(({ at, event }) => ({ at, startedUs: null, bytes: null, evidence: event.quotes.slice(0, 1) }))
}

/** Memory of the process' own, resident and swapped. */
const sizeOf = (k: Kill): number | null => (k.anonRssBytes === null ? null : k.anonRssBytes + (k.swapBytes ?? 0))

function isAlike(a: Kill, b: Kill): boolean {
  const name = (k: Kill): string => {
    const w = k.workload
    if (w?.podUid != null || w?.pod != null) return `${w.podUid ?? w.pod} ${w.container ?? ''}`
    return w?.unit ?? `${k.memcg ?? ''} ${k.comm ?? ''}`
  }
  return name(a) === name(b)
}

/** When what died had started: a container by the status of that run, else by the runtime's line about its id; a unit by systemd's last word before. */
function startOf(k: Kill, incident: Incident): number | null {
  const id = k.workload?.containerId ?? null
  const at = k.at.epochUs
  if (at === null) return null
  if (k.workload?.unit != null && id === null) return startOfUnit(k.workload.unit, at, incident)
  for (const pod of incident.pods) {
    if (pod.uid !== null && k.workload?.podUid !== null && pod.uid !== k.workload?.podUid) continue
    for (const c of pod.containers) {
      if (k.workload?.container !== null && c.name !== k.workload?.container) continue
      for (const state of [c.state, c.lastState]) {
        if (state?.kind !== 'terminated' || state.startedUs === null || state.finishedUs === null) continue
        const sameRun = id !== null && state.containerId !== null ? state.containerId === id : true
        if (sameRun && state.startedUs <= at && state.finishedUs >= at - 1_000_000 && state.finishedUs <= at + minuteUs)
          return state.startedUs
      }
    }
  }
  const started = incident.context.find(
    ({ event }) => event.kind === 'container' && event.what === 'started' && id !== null && event.target.containerId === id,
  )
  return started?.at.epochUs ?? null
}

interface UnitWords {
  /** In order of time, µs. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** What systemd said of the units of an incident, once for all its kills. */
const unitWords = new WeakMap<Incident, ReadonlyMap<string, UnitWords>>()

function wordsOf(incident: Incident): ReadonlyMap<string, UnitWords> {
  const words = unitWords.get(incident) ?? readWords(incident)
  unitWords.set(incident, words)
  return words
}

function readWords(incident: Incident): ReadonlyMap<string, UnitWords> {
  const made = new Map<string, { starts: number[]; ends: number[] }>()
  for (const { event, at } of incident.context) {
    if (event.kind !== 'unit' || at.epochUs === null) continue
    const words = made.get(event.unit) ?? { starts: [], ends: [] }
    made.set(event.unit, words)
    if (event.what === 'started') words.starts.push(at.epochUs)
    if (ENDS.has(event.what)) words.ends.push(at.epochUs)
  }
  return made
}

const ENDS: ReadonlySet<UnitEvent['what']> = new Set(['oom-killed', 'oomd-killed', 'failed', 'main-exited'])
/** By how much systemd's words may be stamped before the kernel's line. */
const lateUs = 1_000_000

/** systemd's words on a death, and on the start after it, may be stamped before the kernel's kill line (seen-on-real-systems §3): a start counts if it came before them. */
function startOfUnit(unit: string, atUs: number, incident: Incident): number | null {
  const words = wordsOf(incident).get(unit)
  if (words === undefined) return null
  const end = words.ends[lowerBound(words.ends, atUs - lateUs + 1)] ?? atUs
  return words.starts[lowerBound(words.starts, Math.min(atUs, end) + 1) - 1] ?? null
}

/** Place of the first that is not less. */
function lowerBound(sorted: readonly number[], us: number): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] as number) < us) from = middle + 1
    else to = middle
  }
  return from
}

function keysOf({ kills, workload, host, nature, context }: Incident): string[] {
  const [first] = kills
  const killer = first === undefined ? nature : first.killer === 'kubelet' ? 'evicted' : 'killed'
  const w = first?.workload ?? workload
  const comm = first?.comm ?? ''
  if (w !== null && (w.podUid !== null || w.pod !== null)) return podKeys(w, comm).map((key) => `${killer} ${key}`)
  if (w?.unit != null && !w.unit.endsWith('.slice')) return [`${killer} unit ${host} ${w.unit}`]
  if (w?.containerId != null) return [`${killer} container ${w.containerId}`]
  if (first === undefined) {
    const [said] = context
    return nature === 'runtime-heap' && said !== undefined ? [`${killer} ${host} ${said.event.quotes[0]?.source}`] : []
  }
  return first.comm === null ? [] : [`${killer} process ${host} ${first.memcg ?? ''} ${first.uid ?? ''} ${comm}`]
}

function podKeys(w: Workload, comm: string): string[] {
  const what = w.container ?? comm
  const owner = w.owner ?? (w.pod === null ? null : deploymentOfPodName(w.pod))
  return [`pod ${w.podUid ?? `${w.namespace}/${w.pod}`} ${what}`, ...(owner === null ? [] : [`owner ${w.namespace}/${owner} ${what}`])]
}

const samePlace = (a: Incident, b: Incident): boolean =>
  a.workload?.podUid != null ? a.workload.podUid === b.workload?.podUid : a.workload?.pod === b.workload?.pod

/** Too far apart in time to be replicas that one event took. */
function apart(a: Incident, b: Incident): boolean {
  const gap = gapUs(a.first, b.first)
  return gap !== null && Math.abs(gap) >= replicasUs
}

/** Pods of the same owner whose first death came shortly before this one's. */
function siblingsOf(incident: Incident, groups: ReadonlyMap<string, readonly Incident[]>): readonly Incident[] {
  const owner = keysOf(incident).find((key) => key.includes(' owner '))
  return (owner === undefined ? [] : (groups.get(owner) ?? [])).filter((other) => {
    const gap = other === incident || samePlace(incident, other) ? null : gapUs(other.first, incident.first)
    return gap !== null && gap > 0 && gap < replicasUs
  })
}
