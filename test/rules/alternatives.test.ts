import { describe, expect, test } from 'vitest'
import { factsOf } from '../../src/facts/facts-of.ts'
import type { EvictionEvent, KernelNotice, RuntimeEvent } from '../../src/model/event.ts'
import type { Incident } from '../../src/model/incident.ts'
import type { NodeSnapshot } from '../../src/model/snapshot.ts'
import { rules } from '../../src/rules/index.ts'
import { evictionTooLate } from '../../src/rules/root-cause/eviction-too-late.ts'
import { plainPhrase } from '../../src/text/plain-phrase.ts'
import { counter, makeKill, makeRow, quote } from '../kernel/make-dump.ts'
import {
  CONTAINER_PATH,
  diagnose,
  globalDump,
  ID,
  inPod,
  instantAt,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  memcgDump,
  placed,
  podWorkload,
} from './make-incident.ts'

const MIB = 2 ** 20
const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID }
const told = (value: number) => ({ value, quote: quote(`memory: ${value}`) })
const node: NodeSnapshot = {
  kind: 'node',
  source: 'describe-node.txt',
  name: 'node-1',
  capacityBytes: told(1024 * MIB),
  allocatableBytes: told(924 * MIB),
  bootId: null,
  kernelVersion: null,
  kubeletVersion: 'v1.30.0',
  osImage: null,
  memoryPressure: null,
  allocated: {
    requestsBytes: null,
    limitsBytes: null,
    requestsPercent: 60,
    limitsPercent: 180,
    quote: quote('memory 1200Mi (26%) 4Gi (180%)'),
  },
  quotes: [],
}
const eviction = placed<EvictionEvent>(20, {
  kind: 'eviction',
  stage: 'must-evict',
  target: null,
  ranking: [],
  signal: 'memory.available',
  thresholdBytes: 100 * MIB,
  availableBytes: 60 * MIB,
  capacityBytes: null,
  message: null,
  usages: [],
})
const agent = [
  { rss: 12_000, anon: 12_000, adj: 1000 },
  { pid: 7, rss: 190_000, anon: 190_000, comm: 'backup-agent' },
]
const heap = placed<RuntimeEvent>(-5, {
  kind: 'runtime',
  runtime: 'jvm',
  what: 'terminated',
  detail: null,
  heapUsedBytes: null,
  heapLimitBytes: 4096 * MIB,
  pid: null,
  program: null,
  target: null,
})
const slub = placed<KernelNotice>(-5, {
  kind: 'kernel-notice',
  notice: 'slub-failure',
  comm: null,
  pid: null,
  order: null,
  bytes: null,
  subject: 'dentry',
})
const covered = { ...makeIncident().coverage, kubelet: true }
const replica = (pod: string, seconds: number) =>
  makeDeath(memcgDump(), { at: instantAt(seconds), eventKey: pod, workload: { ...podWorkload, pod, podUid: pod } })

describe('causes that seldom win still speak', () => {
  test.each<[string, Incident]>([
    ['limit-too-low', killed(memcgDump())],
    ['kernel-memory-bug', killed(memcgDump({ release: '3.10.0-957.el7.x86_64', kmem: counter(40_000, null) }), { context: [slub] })],
    ['reservations-too-small', inPod(globalDump({ taskMemcg: CONTAINER_PATH }, {}, agent), { node }, { memcg: CONTAINER_PATH })],
    ['host-process-growth', inPod(globalDump({ taskMemcg: CONTAINER_PATH }, {}, agent), { node }, { memcg: CONTAINER_PATH })],
    ['node-overcommitted', inPod(globalDump({ taskMemcg: CONTAINER_PATH }), { node }, { memcg: CONTAINER_PATH })],
    [
      'eviction-too-late',
      inPod(globalDump({ taskMemcg: CONTAINER_PATH }), { context: [eviction], coverage: covered }, { memcg: CONTAINER_PATH }),
    ],
    ['noisy-sidecar', inPod(memcgDump(), { pods: [makePod([makeContainer({ type: 'sidecar' }), makeContainer({ name: 'main' })])] })],
    ['runtime-unaware-of-cgroup', killed(memcgDump(), { context: [heap] })],
    ['crash-amplification', makeIncident({ kills: [replica('a', 0), replica('b', 30)] })],
  ])('%s', (id, incident) => {
    const rule = rules.find((one) => one.question === 'rootCause' && one.id === id)
    const facts = factsOf(incident)
    expect(rule?.needs.filter((need) => facts[need] === null)).toEqual([])
    const answer = rule?.evaluate(facts as never) ?? null
    expect(answer).not.toBeNull()
    expect(answer?.confidence).not.toBe('high')
    expect(answer?.evidence.length).toBeGreaterThan(0)
  })
})

