import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { machineOf, workloadOf } from '../../facts/names.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import type { Quote } from '../../model/origin.ts'
import type { PodSnapshot } from '../../model/snapshot.ts'
import { code, count, say, seconds } from '../../text/say.ts'
import { isWaiting } from '../advice/target.ts'
import { eventLines } from '../evidence.ts'
import { endedRuns, laterLines, survivingRun } from './aftermath.ts'
import { unitLines } from './unit-failed.ts'

/** What was lost or not there because of it, as far as a line tells. */
export interface Impact {
  readonly said: Phrase
  readonly quotes: readonly Quote[]
}

/** So many sentences follow what came of it. */
const MOST = 3

export function impactOf(facts: IncidentFacts): readonly Impact[] {
  return [timeAway(facts), readyPods(facts), lostWork(facts), lostVolume(facts), evictedToo(facts)]
    .filter((one) => one !== null)
    .slice(0, MOST)
}

/** From the end of what was killed to the start of its successor: the least time without it. Readiness came later still. */
function timeAway(facts: IncidentFacts): Impact | null {
  if (survivingRun(facts) !== null) return null
  return bootedAgain(facts) ?? nextRun(facts) ?? nextStart(facts) ?? unitAgain(facts)
}

const away = (from: number | null, to: number | null): number | null =>
  from === null || to === null || to < from ? null : Math.round((to - from) / 1e6)

/** The status of the container shows both runs; it is the last of them, where it was restarted more than once. */
function nextRun(facts: IncidentFacts): Impact | null {
  const ended = endedRuns(facts).find((run) => run.succeeded)
  const state = facts.container?.state ?? null
  if (ended === undefined || state?.kind !== 'running') return null
  const gap = away(ended.state.finishedUs, state.startedUs)
  return gap === null || gap < 2
    ? null
    : { said: say` It was down for ${seconds(gap)} until its next start.`, quotes: state.quotes.slice(0, 2) }
}

function nextStart(facts: IncidentFacts): Impact | null {
  // It waits to be started again: what was between two of its runs is not how long it is away.
  if (isWaiting(facts)) return null
  const [first] = laterLines(facts, ['started'])
  const [ended] = laterLines(facts, ['exit', 'died'])
  const gap = ended === undefined || first === undefined ? null : away(facts.kill?.at.epochUs ?? null, first.at.epochUs)
  return gap === null || gap < 2 || first === undefined
    ? null
    : { said: say` It was down for ${seconds(gap)} until it was started again.`, quotes: eventLines([first]) }
}

function unitAgain(facts: IncidentFacts): Impact | null {
  const units = unitLines(facts)
  const failed = units.find(({ event }) => event.what === 'failed' || event.what === 'main-exited')
  const at = failed?.at.epochUs ?? null
  const again = units.find(({ event, at: when }) => event.what === 'started' && at !== null && (when.epochUs ?? -1) >= at)
  const gap = again === undefined ? null : away(at, again.at.epochUs)
  return gap === null || gap < 2 || again === undefined
    ? null
    : { said: say` It was down for ${seconds(gap)} until it was started again.`, quotes: eventLines([again]) }
}

function bootedAgain(facts: IncidentFacts): Impact | null {
  const at = facts.incident.last.epochUs
  const boot = facts.context.all.find(
    ({ event, at: when }) => event.kind === 'boot' && when.epochUs !== null && at !== null && when.epochUs > at,
  )
  const gap = boot === undefined ? null : away(at, boot.at.epochUs)
  return gap === null || boot === undefined
    ? null
    : {
        said: say` ${code(machineName(facts))} was up again ${seconds(gap)} later: all that ran on it was gone meanwhile.`,
        quotes: eventLines([boot]),
      }
}

const machineName = (facts: IncidentFacts): string => facts.node?.name ?? facts.incident.host ?? 'the machine'

