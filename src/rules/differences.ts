import type { IncidentFacts } from '../facts/incident-facts.ts'
import { hitLimit } from '../kernel/memcg-limit.ts'
import type { Phrase } from '../model/diagnosis.ts'
import { bytes, code, count, say } from '../text/say.ts'
import { runsOf } from './pattern/runs.ts'

/** The diagnosis is that of the first kill; where later ones hit another limit, the statement says so. */
export function withDifferences(facts: IncidentFacts, statement: Phrase): Phrase {
  const runs = runsOf(facts)
  const first = facts.memcgLimit?.limitBytes ?? null
  const others = runs.slice(1)
  const limits = [
    ...new Set(
      others
        .map((run) => (run.dump == null ? null : (hitLimit(run.dump)?.counter.limitBytes ?? null)))
        .filter((limit) => limit !== null && limit !== first),
    ),
  ]
  if (first === null && facts.memcgLimit !== null && limits.length === 1)
    return say`${statement} A later report of this incident shows its size: ${bytes(limits[0] ?? 0)}.`
  if (first !== null && limits.length > 0) {
    const last = limits.at(-1) ?? 0
    return say`${statement} The limit was ${bytes(last)} by the last kill.`
  }
  const evicted = others.filter((run) => run.killer !== facts.kill?.killer)
  const [other] = evicted
  if (other === undefined) return statement
  return say`${statement} ${count(evicted.length)} later ${evicted.length === 1 ? say`death` : say`deaths`} of this incident ${evicted.length === 1 ? say`was` : say`were`} by ${other.killer === 'kubelet' || other.killer === 'kernel' ? say`the ${other.killer}` : code(other.killer)}.`
}
