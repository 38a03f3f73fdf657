import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../src/facts/incident-facts.ts'
import type { Confidence, Question } from '../../src/model/diagnosis.ts'
import type { Quote } from '../../src/model/origin.ts'
import { type AnyRule, diagnoseWith } from '../../src/rules/diagnose.ts'
import { counterLines, eventLines, evidence, excerptLines, killLines, lines } from '../../src/rules/evidence.ts'
import { plainPhrase } from '../../src/text/plain-phrase.ts'
import { say } from '../../src/text/say.ts'
import { makeKill, quote } from '../kernel/make-dump.ts'
import { factsWith } from './facts-with.ts'
import { globalDump, inPod, killed, makeDeath, memcgDump, placed } from './make-incident.ts'

const said = (n: string) => say`${n}`
const quotes = (name: string, most: number): readonly Quote[] => Array.from({ length: most }, (_, n) => quote(`${name}${n + 1}`, n + 1))
/** A rule that answers so, whatever the facts. */
const rule = (
  question: Question,
  id: string,
  confidence: Confidence | null,
  more: Partial<AnyRule> = {},
  answer: object = {},
): AnyRule => ({
  question,
  id: id as never,
  title: `title of ${id}`,
  needs: [],
  weight: 50,
  evaluate: () =>
    (confidence === null ? null : { confidence, statement: said(id), evidence: quotes(id, 1), against: null, ...answer }) as never,
  ...more,
})
const facts = (more: Partial<IncidentFacts> = {}) => factsWith(inPod(memcgDump()), more)
const of = (rules: readonly AnyRule[], more: Partial<IncidentFacts> = {}) => diagnoseWith(facts(more), rules)
const settling = (...texts: string[]) => ({ settledBy: () => texts.map((text) => ({ text: said(text), command: null })) })

describe('the answer that wins', () => {
  const limit = (...rules: AnyRule[]) => of(rules).limit
  test('is the surest, then the heaviest', () => {
    const [low, medium, high] = (['low', 'medium', 'high'] as const).map((one, n) => rule('limit', one, one, { weight: 90 - n }))
    for (const all of [
      [low, medium, high],
      [high, medium, low],
      [medium, high, low],
    ])
      expect(limit(...(all as AnyRule[])).id).toBe('high')
    expect(limit(low as AnyRule, medium as AnyRule).id).toBe('medium')
    const [a, b] = [rule('limit', 'a', 'low', { weight: 1 }), rule('limit', 'b', 'low', { weight: 2 })]
    expect([limit(a, b).id, limit(b, a).id]).toEqual(['b', 'b'])
  })
  test('is of its own question, or unknown', () => {
    const found = of([rule('limit', 'a', 'high'), rule('consumer', 'b', 'low'), rule('selection', 'c', null)])
    expect([found.limit.id, found.consumer.id, found.selection.id, found.selection.confidence]).toEqual(['a', 'b', 'unknown', 'low'])
  })
  test('is no high with something against it, or without a line', () => {
    const sure = (confidence: Confidence, answer: object) => limit(rule('limit', 'a', confidence, {}, answer)).confidence
    expect([sure('high', {}), sure('high', { against: said('x') }), sure('high', { evidence: [] })]).toEqual(['high', 'medium', 'medium'])
    expect([sure('low', { against: said('x') }), sure('medium', { evidence: [] })]).toEqual(['low', 'medium'])
  })
  test('is asked for only where its needs are there, and costs only itself where it throws', () => {
    const needy = rule('limit', 'a', 'high', { needs: ['node'] })
    expect([of([needy]).limit.id, of([needy], { node: {} as never }).limit.id]).toEqual(['unknown', 'a'])
    const broken = rule('limit', 'a', 'high', {
      evaluate: () => {
        throw new Error('no')
      },
    })
    const found = of([broken, rule('limit', 'b', 'low')])
    expect([found.limit.id, found.warnings.length]).toEqual(['b', 1])
  })
  test('quotes four lines where what changed before is quoted, too', () => {
    const change = placed(-60, { kind: 'change', what: 'setting', by: 'sudo', subject: null, detail: 'd', target: null } as never)
    const cause = (context: ReturnType<typeof placed>[], most = 6) =>
      diagnoseWith(factsWith(inPod(memcgDump(), { context: context as never })), [
        rule('rootCause', 'x', 'high', {}, { evidence: quotes('q', most) }),
      ]).rootCause
    expect(cause([change]).evidence.map(({ text }) => text)).toEqual(['q1', 'q2', 'q3', 'q4', 'line of change'])
    expect(cause([]).evidence).toHaveLength(6)
    expect(plainPhrase(cause([change]).statement)).toContain('A kernel setting had been changed 1 min before')
  })
})

