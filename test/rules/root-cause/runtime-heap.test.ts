import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { RuntimeEvent } from '../../../src/model/event.ts'
import { runtimeHeapFillsLimit } from '../../../src/rules/root-cause/runtime-heap-fills-limit.ts'
import { runtimeHeapTooSmall } from '../../../src/rules/root-cause/runtime-heap-too-small.ts'
import { runtimeUnawareOfCgroup } from '../../../src/rules/root-cause/runtime-unaware-of-cgroup.ts'
import { counter, quote } from '../../kernel/make-dump.ts'
import { factsWith, MIB, saidIn, textsOf } from '../facts-with.ts'
import { inPod, makeContainer, makeIncident, makePod, memcgDump, NOON, placed, podWorkload } from '../make-incident.ts'

const heapOut = (more: Partial<RuntimeEvent> = {}) =>
  placed<RuntimeEvent>(0, {
    kind: 'runtime',
    runtime: 'jvm',
    what: 'heap-exhausted',
    detail: 'Java heap space',
    heapUsedBytes: null,
    heapLimitBytes: null,
    pid: null,
    program: null,
    target: null,
    ...more,
  })
const limited = (mib: number, env: Record<string, string> = {}) =>
  makeContainer({ env, limitBytes: { value: mib * MIB, quote: quote('memory: limit', 40) } })

