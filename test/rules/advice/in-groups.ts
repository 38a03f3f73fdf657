import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Workload } from '../../../src/model/incident.ts'
import { setLimit } from '../../../src/rules/advice/set-limit.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { factsWith, MIB } from '../facts-with.ts'
import { inPod, killed, memcgDump, podWorkload } from '../make-incident.ts'

export const inside = (workload: Partial<Workload> | null = {}, more: Partial<IncidentFacts> = {}, dump = memcgDump()) =>
  factsWith(inPod(dump, {}, { workload: workload === null ? null : { ...podWorkload, ...workload } }), more)
export const group = (path: string, more: Partial<IncidentFacts> = {}, dump: object = {}) =>
  factsWith(killed(memcgDump({ oomMemcg: path, taskMemcg: path, ...dump })), more)
export const set = (facts: IncidentFacts, size = 96 * MIB) => {
  const { command, effect, lookFirst } = setLimit(facts, size)
  return `${command} # ${plainPhrase(effect)}${lookFirst === true ? ' (look first)' : ''}`
}
