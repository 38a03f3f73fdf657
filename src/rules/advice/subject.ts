import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { commandWords, startedWith } from './command-words.ts'
import type { Runtime } from './runtimes/define-runtime.ts'
import { runtimeOf } from './runtimes/index.ts'

/** Who the advice is about: the one that held the memory, which need not be the one that died. */
export interface Subject {
  readonly comm: string
  readonly pid: number | null
  readonly bytes: number | null
  /** How many processes of that name hold it. */
  readonly count: number
  readonly isVictim: boolean
  /** It lives where the victim lived: it is the victim, or another process of the container whose own limit was hit. */
  readonly within: boolean
  readonly runtime: Runtime | null
}

/** A process must hold this share of what was full to be spoken of: nothing else can have filled it. */
const MATERIAL = 0.2

/** The process or crowd that held most of it; `null` where nobody in sight held a material part. */
export function subjectOf(facts: IncidentFacts): Subject | null {
  const held = facts.composition
  const victim = facts.kill
  const words = wordsOf(facts)
  if (held === null)
    return victim?.comm == null || facts.dump !== null ? null : subject(victim.comm, victim.pid, victim.anonRssBytes, 1, true)
  const crowd = held.groups[0] ?? null
  const own = held.largest
  if (crowd !== null && crowd.count > 2 && own !== null && own.bytes + own.swapBytes < crowd.bytes * 0.5)
    return crowd.bytes < held.usedBytes * MATERIAL ? null : subject(crowd.comm, null, crowd.bytes, crowd.count, victim?.comm === crowd.comm)
  if (own === null) return victim?.comm == null ? null : subject(victim.comm, victim.pid, victim.anonRssBytes, 1, true)
  if (own.bytes + own.swapBytes < held.usedBytes * MATERIAL) return null
  return subject(own.row.comm, own.row.pid, own.bytes, 1, own.row.pid === victim?.pid)

  function subject(comm: string, pid: number | null, bytes: number | null, count: number, isVictim: boolean): Subject {
    // Under a container's own limit all are of that container.
    const own = isVictim || (facts.scope === 'memcg' && facts.limitCgroup?.level === 'container')
    return { comm, pid, bytes, count, isVictim, within: own, runtime: runtimeOf(comm, own ? words : '') }
  }
}

/** Everything that tells which program it is: arguments, environment, image, and what its container or unit is called. */
function wordsOf(facts: IncidentFacts): string {
  const unit = (facts.limitCgroup ?? facts.victimCgroup)?.unit
  return [commandWords(facts)?.text, startedWith(facts)?.image, facts.container?.name ?? facts.inspected?.name, unit]
    .filter((word) => word != null)
    .join(' ')
}
