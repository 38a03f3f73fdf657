import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Workload } from '../../../src/model/incident.ts'
import { boundRuntime, lowerHeap } from '../../../src/rules/advice/bound-runtime.ts'
import { ceilingOf, sharePercent } from '../../../src/rules/advice/ceiling.ts'
import { commandWords } from '../../../src/rules/advice/command-words.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter, quote } from '../../kernel/make-dump.ts'
import { factsWith, MIB } from '../facts-with.ts'
import { inPod, makeContainer, makePod, memcgDump } from '../make-incident.ts'
import { commandOf, effectOf, full, said } from './full-of-one.ts'

describe('what tells a program’s settings', () => {
  const own = { value: 'java -Xmx1g', quote: quote('ps: java -Xmx1g') }
  const of = (env: Record<string, string>, command: readonly string[], more: Partial<IncidentFacts> = {}) => {
    const container = makeContainer({ env, command })
    const found = commandWords(
      factsWith(inPod(memcgDump()), {
        container,
        pod: makePod([], { quotes: [quote('pod 1'), quote('pod 2')] }),
        commandLine: null,
        ...more,
      }),
    )
    return found === null ? null : `${found.text} [${found.quotes.map(({ text }) => text).join('|')}]`
  }
  test('the environment, then the victim’s own line, else the container’s', () => {
    expect(of({ A: '1', B: '2' }, ['run', 'it'])).toBe('A=1 B=2 run it [pod 1]')
    expect(of({ A: '1' }, ['run'], { commandLine: own })).toBe('A=1 java -Xmx1g [ps: java -Xmx1g|pod 1]')
    expect(of({}, ['run'], { commandLine: own })).toBe('java -Xmx1g [ps: java -Xmx1g]')
    expect(of({}, ['run'])).toBe('run [pod 1]')
    expect(of({}, [])).toBeNull()
    const inspected = { quotes: [quote('inspect 1'), quote('inspect 2')], started: { env: { C: '3' }, command: [] } } as never
    expect(of({}, [], { container: null, inspected })).toBe('C=3 [inspect 1]')
    expect(of({}, [], { container: null, inspected: null })).toBeNull()
  })
})

describe('a ceiling', () => {
  const of = (comm: string, words: string, more: Partial<IncidentFacts> = {}) => ceilingOf(full(comm, words, 1024, more))
  test('speaks for its own program only', () => {
    expect(of('java', '-Xmx900m')).toMatchObject({ runtime: 'jvm', bytes: 900 * MIB, share: 0.75 })
    expect(of('python3', '-Xmx900m')).toBeNull()
    expect(of('app', 'GOMEMLIMIT=900MiB')).toMatchObject({ runtime: 'go', share: 0.9 })
    expect(of('java', '')).toBeNull()
    expect(of('java', '-Xmx900m', { composition: null })).toMatchObject({ runtime: 'jvm' })
    expect(of('python3', '-Xmx900m', { composition: null })).toBeNull()
    const shares = [
      of('mongod', '--wiredTigerCacheSizeGB 0.9'),
      of('redis-server', '--maxmemory 900mb'),
      of('mysqld', '--innodb-buffer-pool-size=900M'),
    ]
    expect(shares.map((one) => one?.share)).toEqual([0.6, 0.65, 0.65])
    expect(of('java', '-Xmx900m -Dneo4j.x org.neo4j.server')).toMatchObject({ share: 0.5 })
  })
  test('of several heaps is none', () => {
    const rows = [1, 2, 3].map((n) => ({ pid: n, rss: 80_000, anon: 80_000, comm: 'java' }))
    const crowd = memcgDump({ memory: counter(1_048_576, 1_048_576) }, { anon: 1000 * MIB }, rows)
    const container = makeContainer({ env: { OPTS: '-Xmx900m' } })
    expect(ceilingOf(factsWith(inPod(crowd), { container }))).toBeNull()
    expect(
      ceilingOf(
        factsWith(inPod(memcgDump({ memory: null })), {
          container: makeContainer({ env: { O: '-Xmx1g' }, limitBytes: null }),
          memcgLimit: null,
        }),
      ),
    ).toBeNull()
  })
  test('its share in percent, 65 at most', () => {
    expect([0.75, 0.66, 0.655, 0.65, 0.649, 0.5].map((share) => sharePercent({ share } as never))).toEqual([65, 65, 65, 65, 64, 50])
  })
})

