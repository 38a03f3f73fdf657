import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Answer, Phrase } from '../../../src/model/diagnosis.ts'
import type { Quote } from '../../../src/model/origin.ts'
import type { Timeline } from '../../../src/model/timeline.ts'
import { findFindings } from '../../../src/rules/findings/index.ts'
import { diagnose, rules } from '../../../src/rules/index.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'

/** What was said, by who said it, each with its shape: the same without values. */
export type Said = ReadonlyMap<string, Saying>

export interface Saying {
  readonly text: string
  readonly shape: string
}

/** `bytes`, names and times stand for themselves in the text, and for any in the shape. */
function saying(parts: readonly (Phrase | string | null | undefined)[]): Saying {
  const texts: string[] = []
  const shapes: string[] = []
  for (const part of parts) {
    if (part === null || part === undefined || part === '') continue
    texts.push(typeof part === 'string' ? part : plainPhrase(part))
    shapes.push(typeof part === 'string' ? part.replace(/\d+/g, '#') : part.map((one) => (typeof one === 'string' ? one : '#')).join(''))
  }
  return { text: texts.join(' '), shape: shapes.join(' ') }
}

const places = (quotes: readonly Quote[]): string => `[${quotes.map((quote) => quote.line).join(',')}]`
/** Names stand in commands, too: the program and what it is asked for are the shape. */
const ofShell = (text: string | null): Saying => ({ text: text ?? '', shape: (text ?? '').split(' ').slice(0, 3).join(' ') })
const joined = (all: readonly Saying[]): Saying => ({
  text: all.map(({ text }) => text).join(' '),
  shape: all.map(({ shape }) => shape).join(' '),
})

/** What every rule says of these facts, also those that another wins over, and what is said of all of it in the end. */
export function saidOf(facts: IncidentFacts): Said {
  const said = new Map<string, Saying>()
  const told = diagnose(facts)
  for (const rule of rules) {
    if (!rule.needs.every((need) => facts[need] !== null)) continue
    const answer = rule.evaluate(facts as never)
    if (answer !== null) said.set(`${rule.question}/${rule.id}`, answerOf(answer))
  }
  for (const question of ['limit', 'consumer', 'selection', 'consequence', 'rootCause'] as const) {
    const { id, ...answer } = told[question]
    const whole = answerOf(answer)
    // Most say no more than their rule does.
    said.set(question, said.get(`${question}/${id}`)?.text === whole.text ? saying([id]) : joined([saying([id]), whole]))
  }
  said.set('pattern', saying([told.pattern]))
  for (const one of told.alternatives) said.set(`instead ${one.question}/${one.id}`, saying([one.why, one.against]))
  for (const [index, { when, owner, text, why, effect, command }] of told.recommendations.entries())
    said.set(`advice ${index + 1}`, joined([saying([`${when} ${owner}`, text, why, effect]), ofShell(command)]))
  for (const [index, { text, command }] of told.missing.entries())
    said.set(`missing ${index + 1}`, joined([saying([text]), ofShell(command)]))
  if (told.warnings.length > 0) said.set('warnings', saying([JSON.stringify(told.warnings)]))
  return said
}

const answerOf = ({ confidence, statement, against, evidence }: Omit<Answer, 'id'>): Saying =>
  saying([`(${confidence})`, statement, ...(against === null ? [] : ['But:', against]), places(evidence)])

export function foundIn(timeline: Timeline): Said {
  const { findings, warnings } = findFindings(timeline)
  const said = new Map<string, Saying>()
  for (const { id, statement, evidence, workload } of findings) {
    const one = saying([statement, workload === null ? '' : `of ${workload.kind} ${workload.pod ?? workload.unit ?? ''}`, places(evidence)])
    const before = said.get(id)
    said.set(id, before === undefined ? one : joined([before, one]))
  }
  if (warnings.length > 0) said.set('warnings', saying([JSON.stringify(warnings)]))
  return said
}
