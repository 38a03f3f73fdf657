import { homeOf, labelOf } from '../../facts/names.ts'
import type { Workload } from '../../model/incident.ts'
import { codeOf, phraseOf, type Rich, unknown } from './rich.ts'

/** What a reader would call it. */
export const workloadName = (workload: Workload | null): Rich => (workload === null ? unknown : phraseOf(labelOf(workload)))

/** Whether any name is known of it: `a process` is none. */
export const isNamed = (workload: Workload | null): boolean => workload !== null && (workload.owner !== null || homeOf(workload).length > 0)

/** What else is known of it: owner, QoS class, runtime, ids. */
export function workloadFacts(workload: Workload | null): readonly { readonly label: string; readonly value: Rich }[] {
  if (workload === null) return []
  const facts: { label: string; value: Rich }[] = []
  const add = (label: string, text: string | null): void => {
    if (text !== null) facts.push({ label, value: codeOf(text) })
  }
  add('Owner', workload.owner)
  add('QoS class', workload.qosClass)
  add('Runtime', workload.runtime)
  add('Pod UID', workload.podUid)
  add('Container id', workload.containerId)
  add('Unit', workload.unit)
  return facts
}
