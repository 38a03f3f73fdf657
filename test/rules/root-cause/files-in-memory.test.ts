import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Answer } from '../../../src/model/diagnosis.ts'
import type { KernelNotice } from '../../../src/model/event.ts'
import type { Kill } from '../../../src/model/incident.ts'
import { kernelMemoryBug, leaksCaches } from '../../../src/rules/root-cause/kernel-memory-bug.ts'
import { memoryBackedVolume } from '../../../src/rules/root-cause/memory-backed-volume.ts'
import { counter, makeRow, quote } from '../../kernel/make-dump.ts'
import { factsWith, heldBy, MIB, saidIn, textsOf } from '../facts-with.ts'
import { globalDump, inPod, killed, makeContainer, makePod, memcgDump, placed } from '../make-incident.ts'

type Told = Omit<Answer, 'id'> | null
const ask =
  (rule: { readonly evaluate: (facts: never) => unknown }) =>
  (facts: IncidentFacts): Told =>
    rule.evaluate(facts as never) as Told
const group = factsWith(inPod(memcgDump()))
const UNIT = { ...(group.limitCgroup as object), level: 'unit', unit: 'a.service', podUid: null, containerId: null } as never
const host = factsWith(killed(globalDump()))
const byOther = (facts: IncidentFacts, killer: Kill['killer'] = 'earlyoom') => ({ ...facts, kill: { ...(facts.kill as Kill), killer } })

describe('files in memory', () => {
  const told = ask(memoryBackedVolume)
  const held = (share: number, own: number | null, facts = group, more: Partial<IncidentFacts> = {}): IncidentFacts => ({
    ...facts,
    ...heldBy(facts, { shmem: share, anon: 100 - share }, { scope: facts.composition?.scope ?? 'memcg' }),
    kill: { ...(facts.kill as Kill), anonRssBytes: own === null ? null : own * MIB, shmemRssBytes: null },
    ...more,
  })
  test('beside a victim that held little, or as much', () => {
    expect(told(held(30, 1))).not.toBeNull()
    expect(told(held(29.9, 1))).toBeNull()
    expect(told(held(50, 49))?.confidence).toBe('high')
    expect(told(held(50, 50))?.confidence).toBe('medium')
    expect(told(held(50, null))?.confidence).toBe('high')
    expect(saidIn(told(held(60, 14.9)))).toContain('held little beside them')
    expect(saidIn(told(held(60, 15)))).toContain('; the one that was killed held 15 MiB beside them')
    expect(saidIn(told(held(60, 59)))).toContain('held 59 MiB beside them')
    expect(saidIn(told(held(60, 60)))).not.toContain('beside them')
    expect(told(byOther(held(60, 1)))).toBeNull()
  })
  const session = (level: string) => ({ limitCgroup: { ...(group.limitCgroup as object), level } as never, victimCgroup: null, pod: null })
  test('of a session or a machine they may be graphics buffers, of a pod or container not', () => {
    const graphics = (facts: IncidentFacts) => saidIn(told(facts)).includes('graphics driver')
    expect(graphics(held(60, 1, host))).toBe(true)
    expect(graphics(held(60, 1))).toBe(false)
    expect(graphics(held(60, 1, group, session('user-session')))).toBe(true)
    expect(graphics(held(60, 1, group, session('slice')))).toBe(true)
    expect(graphics(held(60, 1, group, session('unit')))).toBe(false)
    expect(graphics(held(60, 1, group, session('container')))).toBe(false)
    expect(graphics(held(60, 1, host, { pod: makePod([]) }))).toBe(false)
    expect(graphics(held(60, 1, host, { victimCgroup: { ...(host.victimCgroup as object), podUid: 'u' } as never }))).toBe(false)
    expect(graphics(held(60, 1, host, { limitCgroup: { level: 'container' } as never }))).toBe(false)
    const asked = (facts: IncidentFacts) => memoryBackedVolume.settledBy?.(facts as never).length
    expect([asked(held(30, 1, host)), asked(held(29.9, 1, host)), asked(held(60, 1))]).toEqual([1, 0, 0])
    expect(
      asked(
        held(60, 1, host, {
          dump: { ...(host.dump as NonNullable<IncidentFacts['dump']>), tasks: [makeRow({ rss: 9, shmem: 30 * 256 })] },
        }),
      ),
    ).toBe(0)
  })
  const volumes = (...sizes: (number | null)[]) => ({
    pod: makePod([makeContainer()], {
      memoryVolumes: sizes.map((size, n) => ({
        name: `cache-${n}`,
        sizeLimitBytes: size === null ? null : size * MIB,
        quotes: [quote(`volume ${n}`, 60 + n)],
      })) as never,
    }),
  })
  const advice = (facts: IncidentFacts) => memoryBackedVolume.recommend?.(facts as never) ?? []
  test('its volume, with or without a size', () => {
    expect(saidIn(told(held(60, 1, group, volumes(null))))).toContain(
      '; volume cache-0 is an emptyDir of medium Memory without a size limit',
    )
    expect(saidIn(told(held(60, 1, group, volumes(64))))).toContain('of at most 64 MiB')
    expect(saidIn(told(held(60, 1)))).toContain('(tmpfs, /dev/shm, a memory-backed volume)')
    expect(saidIn(told(held(60, 1, group, { victimCgroup: null, limitCgroup: UNIT })))).toContain('(tmpfs, /dev/shm)')
    expect(
      told(held(60, 1, group, volumes(1, 2, 3)))
        ?.evidence.map(({ text }) => text)
        .filter((text) => text.startsWith('volume')),
    ).toEqual(['volume 0', 'volume 1'])
    expect(textsOf(advice(held(60, 1, group, volumes(null))))[1]).toContain(
      'Give the volume cache-0 a size (sizeLimit of the emptyDir) that fits the memory limit',
    )
    expect(textsOf(advice(held(60, 1, group, volumes(64))))[1]).toContain('a smaller size')
    expect(textsOf(advice(held(60, 1)))[1]).toContain('Give the memory-backed volume a size')
    expect(textsOf(advice(held(60, 1, group, { victimCgroup: null, limitCgroup: UNIT })))[1]).toContain(
      'Give the tmpfs a size (mount option size=)',
    )
    expect(textsOf(advice(held(60, 1, group, { victimCgroup: null, pod: makePod([makeContainer()]) })))[1]).toContain(
      'Give the memory-backed volume',
    )
    expect(textsOf(advice(held(60, 1)))[2]).toContain('Count the files (60 MiB at the kill) into the memory limit')
    expect(advice(held(60, 1, host))).toHaveLength(2)
    expect(textsOf(advice(held(60, 1, host)))[1]).toContain('that fits the memory beside')
  })
  test('a segment that processes map is set by its program', () => {
    const mapped = (mib: number | null, own: number | null = null) =>
      advice(
        held(60, 1, group, {
          dump: {
            ...(group.dump as NonNullable<IncidentFacts['dump']>),
            tasks: mib === null ? [] : [makeRow({ rss: mib * 256, anon: 1, shmem: mib * 256 })],
          },
          ...(own === null ? {} : { kill: { ...(group.kill as Kill), anonRssBytes: 1, shmemRssBytes: own * MIB } }),
        }),
      )[0]
    expect(textsOf([mapped(30)])[0]).toContain(
      "Set the program's shared segment (PostgreSQL: shared_buffers) so that it leaves room for its processes: it took 60 MiB.",
    )
    expect(mapped(30)).toMatchObject({ lookFirst: true })
    expect(textsOf([mapped(29.9)])[0]).toContain('Find out which files')
    expect(textsOf([mapped(null)])[0]).toContain('Find out which files')
    expect(textsOf([mapped(null, 30)])[0]).toContain('shared segment')
  })
})