describe('what else might be', () => {
  test('losers that say something, causes first, then by strength; four', () => {
    const all = [
      rule('limit', 'w1', 'high'),
      rule('rootCause', 'w2', 'high'),
      rule('consumer', 'w3', 'high'),
      rule('limit', 'l1', 'low'),
      rule('limit', 'l2', 'medium'),
      rule('consumer', 'c1', 'low'),
      rule('rootCause', 'r1', 'low', { weight: 1 }),
      rule('rootCause', 'r2', 'low', { weight: 2 }),
      rule('consequence', 'process-killed', 'low'),
      rule('consequence', 'node-panic', 'high'),
      rule('consequence', 'unknown', 'low'),
    ]
    expect(of(all).alternatives.map(({ id }) => id)).toEqual(['r2', 'r1', 'c1', 'l2'])
    expect(of(all.slice(0, 5)).alternatives.map(({ id }) => id)).toEqual(['l2', 'l1'])
    expect(of(all.slice(8)).alternatives).toEqual([])
  })
  test('with what speaks for it and against it', () => {
    const one = (more: Partial<AnyRule>, answer: object = {}) => {
      const [found] = of([rule('limit', 'winner', 'high'), rule('limit', 'x', 'low', more, answer)]).alternatives
      return [plainPhrase(found?.why ?? said('')), plainPhrase(found?.against ?? said(''))]
    }
    expect(one({})).toEqual(['x', 'The evidence for “title of winner” is nearer to the kill.'])
    expect(one({ doubt: said('doubt') })[1]).toBe('doubt')
    expect(one({ doubt: said('doubt') }, { against: said('against') })[1]).toBe('against')
    expect(one({ alternative: () => said('because') })[0]).toBe('because')
    const two = of([rule('limit', 'w1', 'high'), rule('consumer', 'w2', 'high'), rule('consumer', 'x', 'low')]).alternatives[0]
    expect(plainPhrase(two?.against ?? said(''))).toContain('title of w2')
  })
})

describe('what would settle it', () => {
  const missing = (rules: readonly AnyRule[], more: Partial<IncidentFacts> = {}) =>
    of(rules, more).missing.map(({ text }) => plainPhrase(text))
  test('by the winner, unless it is sure', () => {
    const by = (confidence: Confidence) =>
      missing([rule('limit', 'a', confidence, settling('x')), rule('limit', 'b', 'low', settling('y'))])
    expect([by('high'), by('medium')]).toEqual([[], ['x']])
  })
  test('by a rule whose needs are absent, where nothing is known', () => {
    const needy = rule('limit', 'b', 'high', { needs: ['node'], ...settling('y') })
    const unknown = rule('limit', 'unknown', 'low', { ...settling('x'), weight: 0 })
    expect(missing([unknown, needy])).toEqual(['x', 'y'])
    expect(missing([rule('limit', 'a', 'low', settling('x')), needy])).toEqual(['x'])
    expect(missing([unknown, rule('limit', 'b', null, settling('y'))])).toEqual(['x'])
    expect(missing([needy])).toEqual(['y'])
  })
  test('each once, six at most', () => {
    expect(missing([rule('limit', 'a', 'low', settling('x', 'x', 'y')), rule('consumer', 'b', 'low', settling('y', 'z'))])).toEqual([
      'x',
      'y',
      'z',
    ])
    expect(missing([rule('limit', 'a', 'low', settling('1', '2', '3', '4', '5', '6', '7'))])).toHaveLength(6)
  })
})

