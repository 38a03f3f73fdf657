import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Quote } from '../../model/origin.ts'
import { evidence } from '../evidence.ts'

export interface Words {
  readonly text: string
  readonly quotes: readonly Quote[]
}

/** What the container was given: by its object, else by its runtime's inspection. */
export const startedWith = (facts: IncidentFacts) => facts.container ?? facts.inspected?.started ?? null

/**
 * What tells a program's settings: the environment of its container, then the command line of the victim, else that of the container, with the lines they
 * were read from. In this order, since a program's arguments overrule its environment, and the last of two flags counts.
 */
export function commandWords(facts: IncidentFacts): Words | null {
  const started = startedWith(facts)
  const env = Object.entries(started?.env ?? {}).map(([name, value]) => `${name}=${value}`)
  const own = facts.commandLine
  const text = [...env, ...(own === null ? (started?.command ?? []) : [own.value])].join(' ')
  if (text === '') return null
  const container = facts.container === null ? facts.inspected?.quotes : facts.pod?.quotes
  return { text, quotes: evidence([own?.quote], own !== null && env.length === 0 ? [] : (container?.slice(0, 1) ?? [])) }
}