describe('a heap that is too small', () => {
  const facts = (event: Partial<RuntimeEvent>, container = limited(1024, { JAVA_OPTS: '-Xmx256m' }), more: Partial<IncidentFacts> = {}) =>
    factsWith(makeIncident({ nature: 'runtime-heap', context: [heapOut(event)], workload: podWorkload }), {
      container,
      pod: makePod([container]),
      ...more,
    })
  const said = (...of: Parameters<typeof facts>) => saidIn(runtimeHeapTooSmall.evaluate(facts(...of) as never))
  const raised = (...of: Parameters<typeof facts>) =>
    runtimeHeapTooSmall.recommend?.(facts(...of) as never).find(({ when }) => when === 'now') ?? null

  test('is told by its flag, else by the runtime’s own words', () => {
    expect(said({})).toContain('The heap of the JVM (256 MiB, -Xmx256m) was too small')
    expect(said({ heapLimitBytes: 200 * MIB })).toContain('(256 MiB, -Xmx256m)')
    expect(said({ heapLimitBytes: 200 * MIB }, limited(1024))).toContain('The heap of the JVM (200 MiB) was too small')
    expect(said({}, limited(1024))).toContain('The heap of the JVM was too small')
    expect(said({ area: 'metaspace', heapLimitBytes: 64 * MIB })).toContain('The Metaspace of the JVM (64 MiB) was too small')
    expect(runtimeHeapTooSmall.evaluate({ ...facts({}), incident: { ...facts({}).incident, nature: 'kill' } } as never)).toBeNull()
    expect(runtimeHeapTooSmall.evaluate(facts({ what: 'own-limit' }) as never)).toBeNull()
  })
  test('a share of the limit is of the limit', () => {
    expect(said({}, limited(1024, { JAVA_OPTS: '-XX:MaxRAMPercentage=25' }))).toContain('(256 MiB, -XX:MaxRAMPercentage=25)')
  })
  test('the limit has room for a larger one up to three quarters of it', () => {
    expect(said({}, limited(342, { JAVA_OPTS: '-Xmx256m' }))).toContain('limit of 342 MiB leaves room for a larger heap')
    expect(said({}, limited(1024, { JAVA_OPTS: '-Xmx768m' }))).toContain('leaves room')
    expect(said({}, limited(1024, { JAVA_OPTS: '-Xmx769m' }))).toContain('leaves no room')
    expect(said({}, limited(1024))).toContain("The container's limit is 1 GiB.")
    expect(said({ heapLimitBytes: 0 }, limited(1024))).toContain("The container's limit is 1 GiB.")
    expect(said({}, makeContainer({ limitBytes: null }))).not.toContain('limit')
    expect(said({ area: 'direct' })).not.toContain('limit')
  })
  test('raised by half, to three quarters of the limit at most, and not for less than a fifth', () => {
    const text = (...of: Parameters<typeof facts>) => textsOf([raised(...of)])[0] ?? ''
    expect(text({})).toContain('raise the heap from 256 MiB to 384 MiB (-Xmx384m); three quarters of the limit of 1 GiB')
    expect(text({}, limited(480, { JAVA_OPTS: '-Xmx256m' }))).toContain('from 256 MiB to 360 MiB (-Xmx360m)')
    expect(text({}, limited(410, { JAVA_OPTS: '-Xmx256m' }))).toContain('(-Xmx307m)')
    expect(text({}, limited(409, { JAVA_OPTS: '-Xmx256m' }))).toBe('')
    // A fifth more is enough.
    expect(text({}, limited(400, { JAVA_OPTS: '-Xmx250m' }))).toContain('from 250 MiB to 300 MiB')
    expect(text({ runtime: 'node' }, limited(1024, { NODE_OPTIONS: '--max-old-space-size=256' }))).toContain(
      'to 384 MiB (--max-old-space-size=384)',
    )
    expect(text({ runtime: 'python', heapLimitBytes: 256 * MIB }, limited(1024))).toBe('')
    expect(text({}, limited(1024))).toBe('')
    expect(text({}, makeContainer({ env: { JAVA_OPTS: '-Xmx256m' }, limitBytes: null }))).toBe('')
    expect(text({ area: 'metaspace', heapLimitBytes: 256 * MIB })).toBe('')
  })
  test('by the variable that holds the flag, of a workload that can be set', () => {
    const of = (env: Record<string, string>, more: Partial<IncidentFacts> = {}) => raised({}, limited(1024, env), more)?.command ?? null
    expect(of({ OTHER: 'x', JAVA_OPTS: '-Xms64m -Xmx256m -server' })).toBe(
      "kubectl set env -n shop deployment/api -c api 'JAVA_OPTS=-Xms64m -Xmx384m -server'",
    )
    expect(raised({})?.effect).not.toEqual(['Takes a restart of the program.'])
    // An operator takes back what is set on what it made.
    expect(of({ JAVA_OPTS: '-Xmx256m' }, { pod: makePod([limited(1024)], { managedBy: 'shop-operator' }) })).toBeNull()
    // The flag stands in the command, so that no variable holds it.
    const given = { ...limited(1024), command: ['java', '-Xmx256m', '-jar', 'a.jar'] }
    expect(raised({}, given)?.command).toBeNull()
    expect(textsOf([raised({}, given)])[0]).toContain('to 384 MiB')
    // What a runtime says itself is no flag that could be set.
    expect(raised({ heapLimitBytes: 256 * MIB }, limited(1024, { A: 'null' }))?.command).toBeNull()
    const owned = (owner: string | null) =>
      raised({}, limited(1024, { JAVA_OPTS: '-Xmx256m' }), {
        incident: makeIncident({ nature: 'runtime-heap', context: [heapOut()], workload: { ...podWorkload, owner } }),
        pod: null,
      })
    expect(owned('Deployment/api')?.command).toContain('set env')
    expect(owned('Job/api')?.command).toBeNull()
    const alone = raised({}, limited(1024, { JAVA_OPTS: '-Xmx256m' }), {
      incident: makeIncident({ nature: 'runtime-heap', context: [heapOut()] }),
      pod: null,
    })
    expect(alone?.command).toBeNull()
    expect(alone?.effect).toEqual(['Takes a restart of the program.'])
  })
  test('what is in it is dumped by the runtime’s own means', () => {
    const found = (event: Partial<RuntimeEvent>) =>
      runtimeHeapTooSmall.recommend?.(facts(event) as never).filter(({ when }) => when === 'find') ?? []
    const [dump] = found({})
    expect(textsOf([dump])[0]).toContain('-XX:+HeapDumpOnOutOfMemoryError')
    expect(dump).toMatchObject({ lookFirst: true })
    expect(dump?.command).toContain('GC.class_histogram')
    expect(textsOf(found({ area: 'metaspace' }))[0]).toContain('-XX:MaxMetaspaceSize bounds it')
    expect(textsOf(found({ area: 'direct' }))[0]).toContain('-XX:MaxDirectMemorySize bounds it')
    expect(found({ area: 'direct' })[0]?.command).toContain('VM.native_memory')
    expect(textsOf(found({ runtime: 'node' }))[0]).not.toContain('HeapDump')
    expect(found({ runtime: 'node' })[0]).toMatchObject({ command: null })
    expect(textsOf(found({ runtime: 'rust' })).join(' ')).not.toContain('only what is in it')
    expect(found({ runtime: 'rust' })).toHaveLength(found({ runtime: 'node' }).length - 1)
  })
  test('what would settle it: what is in there', () => {
    const asked = (event: Partial<RuntimeEvent>) =>
      runtimeHeapTooSmall.settledBy?.(facts(event) as never).map(({ text }) => saidIn({ statement: text })) ?? []
    expect(asked({})).toEqual([expect.stringContaining('What is in the heap')])
    expect(asked({ area: 'direct' })).toEqual([expect.stringContaining('what only grows is a leak')])
    expect(runtimeHeapTooSmall.settledBy?.(factsWith(inPod(memcgDump())) as never)).toEqual([])
  })
})