/** Pods of the same owner, each once: those that were ready when their status was read. */
function readyPods(facts: IncidentFacts): Impact | null {
  const owner = workloadOf(facts)?.owner ?? facts.pod?.owner ?? null
  const namespace = facts.pod?.namespace ?? null
  if (owner === null) return null
  const listed = facts.settings[`ready.${namespace}/${owner}`] ?? facts.settings[`ready.${owner}`]
  if (listed !== undefined) {
    const [is, of] = listed.value.split('/').map(Number)
    return is === of || is === undefined || of === undefined
      ? null
      : {
          said: say` When that was listed, ${count(is)} of the ${count(of)} replicas of ${code(owner)} ${is === 1 ? 'was' : 'were'} ready.`,
          quotes: listed.quote === null ? [] : [listed.quote],
        }
  }
  const all = new Map(
    facts.incident.pods.filter((pod) => pod.owner === owner && pod.namespace === namespace && isKnown(pod)).map((pod) => [pod.name, pod]),
  )
  if (all.size < 2) return null
  const ready = [...all.values()].filter(isReady).length
  return ready === all.size
    ? null
    : {
        said: say` When the status was read, ${count(ready)} of the ${count(all.size)} pods of ${code(owner)} in the input ${ready === 1 ? 'was' : 'were'} ready.`,
        quotes: [],
      }
}

const mainContainers = (pod: PodSnapshot) => pod.containers.filter(({ type }) => type === 'regular' || type === 'sidecar')
const isKnown = (pod: PodSnapshot): boolean => mainContainers(pod).length > 0 && mainContainers(pod).every(({ ready }) => ready !== null)
const isReady = (pod: PodSnapshot): boolean => mainContainers(pod).every(({ ready }) => ready === true)

/** A server that tells of its child's death by signal 9: what the child was at is lost, and what the server does then. */
function lostWork(facts: IncidentFacts): Impact | null {
  const seen = facts.context.runtimes.find(({ event }) => event.what === 'child-killed' && event.runtime in LOST)
  return seen === undefined ? null : { said: say` ${LOST[seen.event.runtime] ?? ''}`, quotes: eventLines([seen]) }
}

const LOST: Readonly<Record<string, string>> = {
  postgresql:
    'PostgreSQL takes shared memory for damaged when a backend is killed: it ends all other sessions, rolls back what was open, and recovers before it accepts connections again.',
  gunicorn: 'gunicorn lost a worker: the request that it was serving got no answer.',
  celery: 'celery lost a worker: the task that it was running ended without a result, unless it is delivered again (acks_late).',
  nginx: 'nginx lost a worker: its open connections were cut.',
  apache: 'Apache lost a child: the requests that it was serving got no answer.',
  php: 'PHP-FPM lost a child: the request that it was serving got no answer.',
  uwsgi: 'uWSGI lost a worker: the request that it was serving got no answer.',
}

/** An evicted pod takes its emptyDir volumes with it, in memory or on disk; a restarted container keeps them. */
function lostVolume(facts: IncidentFacts): Impact | null {
  if (facts.kill?.killer !== 'kubelet') return null
  const volume = facts.pod?.memoryVolumes[0]
  if (volume !== undefined)
    return {
      said: say` What it kept in its volume ${code(volume.name)}, which is in memory, is lost with it.`,
      quotes: volume.quotes.slice(0, 1),
    }
  const [first] = facts.pod?.diskVolumes ?? []
  return first === undefined
    ? null
    : {
        said: say` What it kept in its volume ${code(first.name)} (emptyDir, on the node's disk) is lost with it.`,
        quotes: first.quotes.slice(0, 1),
      }
}

/** Neighbours that the kubelet evicted for the same shortage. */
function evictedToo(facts: IncidentFacts): Impact | null {
  if (facts.scope !== 'global' && facts.kill?.killer !== 'kubelet') return null
  const own = workloadOf(facts)?.pod ?? null
  const others = facts.context.evictions.filter(
    ({ event }) => (event.stage === 'evicted' || event.stage === 'evicting') && event.target?.pod != null && event.target.pod !== own,
  )
  const killed = facts.incident.kills.flatMap((kill) =>
    kill.killer === 'kubelet' && kill.workload?.pod != null ? [kill.workload.pod] : [],
  )
  const pods = [...new Set([...others.map(({ event }) => event.target?.pod as string), ...killed])].filter((pod) => pod !== own)
  const [first] = pods
  if (first === undefined) return null
  return {
    said: say` The kubelet also evicted ${pods.length === 1 ? say`pod ${code(first)}` : say`${count(pods.length)} pods`} of ${machineOf(facts)}.`,
    quotes: eventLines(others, 1),
  }
}
