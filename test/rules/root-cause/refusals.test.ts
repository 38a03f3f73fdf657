import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { KernelNotice, RuntimeEvent } from '../../../src/model/event.ts'
import { overcommitLimit } from '../../../src/rules/limit/overcommit-limit.ts'
import { overcommitRefusal } from '../../../src/rules/root-cause/overcommit-refusal.ts'
import { quote } from '../../kernel/make-dump.ts'
import { factsWith, MIB, saidIn, textsOf } from '../facts-with.ts'
import { makeIncident, placed } from '../make-incident.ts'

describe('an allocation that was refused', () => {
  const byKernel = (seconds = 0) =>
    placed<KernelNotice>(seconds, {
      kind: 'kernel-notice',
      notice: 'vm-enough-memory',
      comm: 'postgres',
      pid: 9,
      order: null,
      bytes: 300 * MIB,
    } as never)
  const byProgram = (runtime: RuntimeEvent['runtime'] = 'jvm', what: RuntimeEvent['what'] = 'allocation-refused') =>
    placed<RuntimeEvent>(1, {
      kind: 'runtime',
      runtime,
      what,
      detail: null,
      heapUsedBytes: null,
      heapLimitBytes: null,
      pid: null,
      program: null,
      target: null,
    })
  const mode = (value: string): Partial<IncidentFacts> => ({
    sysctl: { 'vm.overcommit_memory': { value, quote: quote(`mode ${value}`, 80) } },
  })
  const figures = (limit: number | null, used: number | null): Partial<IncidentFacts> => ({
    meminfo: {
      ...(limit === null ? {} : { CommitLimit: { value: limit * MIB, quote: quote('CommitLimit', 81) } }),
      ...(used === null ? {} : { Committed_AS: { value: used * MIB, quote: quote('Committed_AS', 82) } }),
      MemAvailable: { value: 700 * MIB, quote: quote('MemAvailable', 83) },
    },
  })
  type Context = NonNullable<Parameters<typeof makeIncident>[0]>['context']
  const facts = (context: Context, more: Partial<IncidentFacts> = {}, nature: 'refused-allocation' | 'kill' = 'refused-allocation') =>
    factsWith(makeIncident({ nature, ...(context === undefined ? {} : { context }) }), { sysctl: null, meminfo: null, ...more })
  const cause = (...of: Parameters<typeof facts>) => overcommitRefusal.evaluate(facts(...of) as never)
  const limit = (...of: Parameters<typeof facts>) => overcommitLimit.evaluate(facts(...of) as never)
  const advice = (...of: Parameters<typeof facts>) => overcommitRefusal.recommend?.(facts(...of) as never) ?? []

  test('what the mode means, and how sure it is', () => {
    expect(cause([byKernel()], mode('2'))).toMatchObject({ confidence: 'high', against: null })
    expect(cause([byKernel()], { ...mode('2'), trust: 'medium' })?.confidence).toBe('medium')
    expect(cause([byProgram()], mode('2'))?.confidence).toBe('medium')
    expect(cause([byKernel()], mode('0'))?.confidence).toBe('medium')
    expect(cause([byProgram()], mode('1'))?.confidence).toBe('low')
    expect(cause([byProgram()], mode('1'))?.against).not.toBeNull()
    expect(cause([byProgram()], mode('0'))?.against).toBeNull()
    expect(cause([byKernel()], figures(1000, 950))?.confidence).toBe('medium')
    expect(cause([byKernel()], {}, 'kill')).toBeNull()
    expect(saidIn(cause([byKernel()], mode('3')))).toContain(
      'More memory was asked for than the kernel would promise (vm.overcommit_memory is 3)',
    )
  })
  test('without the setting the sums tell: in mode 2 what is promised stays below its limit', () => {
    const told = (used: number | null, commit: number | null = 1000, context: Context = [byProgram()]) =>
      saidIn(cause(context, figures(commit, used)))
    expect(told(1051)).toContain('One request was larger')
    expect(told(1050)).toContain('than the kernel may promise')
    expect(told(901)).toContain('than the kernel may promise')
    expect(told(901)).toContain('901 MiB of 1000 MiB were promised')
    expect(told(900)).toContain('than the kernel would promise')
    expect(told(900)).not.toContain('were promised')
    expect(told(900, 1000, [byProgram('redis')])).toContain('One request was larger')
    expect(told(901, 1000, [byProgram('redis')])).toContain('than the kernel may promise')
    for (const [commit, used] of [
      [null, 950],
      [1000, null],
      [0, 950],
    ] as const) {
      expect(told(used, commit)).toContain('than the kernel would promise')
      expect(told(used, commit, [byProgram('redis')])).toContain('One request was larger')
    }
    expect(saidIn(cause([byKernel()], { ...mode('2'), ...figures(null, 950) }))).not.toContain('were promised')
    expect(saidIn(cause([byKernel()], { ...mode('2'), ...figures(1000, null) }))).not.toContain('were promised')
    expect(saidIn(cause([byKernel()], { ...mode('0'), ...figures(1000, 950) }))).not.toContain('were promised')
  })
  test('advice by the mode', () => {
    expect(textsOf(advice([byKernel()]))).toEqual([expect.stringContaining('Read the overcommit mode before')])
    expect(textsOf(advice([byKernel()], mode('1')))).toEqual([expect.stringContaining('Look for a limit of the process itself')])
    expect(textsOf(advice([byKernel()], { ...mode('2'), ...figures(1000, 950) }))[0]).toContain('(950 MiB of 1000 MiB are promised)')
    expect(textsOf(advice([byKernel()], mode('2')))[0]).not.toContain('promised')
    expect(textsOf(advice([byKernel()], { ...mode('2'), ...figures(1000, null) }))[0]).not.toContain('promised')
    expect(textsOf(advice([byKernel()], { ...mode('2'), ...figures(null, 950) }))[0]).not.toContain('promised')
    expect(textsOf(advice([byKernel()], mode('0')))[0]).toContain(
      'Find out which request was refused: in mode 0 only one that is larger than all memory and swap',
    )
    expect(textsOf(advice([byKernel()], { ...mode('0'), ...figures(1000, 950) }))[0]).toContain('(700 MiB was available)')
    expect(textsOf(advice([byProgram('redis')], mode('0')))[0]).toContain('Set vm.overcommit_memory to 1 on the machine that runs Redis')
  })
  test('the setting is asked for where it is not in the input', () => {
    const asked = (...of: Parameters<typeof facts>) => [
      overcommitRefusal.settledBy?.(facts(...of) as never).length,
      overcommitLimit.settledBy?.(facts(...of) as never).length,
    ]
    expect(asked([byKernel()])).toEqual([1, 1])
    expect(asked([byKernel()], mode('2'))).toEqual([0, 0])
    expect(asked([byKernel()], {}, 'kill')).toEqual([0, 0])
  })

  test('the commit limit: by the kernel’s own line, else as sure as the mode', () => {
    expect(limit([byKernel()])).toMatchObject({ confidence: 'high', against: null })
    expect(limit([byKernel()], { trust: 'medium' })?.confidence).toBe('medium')
    expect(limit([byProgram()])?.confidence).toBe('medium')
    expect(limit([byProgram()])?.against).not.toBeNull()
    expect(limit([byProgram()], mode('2'))?.confidence).toBe('high')
    expect(limit([byProgram()], mode('0'))?.confidence).toBe('medium')
    expect(limit([byKernel()], {}, 'kill')).toBeNull()
    expect(saidIn(limit([byKernel()]))).toContain('An allocation of 300 MiB by postgres was refused')
    expect(saidIn(limit([byProgram(), byKernel()]))).toContain('An allocation of 300 MiB by postgres')
    expect(saidIn(limit([byProgram()]))).toMatch(/^An allocation was refused by the kernel's overcommit accounting; /)
    // What a runtime tells of its own heap is no refusal.
    expect(limit([byProgram('jvm', 'heap-exhausted')])?.evidence).toEqual([])
  })
  test('in mode 1 it was no accounting, unless the kernel says so itself', () => {
    const program = limit([byProgram(), byProgram(), byProgram(), byProgram()], mode('1'))
    expect(program).toMatchObject({ confidence: 'low' })
    expect(saidIn(program)).toContain('so it was not the accounting')
    expect(program?.evidence.at(-1)?.text).toBe('mode 1')
    const four = [1, 2, 3, 4].map((n) => ({ ...byProgram(), event: { ...byProgram().event, quotes: [quote(`line ${n}`, n)] } }))
    expect(limit(four as never, mode('1'))?.evidence.map(({ text }) => text)).toEqual(['line 1', 'line 2', 'line 3', 'mode 1'])
    expect(limit(four as never, mode('2'))?.evidence.map(({ text }) => text)).toEqual(['line 1', 'line 2', 'line 3', 'mode 2'])
    expect(saidIn(limit([byKernel()], mode('1')))).toContain(
      "was refused by the kernel's overcommit accounting (vm.overcommit_memory is 1)",
    )
  })
  test('the commit limit binds in mode 2 only', () => {
    expect(saidIn(limit([byKernel()], { ...mode('2'), ...figures(1000, 950) }))).toContain(
      'Committed memory was 950 MiB of a limit of 1000 MiB.',
    )
    expect(saidIn(limit([byKernel()], figures(1000, 950)))).toContain('950 MiB of a limit of 1000 MiB.')
    expect(saidIn(limit([byKernel()], { ...mode('0'), ...figures(1000, 950) }))).toContain('950 MiB; the commit limit binds in mode 2 only')
    expect(saidIn(limit([byKernel()], figures(1000, null)))).not.toContain('Committed')
    expect(saidIn(limit([byKernel()], figures(null, 950)))).not.toContain('Committed')
  })
})