describe('a heap that may fill the limit', () => {
  const told = (flag: string, more: Partial<IncidentFacts> = {}, incident = inPod(memcgDump())) =>
    runtimeHeapFillsLimit.evaluate(
      factsWith(incident, { container: limited(80, { JAVA_OPTS: flag }), pod: makePod([limited(80)]), ...more }) as never,
    )
  test('eight tenths of it; all of it is sure', () => {
    expect(told('-Xmx64m')?.confidence).toBe('medium')
    expect(told('-Xmx63m')).toBeNull()
    expect(told('-Xmx79m')?.confidence).toBe('medium')
    expect(told('-Xmx80m')?.confidence).toBe('high')
    expect(told('-Xmx80m', { trust: 'medium' })?.confidence).toBe('medium')
    expect(saidIn(told('-Xmx80m'))).toContain('grow to 80 MiB, 100 % of the limit of 80 MiB')
    expect(saidIn(told('-Xmx100m'))).toContain('grow to 100 MiB, 20 MiB above the limit of 80 MiB')
  })
  test('not where the process held less than seven tenths of a ceiling below the limit', () => {
    const held = (mib: number) => inPod(memcgDump({}, {}, [{ rss: mib * 256, anon: mib * 256, adj: 936 }]), {}, { anonRssBytes: mib * MIB })
    expect(told('-Xmx70m', {}, held(49))).not.toBeNull()
    expect(told('-Xmx70m', {}, held(48.9))).toBeNull()
    expect(told('-Xmx80m', {}, held(20))).not.toBeNull()
  })
  test('within 90 s of its start a heap below the limit is hardly full', () => {
    const lived = (seconds: number, flag = '-Xmx70m') => told(flag, { started: { value: NOON - seconds * 1e6, quote: null } })
    expect(lived(90)).toMatchObject({ confidence: 'medium', against: null })
    expect(lived(89)?.confidence).toBe('low')
    expect(lived(89)?.against).not.toBeNull()
    expect(lived(89, '-Xmx80m')).toMatchObject({ confidence: 'high', against: null })
  })
  test('Go counts all of its memory: from 97 % on', () => {
    const go = (mib: number) =>
      runtimeHeapFillsLimit.evaluate(
        factsWith(
          inPod(
            memcgDump({ memory: counter(102_400, 102_400) }, {}, [{ rss: 99 * 256, anon: 99 * 256, comm: 'api' }]),
            {},
            { comm: 'api' },
          ),
          {
            container: limited(100, { GOMEMLIMIT: `${mib}MiB` }),
          },
        ) as never,
      )
    expect(go(97)).not.toBeNull()
    expect(go(96)).toBeNull()
  })
  test('a status alone knows no kill at the limit: never sure', () => {
    expect(
      told('-Xmx80m', { dump: null, scope: null, composition: null, kill: { ...inPod(memcgDump()).kills[0], dump: null } as never })
        ?.confidence,
    ).toBe('medium')
    expect(told('-Xmx80m', { scope: 'global' })).toBeNull()
  })
})

describe('a runtime that does not see the limit', () => {
  const spoke = (mib: number | null, runtime: RuntimeEvent['runtime'] = 'jvm', limitKib = 81_920) =>
    factsWith(
      inPod(memcgDump({ memory: limitKib === 0 ? null : counter(limitKib, limitKib) }), {
        context: [heapOut({ what: 'own-limit', runtime, heapLimitBytes: mib === null ? null : mib * MIB })],
      }),
    )
  const told = (...of: Parameters<typeof spoke>) => runtimeUnawareOfCgroup.evaluate(spoke(...of) as never)
  const advice = (...of: Parameters<typeof spoke>) => runtimeUnawareOfCgroup.recommend?.(spoke(...of) as never)[0]
  test('took more than the limit as its maximum', () => {
    expect(told(81)).toMatchObject({ confidence: 'medium' })
    expect(saidIn(told(81))).toContain('The JVM took 81 MiB as the maximum of its heap, more than the limit of 80 MiB')
    expect(told(80)).toBeNull()
    expect(told(null)).toBeNull()
    expect(told(81, 'jvm', 0)).toBeNull()
    expect(runtimeUnawareOfCgroup.evaluate({ ...spoke(81), scope: 'global' } as never)).toBeNull()
  })
  test('the maximum is set by its own flag, at three quarters', () => {
    expect(textsOf([advice(81)])[0]).toContain('explicitly (-Xmx56m): three quarters of 80 MiB at most. Or update the runtime: JVMs before')
    expect(textsOf([advice(81, 'node')])[0]).toContain('(--max-old-space-size=56): three')
    expect(textsOf([advice(81, 'node')])[0]).toContain('Node.js before 20.3')
    expect(textsOf([advice(81, 'python')])[0]).toMatch(/explicitly: three quarters of 80 MiB at most\.$/)
    // Below 16 MiB no heap is of use.
    expect(textsOf([advice(81, 'jvm', 22 * 1024)])[0]).toContain('(-Xmx16m)')
    expect(textsOf([advice(81, 'jvm', 21 * 1024)])[0]).toContain('explicitly: three')
    expect(advice(81)?.command).toContain('MaxHeapSize')
    expect(advice(81, 'node')?.command ?? '').not.toContain('MaxHeapSize')
    expect(advice(81)).toMatchObject({ lookFirst: true })
  })
})
