import type { Composition, Holder, IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Rule } from '../../../src/rules/define-rule.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { makeRow } from '../../kernel/make-dump.ts'
import { factsWith, MIB } from '../facts-with.ts'
import { inPod, memcgDump } from '../make-incident.ts'

/** A process that holds so many MiB. */
export const holder = (mib: number, more: Partial<Holder> & { pid?: number; comm?: string } = {}): Holder => ({
  row: makeRow({ rss: mib * 256, pid: more.pid ?? 100, comm: more.comm ?? 'java' }),
  bytes: mib * MIB,
  swapBytes: 0,
  exact: true,
  ...more,
})

/** What was held, in MiB: 100 in use of 200, 60 of them anonymous, by one process, unless replaced. */
export function holding(main: Composition['main']['id'], mib: number, more: Partial<Composition> = {}): Composition {
  return {
    scope: 'memcg',
    usedBytes: 100 * MIB,
    totalBytes: 200 * MIB,
    classes: { [main]: mib * MIB },
    main: { id: main, bytes: mib * MIB, share: mib / 100 },
    unaccountedBytes: 0,
    unprintedBytes: 0,
    largest: holder(mib),
    second: null,
    groups: [{ comm: 'java', count: 1, bytes: mib * MIB }],
    processes: 1,
    from: 'figures',
    ...more,
  }
}

/** Facts of a killed container whose whole report trusts itself, with that composition. */
export const factsOn = (composition: Composition | null, more: Partial<IncidentFacts> = {}): IncidentFacts =>
  factsWith(inPod(memcgDump()), { composition, trust: 'high', ...more })

/** Confidence, words, and what speaks against it; `null` where the rule does not answer. */
export function told(rule: Pick<Rule, 'evaluate'>, facts: IncidentFacts): readonly [string, string, string | null] | null {
  const answer = rule.evaluate(facts as never)
  return answer === null
    ? null
    : [answer.confidence, plainPhrase(answer.statement), answer.against === null ? null : plainPhrase(answer.against)]
}
export const linesOf = (rule: Pick<Rule, 'evaluate'>, facts: IncidentFacts): readonly string[] =>
  rule.evaluate(facts as never)?.evidence.map(({ text }) => text) ?? []