describe('kernel memory of old kernels', () => {
  const told = ask(kernelMemoryBug)
  const of = (kb: number | null, more: object = {}, context: Parameters<typeof inPod>[1] = {}) =>
    factsWith(
      inPod(
        memcgDump({
          release: '3.10.0-957.el7.x86_64',
          kmem: kb === null ? null : counter(kb, null),
          memory: counter(80_000, 81_920),
          ...more,
        }),
        context,
      ),
    )
  const slub = placed<KernelNotice>(-1, {
    kind: 'kernel-notice',
    notice: 'slub-failure',
    comm: null,
    pid: null,
    order: null,
    bytes: null,
  } as never)
  test('allocations that failed tell it of less', () => {
    expect(told(of(9, {}, { context: [slub] }))).not.toBeNull()
    expect(saidIn(told(of(9, {}, { context: [slub] })))).toContain('and slab allocations failed around it')
    expect(told(of(9))).toBeNull()
    expect(told(of(9, {}, { context: [{ ...slub, event: { ...slub.event, notice: 'hung-task' } as never }] }))).toBeNull()
    expect(told(of(24_000, {}, {}))).not.toBeNull()
    expect(saidIn(told(of(24_000)))).not.toContain('slab allocations failed')
    expect(told(byOther(of(24_000)))).toBeNull()
    expect(told({ ...of(24_000), scope: 'global' })).toBeNull()
    expect(told(of(24_000, { memory: null }))).toBeNull()
    expect(leaksCaches(of(null))).toBe(false)
    expect(kernelMemoryBug.recommend?.(of(9) as never)[0]).toMatchObject({ lookFirst: true })
  })
})
