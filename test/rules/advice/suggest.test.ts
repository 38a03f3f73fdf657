import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factsOf } from '../../../src/facts/facts-of.ts'
import type { Incident } from '../../../src/model/incident.ts'
import { processNeed } from '../../../src/rules/advice/need.ts'
import { suggestLimit } from '../../../src/rules/advice/suggest.ts'
import { counter, makeKill, quote } from '../../kernel/make-dump.ts'
import {
  CONTAINER_PATH,
  diagnose,
  globalDump,
  inPod,
  instantAt,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  memcgDump,
  podWorkload,
} from '../make-incident.ts'

const MIB = 2 ** 20
const told = (mib: number) => ({ value: mib * MIB, quote: quote(`memory: ${mib}Mi`) })
const limited = (mib: number, swapMib = 0) =>
  memcgDump(
    {
      memory: counter(mib * 1024, mib * 1024),
      swap: counter(swapMib * 1024, swapMib * 1024),
      kills: [makeKill({ pid: 100, anonRssBytes: mib * 0.95 * MIB, taskMemcg: CONTAINER_PATH, oomScoreAdj: 936 })],
    },
    { anon: mib * 0.95 * MIB },
    [{ rss: mib * 244, anon: mib * 243, adj: 936 }],
  )
const withNode = (allocatableMib: number, incident: Incident, requestedMib: number | null = null): Incident => ({
  ...incident,
  node: {
    kind: 'node',
    source: 'describe-node.txt',
    name: 'node-1',
    capacityBytes: told(allocatableMib + 200),
    allocatableBytes: told(allocatableMib),
    bootId: null,
    kernelVersion: null,
    kubeletVersion: 'v1.33.1',
    osImage: null,
    memoryPressure: null,
    allocated:
      requestedMib === null
        ? null
        : {
            requestsBytes: requestedMib * MIB,
            limitsBytes: null,
            requestsPercent: null,
            limitsPercent: null,
            quote: quote(`memory ${requestedMib}Mi`),
          },
    quotes: [],
  },
})
const commands = (incident: Incident): readonly string[] =>
  diagnose(incident).recommendations.flatMap((one) => (one.command === null ? [] : [one.command]))

