import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Quote } from '../../model/origin.ts'
import { evidence } from '../evidence.ts'

export interface Words {
  readonly text: string
  readonly quotes: readonly Quote[]
}

/** The command line of the victim, or the container's command, arguments and environment, with the line it was read from. */
export function commandWords(facts: IncidentFacts): Words | null {
  if (facts.commandLine !== null) return { text: facts.commandLine.value, quotes: evidence([facts.commandLine.quote]) }
  const container = facts.container
  if (container === null) return null
  const env = Object.entries(container.env).map(([name, value]) => `${name}=${value}`)
  const text = [...container.command, ...env].join(' ')
  return text === '' ? null : { text, quotes: facts.pod?.quotes.slice(0, 1) ?? [] }
}