describe('a heap that is lowered', () => {
  const of = (comm: string, words: string, mib = 1024, more: Partial<IncidentFacts> = {}, workload: Partial<Workload> | null = {}) =>
    lowerHeap(full(comm, words, mib, more, workload))
  test.each([
    ['java', '-Xmx900m', '-Xmx768m'],
    ['java', '-XX:MaxRAMPercentage=90', '-XX:MaxRAMPercentage=65'],
    ['java', 'MAX_HEAP_SIZE=900M', 'MAX_HEAP_SIZE=768m'],
    ['java', 'SPARK_EXECUTOR_MEMORY=900m', 'spark.executor.memory=768m'],
    ['node', '--max-old-space-size=900', '--max-old-space-size=768'],
    ['app', 'GOMEMLIMIT=1000MiB', 'GOMEMLIMIT=921MiB'],
    ['dotnet', 'DOTNET_GCHeapHardLimit=0x38400000', 'DOTNET_GCHeapHardLimit=0x30000000'],
    ['mongod', '--wiredTigerCacheSizeGB 0.9', '--wiredTigerCacheSizeGB=0.5'],
    ['mysqld', '--innodb-buffer-pool-size=900M', '--innodb-buffer-pool-size=640M'],
  ])('%s %s → %s', (comm, words, flag) => {
    const found = of(comm, words)
    expect(said(found)).toContain(`(${words.replace(/^(?:OPTS=)/, '')}) to ${flag}: `)
    expect(found[0]?.when).toBe('now')
  })
  test('to which share of which limit', () => {
    expect(said(of('java', '-Xmx900m'))).toBe(
      'Lower the maximum of the heap from 900 MiB (-Xmx900m) to -Xmx768m: 75 % of the limit of 1 GiB.',
    )
    expect(said(of('java', '-XX:MaxRAMPercentage=90'))).toContain(
      'from 922 MiB (-XX:MaxRAMPercentage=90) to -XX:MaxRAMPercentage=65: 65 % of',
    )
    expect(said(of('mongod', '--wiredTigerCacheSizeGB 9', 9000))).toContain('to --wiredTigerCacheSizeGB=5: ')
  })
  test('not below 16 MiB, nor a store of keys below what it holds', () => {
    expect(of('java', '-Xmx30m', 32)).toHaveLength(1)
    expect(of('java', '-Xmx20m', 31)).toHaveLength(1)
    expect(of('java', '-Xmx20m', 21)).toEqual([])
    expect(of('java', '-Xmx20m', 22)).toHaveLength(1)
    // 65 % of a GiB in a size that people write is 640 MiB
    expect(of('redis-server', '--maxmemory 900mb')).toEqual([])
    const less = (mib: number) => {
      const dump = memcgDump({ memory: counter(1_048_576, 1_048_576) }, { anon: mib * MIB }, [
        { rss: mib * 256, anon: mib * 256, comm: 'redis-server' },
      ])
      return of('redis-server', '--maxmemory 900mb', 1024, {
        ...factsWith(inPod(dump)),
        container: full('redis-server', '--maxmemory 900mb').container,
      })
    }
    expect(said(less(640))).toContain('to --maxmemory 640mb')
    expect(less(641)).toEqual([])
    expect(of('java', '')).toEqual([])
  })
  test('by a command where the flag stands in a variable of a pod whose template can be set', () => {
    expect(commandOf(of('java', '-Xms800m -Xmx900m -Dx'))).toBe(
      "kubectl set env -n shop deployment/api -c api 'OPTS=-Xms768m -Xmx768m -Dx'",
    )
    expect(effectOf(of('java', '-Xmx900m'))).toMatch(/^Rolls every replica\. .* Sets the whole variable: keep what else stands in it\.$/)
    const go = { container: makeContainer({ env: { GOMEMLIMIT: '1000MiB' } }) }
    expect(commandOf(of('app', '', 1024, go))).toBe('kubectl set env -n shop deployment/api -c api GOMEMLIMIT=921MiB')
    const byArgument = { container: makeContainer({ command: ['java', '-Xmx900m'] }) }
    expect(of('java', '', 1024, byArgument)[0]?.command).toBeNull()
    expect(effectOf(of('java', '', 1024, byArgument))).toBe('Takes a restart of the program.')
    const none = (more: Partial<IncidentFacts>, workload: Partial<Workload> | null = {}) =>
      of('java', '-Xmx900m', 1024, more, workload)[0]?.command
    expect(none({}, { owner: 'Job/api' })).toBeNull()
    expect(none({ container: makeContainer({ name: '', env: { OPTS: '-Xmx900m' } }) }, { container: null })).toBeNull()
    expect(none({ pod: makePod([], { managedBy: 'prometheus-operator' }) })).toBeNull()
    expect(none({ pod: null }, null)).toBeNull()
  })
  test('a program without a flag is bounded by its own setting', () => {
    const bound = (comm: string, words = '') => boundRuntime(full(comm, words))
    expect(said(bound('java', '-Xmx900m'))).toMatch(/^Bound what lies outside of the heap, which has its own flag/)
    expect(said(bound('java', '-Xmx900m org.neo4j.server'))).toContain('its page cache is native memory')
    expect(said(bound('java'))).not.toContain('outside of the heap, which')
    expect(said(bound('app', 'GOMEMLIMIT=900MiB'))).toBe('')
    expect(bound('unheard-of')).toEqual([])
    expect(bound('node')[0]?.when).toBe('prevent')
    expect(bound('pytest').map(({ when, effect }) => [when, plainPhrase(effect)])).toEqual([['now', 'Holds for its next run.']])
  })
})