test('whose limit was hit is whose work it is', () => {
  const advice = { text: said('do'), why: said(''), command: null, when: 'now' as const, effect: said('') }
  const owner = (scope: 'memcg' | 'global', more: object = {}) =>
    diagnoseWith(factsWith(scope === 'memcg' ? inPod(memcgDump()) : killed(globalDump())), [
      rule('limit', 'a', 'high', { recommend: () => [{ ...advice, ...more }] }),
    ]).recommendations.map((one) => one.owner)
  expect([owner('memcg'), owner('global'), owner('global', { owner: 'application' })]).toEqual([
    ['application'],
    ['platform'],
    ['application'],
  ])
})

describe('the lines of it', () => {
  const texts = (all: readonly Quote[]) => all.map(({ text }) => text)
  test('each once, six at most', () => {
    expect(texts(evidence(quotes('a', 2), [null, undefined], quotes('a', 3)))).toEqual(['a1', 'a2', 'a3'])
    expect(evidence(quotes('a', 9))).toHaveLength(6)
    expect(evidence([quote('a', 1)], [{ ...quote('a', 1), source: 'b' }], [quote('a', 2)])).toHaveLength(3)
  })
  test('the first of a role', () => {
    const dump = memcgDump({ quotes: { memory: quotes('m', 2), ram: quotes('r', 2) } } as never)
    expect(texts(lines(facts({ dump }), 'ram', 'header', 'memory'))).toEqual(['r1', 'm1'])
    expect(lines(facts({ dump: null }), 'ram')).toEqual([])
  })
  test('of the kill: its own, the report’s, then others', () => {
    const kills = [makeKill({ pid: 7, quotes: quotes('other', 1) }), makeKill({ pid: 100, quotes: quotes('own', 2) })]
    const dump = memcgDump({ kills, quotes: { kill: quotes('k', 2), summary: quotes('s', 2) } } as never)
    const kill = makeDeath(dump, { pid: 100, evidence: quotes('e', 2) })
    expect(texts(killLines(facts({ dump, kill }), 9))).toEqual(['own1', 'k1', 's1', 'e1', 'e2'])
    expect(texts(killLines(facts({ dump, kill })))).toEqual(['own1', 'k1'])
    expect(texts(killLines(facts({ dump: null, kill })))).toEqual(['e1', 'e2'])
    expect(killLines(facts({ dump: null, kill: null }))).toEqual([])
  })
  test('that hold a counter, else the first of them', () => {
    const stats = [{ path: '/', hierarchical: true, values: {}, quotes: [quote('anon 1'), quote('file 2')] }]
    const dump = memcgDump({ stats, quotes: { counters: [quote('free:1'), quote('slab:2')] } } as never)
    expect(texts(counterLines(facts({ dump }), 'file', 'anon'))).toEqual(['file 2', 'anon 1'])
    expect(texts(counterLines(facts({ dump }), 'free'))).toEqual(['anon 1'])
    expect(texts(counterLines(facts({ dump, scope: 'global' }), 'slab'))).toEqual(['slab:2'])
    expect(texts(counterLines(facts({ dump, scope: 'global' }), 'none'))).toEqual(['free:1'])
    expect(
      texts(excerptLines(facts({ dump: memcgDump({ excerpt: [quote('a 1'), quote('b 2'), quote('b 3')] } as never) }), 'b', 'c')),
    ).toEqual(['b 2'])
  })
  test('of events, the first of two', () => {
    const events = [1, 2, 3].map((n) => placed(n, { kind: 'boot', quotes: quotes(`e${n}-`, 2) } as never))
    expect([texts(eventLines(events)), texts(eventLines(events, 1))]).toEqual([['e1-1', 'e2-1'], ['e1-1']])
  })
})