describe('a limit that can work', () => {
  test('is half as much again as what was cut off at the limit', () => {
    expect(suggestLimit(factsOf(inPod(limited(512))))).toMatchObject({ kind: 'size', bytes: 768 * MIB, from: 512 * MIB })
  })
  test('is whole where the node just has it, and a tenth above the need where it is capped', () => {
    const of = (allocatable: number) => suggestLimit(factsOf(withNode(allocatable, inPod(limited(40)))))
    expect(of(64)).toMatchObject({ bytes: 64 * MIB, cappedBy: null })
    expect(of(63)).toMatchObject({ bytes: 56 * MIB, cappedBy: 63 * MIB })
    expect(of(48)).toMatchObject({ bytes: 48 * MIB })
    expect(of(47)).toMatchObject({ kind: 'no-room', roomBytes: 47 * MIB, beside: null })
    const none = { bytes: 0, swapBytes: 0, floor: true }
    expect([
      suggestLimit(factsOf(inPod(limited(40))), none),
      suggestLimit(factsOf(inPod(limited(40))), { ...none, bytes: 1 })?.kind,
    ]).toEqual([null, 'size'])
  })
  test('is twice what was filled again after it was raised', () => {
    const kills = [300, 400, 512].map((mib, i) =>
      makeDeath(limited(mib), { at: instantAt(i * 100), eventKey: `run-${i}`, workload: podWorkload }),
    )
    expect(suggestLimit(factsOf(makeIncident({ kills })))).toMatchObject({ bytes: 1024 * MIB })
  })
  test('counts the swap that was full too', () => {
    expect(suggestLimit(factsOf(inPod(limited(512, 256))))).toMatchObject({
      kind: 'size',
      bytes: 1280 * MIB,
      need: { bytes: 768 * MIB, swapBytes: 256 * MIB },
    })
  })
  test('starts from the limit of the last kill', () => {
    const kills = [limited(256), limited(512)].map((dump, i) =>
      makeDeath(dump, { at: instantAt(i * 100), eventKey: `run-${i}`, workload: podWorkload }),
    )
    expect(suggestLimit(factsOf(makeIncident({ kills })))).toMatchObject({ from: 512 * MIB, bytes: 768 * MIB })
  })
  test('is capped by what the node allocates', () => {
    expect(suggestLimit(factsOf(withNode(700, inPod(limited(512)))))).toMatchObject({ kind: 'size', bytes: 640 * MIB, cappedBy: 700 * MIB })
  })
  test('is none where the node has no more', () => {
    expect(suggestLimit(factsOf(withNode(540, inPod(limited(512)))))).toMatchObject({ kind: 'no-room' })
    expect(diagnose(withNode(540, inPod(limited(512)))).recommendations[0]?.text.join('')).toContain('Do not look for a larger limit')
  })
  test('leaves a quarter beside a fixed heap', () => {
    const pods = [makePod([makeContainer({ env: { JAVA_OPTS: '-Xms1g -Xmx4g' }, limitBytes: told(3072) })])]
    const incident = inPod(limited(3072), { pods })
    expect(suggestLimit(factsOf(incident))).toMatchObject({ kind: 'size', bytes: 5632 * MIB })
    expect(commands(incident)).toContain("kubectl set env -n shop deployment/api -c api 'JAVA_OPTS=-Xms1g -Xmx2304m'")
  })
  test('lowers an initial heap that would be above the maximum', () => {
    const pods = [makePod([makeContainer({ env: { JAVA_OPTS: '-Xms4g -Xmx4g' }, limitBytes: told(3072) })])]
    expect(commands(inPod(limited(3072), { pods }))).toContain(
      "kubectl set env -n shop deployment/api -c api 'JAVA_OPTS=-Xms2304m -Xmx2304m'",
    )
  })
  test('sets the request too where it equals the limit', () => {
    const pods = [makePod([makeContainer({ limitBytes: told(512), requestBytes: told(512) })])]
    expect(commands(inPod(limited(512), { pods }))).toContain(
      'kubectl set resources -n shop deployment/api -c api --limits=memory=768Mi --requests=memory=768Mi',
    )
  })
  test('a request that grows with its limit is held to what the other pods’ requests leave', () => {
    const pods = [makePod([makeContainer({ limitBytes: told(512), requestBytes: told(512) })])]
    const on = (allocatableMib: number, requestedMib: number) => withNode(allocatableMib, inPod(limited(512), { pods }), requestedMib)
    expect(suggestLimit(factsOf(on(4000, 2000)))).toMatchObject({ bytes: 768 * MIB, cappedBy: null })
    expect(suggestLimit(factsOf(on(4000, 3812)))).toMatchObject({ bytes: 640 * MIB, cappedBy: 700 * MIB, beside: 'requests' })
    expect(suggestLimit(factsOf(on(4000, 4000)))).toMatchObject({ kind: 'no-room', roomBytes: 512 * MIB })
    // What its own request alone takes leaves the whole node.
    expect(suggestLimit(factsOf(on(540, 512)))).toMatchObject({ kind: 'no-room', roomBytes: 540 * MIB, beside: null })
    expect(diagnose(on(4000, 4000)).recommendations[0]?.text.slice(2).join('')).toContain(' to a node with more room')
    // A limit above the request asks the scheduler for nothing.
    expect(suggestLimit(factsOf(withNode(4000, inPod(limited(512)), 4000)))).toMatchObject({ bytes: 768 * MIB, cappedBy: null })
  })
  test('a pod without a request asks for what the others leave', () => {
    const dump = globalDump({ taskMemcg: CONTAINER_PATH }, {}, [{ rss: 150_000, anon: 150_000, comm: 'java', adj: 1000 }])
    const death = { memcg: CONTAINER_PATH, comm: 'java', anonRssBytes: 150_000 * 4096, oomScoreAdj: 1000 }
    const bare = (requestedMib: number) =>
      diagnose(
        withNode(4000, inPod(dump, { pods: [makePod([makeContainer({ limitBytes: null })])] }, death), requestedMib),
      ).recommendations.find((one) => one.command?.includes('--requests=memory'))
    expect(bare(1000)?.command).toMatch(/--requests=memory=(\d+Mi) --limits=memory=\1$/)
    expect(bare(3300)?.command).toMatch(/--requests=memory=640Mi --limits=memory=768Mi$/)
    // Less than it holds is no request.
    expect(bare(3800)).toBeUndefined()
  })
  test('raises a bare pod in place from 1.33 on', () => {
    const pods = [makePod([makeContainer({ limitBytes: told(512) })], { owner: null })]
    const bare = withNode(4000, inPod(limited(512), { pods }, { workload: { ...podWorkload, owner: null } }))
    expect(commands(bare).join('\n')).toContain('kubectl patch pod -n shop api-7c9d4 --subresource resize --patch')
  })
  test('goes to the unit, and to docker with its swap', () => {
    const path = '/system.slice/report.service'
    expect(commands(killed(memcgDump({ oomMemcg: path, taskMemcg: path })))).toContain(
      'systemctl set-property report.service MemoryMax=120M'.replace('120M', '128M'),
    )
    const docker = `/system.slice/docker-${'a'.repeat(64)}.scope`
    expect(commands(killed(memcgDump({ oomMemcg: docker, taskMemcg: docker })))).toContain(
      `docker update --memory 128m --memory-swap 128m ${'a'.repeat(12)}`,
    )
  })
  test('says who overwrites it', () => {
    const pods = [makePod([makeContainer({ limitBytes: told(512) })], { managedBy: 'Helm' })]
    const raised = diagnose(inPod(limited(512), { pods })).recommendations.find((one) => one.command?.startsWith('kubectl set resources'))
    expect(JSON.stringify(raised?.effect)).toContain('helm upgrade')
  })
  test('is not asked for where the node was short, nor of files in memory', () => {
    for (const incident of [killed(globalDump()), killed(memcgDump({}, { anon: 9 * MIB, file: 66 * MIB, shmem: 65 * MIB }))])
      expect(commands(incident).filter((one) => /set resources|MemoryMax=|--memory /.test(one))).toEqual([])
  })

  test('is never below what was held, never above what the node has', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 200_000 }),
        fc.integer({ min: 0, max: 4_000 }),
        fc.integer({ min: 100, max: 400_000 }),
        (limit, swap, node) => {
          const found = suggestLimit(factsOf(withNode(node, inPod(limited(limit, swap)))))
          if (found?.kind !== 'size') return
          expect(found.bytes).toBeGreaterThan((limit + swap) * MIB)
          expect(found.bytes).toBeLessThanOrEqual(node * MIB)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('an unlimited process needs what it held, with swap and page tables', () => {
    const need = processNeed(factsOf(killed(globalDump(), {}, { anonRssBytes: 800 * MIB, swapBytes: 100 * MIB, pgtablesBytes: 2 * MIB })))
    expect(need).toEqual({ bytes: 902 * MIB, swapBytes: 100 * MIB, floor: false })
  })
})