test('a command that shows what a runtime takes as its maximum is to be looked at first', () => {
  const [first] = diagnose(
    inPod(memcgDump(), { context: [{ ...heap, event: { ...heap.event, what: 'own-limit' } } as never] }),
  ).recommendations
  expect(first).toMatchObject({ when: 'now', lookFirst: true })
  expect(plainPhrase(first?.text ?? [])).toContain("Set the heap's maximum explicitly")
})

test('a threshold is raised from the one that a line told, and looked at first', () => {
  const raise = (...thresholds: (number | null)[]) => {
    const context = thresholds.map((thresholdBytes) => ({ ...eviction, event: { ...eviction.event, thresholdBytes } })) as never
    const facts = factsOf(inPod(globalDump({ taskMemcg: CONTAINER_PATH }), { context, coverage: covered }, { memcg: CONTAINER_PATH }))
    const found = evictionTooLate.recommend?.(facts as never).find(({ text }) => plainPhrase(text).includes('evictionHard'))
    expect(found?.lookFirst).toBe(true)
    return plainPhrase(found?.text ?? [])
  }
  expect(raise(null, 300 * MIB)).toContain('from 300 MiB to about 5 %')
  expect(raise(200 * MIB, 300 * MIB)).toContain('from 200 MiB to about 5 %')
  expect(raise(null)).toContain('(100Mi by default) to about 5 %')
})

test('the losers stay, with what speaks against them', () => {
  const { alternatives } = diagnose(killed(memcgDump()))
  expect(alternatives.map((one) => one.id)).toContain('limit-too-low')
  expect(alternatives.every((one) => one.why.length > 0 && one.against.length > 0)).toBe(true)
})

test('a death that only a status shows names the limit of the specification, without being sure', () => {
  const incident = makeIncident({
    kills: [makeDeath(null, { workload: podWorkload, target, pid: null, comm: null })],
    pods: [makePod([makeContainer()])],
  })
  expect(diagnose(incident).limit).toMatchObject({ id: 'container-limit', confidence: 'medium' })
  expect(diagnose(incident).consumer).toMatchObject({ id: 'unknown', confidence: 'low' })
})

test('a specification that names another limit than the kernel takes the certainty', () => {
  const pods = [makePod([makeContainer({ limitBytes: told(512 * MIB) })])]
  const { limit } = diagnose(inPod(memcgDump(), { pods }))
  expect(limit).toMatchObject({ id: 'container-limit', confidence: 'medium' })
  expect(limit.against).not.toBeNull()
})

test('a sacrificed child is told with its parent', () => {
  const tasks = [makeRow({ pid: 100, rss: 15_000 }), makeRow({ pid: 101, rss: 4_000 })]
  const kills = [makeKill({ pid: 101, sacrificedFor: { pid: 100, comm: 'java', score: 750 }, anonRssBytes: 15 * MIB })]
  const { selection } = diagnose(killed(memcgDump({ tasks, kills, era: 3 })))
  expect(selection).toMatchObject({ id: 'largest', confidence: 'medium' })
})

test('every rule of the contract has its file in the list, each once', () => {
  const keys = rules.map((rule) => `${rule.question}/${rule.id}`)
  expect(new Set(keys).size).toBe(keys.length)
  const counts = Object.fromEntries(
    ['limit', 'consumer', 'selection', 'consequence', 'rootCause'].map((q) => [q, rules.filter((r) => r.question === q).length]),
  )
  expect(counts).toEqual({ limit: 16, consumer: 11, selection: 9, consequence: 10, rootCause: 34 })
})
