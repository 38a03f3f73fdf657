import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { ContainerEvent } from '../../../src/model/event.ts'
import type { Incident } from '../../../src/model/incident.ts'
import type { ContainerState } from '../../../src/model/snapshot.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { factsWith } from '../facts-with.ts'
import { ID, makeState, memcgDump, NOON, placed } from '../make-incident.ts'

export const at = (seconds: number): number => NOON + seconds * 1e6
export const quotes = (name: string, most = 4) => Array.from({ length: most }, (_, n) => quote(`${name}${n + 1}`, n + 1))
export type Rule = {
  evaluate(
    facts: never,
  ): { confidence: string; statement: Parameters<typeof plainPhrase>[0]; evidence: readonly { text: string }[]; against: unknown } | null
}
export const asked = (rule: Rule, incident: Incident, more: Partial<IncidentFacts> = {}) => {
  const answer = rule.evaluate(factsWith(incident, more) as never)
  return answer === null
    ? null
    : { confidence: answer.confidence, said: plainPhrase(answer.statement), lines: answer.evidence.map(({ text }) => text).join('|') }
}
export const ran = (from: number, to: number | null, more: Partial<ContainerState> = {}) =>
  makeState({
    kind: 'terminated',
    reason: 'OOMKilled',
    exitCode: 137,
    startedUs: at(from),
    finishedUs: to === null ? null : at(to),
    containerId: ID,
    quotes: quotes('state'),
    ...more,
  })
export const running = (from: number | null, more: Partial<ContainerState> = {}) =>
  makeState({ startedUs: from === null ? null : at(from), containerId: ID, quotes: quotes('state'), ...more })
export const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: null, container: null, containerId: null }
export const line = (seconds: number, what: ContainerEvent['what'], more: Partial<ContainerEvent> = {}) =>
  placed<ContainerEvent>(seconds, {
    kind: 'container',
    what,
    by: 'kubelet',
    target,
    exitCode: null,
    reason: null,
    cause: null,
    gracePeriodSeconds: null,
    pid: null,
    quotes: quotes(what),
    ...more,
  } as never)
export const count = (value: number) => ({ value, quote: quote('Restart Count', 60) })
export const crowd = memcgDump({}, {}, [
  { pid: 100, rss: 19000, anon: 18900 },
  { pid: 101, rss: 10, comm: 'sh' },
])
