import { describe, expect, test } from 'vitest'
import type { ContainerEvent } from '../../../src/model/event.ts'
import { quote, type RowFigures } from '../../kernel/make-dump.ts'
import { CONTAINER_PATH, diagnose, globalDump, ID, inPod, killed, makeContainer, makePod, memcgDump, placed } from '../make-incident.ts'

const MIB = 2 ** 20
const plain = (phrase: unknown): string => JSON.stringify(phrase)
const told = (mib: number) => ({ value: mib * MIB, quote: quote(`memory: ${mib}Mi`) })
const DOCKER = `/system.slice/docker-${'a'.repeat(64)}.scope`

describe('advice is for whom it concerns', () => {
  test('the control plane is given room, never a limit', () => {
    const giant = (comm: string) =>
      diagnose(
        killed(
          globalDump({ taskMemcg: CONTAINER_PATH }, {}, [
            { rss: 20_000, anon: 20_000, comm: 'python3', adj: 1000 },
            { pid: 7, rss: 140_000, anon: 140_000, comm, adj: -997 },
          ]),
          {},
          { memcg: CONTAINER_PATH, comm: 'python3', oomScoreAdj: 1000 },
        ),
      )
    expect(giant('kube-apiserver').rootCause.id).toBe('shielded-giant')
    expect(plain(giant('kube-apiserver').recommendations)).toContain('room, not a limit')
    expect(plain(giant('kube-apiserver').recommendations)).not.toContain('memory limit in its manifest')
    expect(plain(giant('fluent-bit').recommendations)).toContain('memory limit in its manifest')
  })

  test('a plain container gets no size in a shortage of the machine, and no request', () => {
    const rows = [
      { rss: 120_000, anon: 120_000, comm: 'mongod' },
      { pid: 101, rss: 60_000, anon: 60_000, comm: 'node' },
    ]
    const found = diagnose(killed(globalDump({ taskMemcg: DOCKER }, {}, rows), {}, { memcg: DOCKER, comm: 'mongod' }))
    expect(found.rootCause.id).toBe('unbounded-workload')
    const [first] = found.recommendations
    expect(plain(first?.text)).toContain('docker update --memory')
    expect(plain(first?.text)).not.toContain('request')
    expect(first?.command).toBe('docker stats --no-stream; free -m')
  })

  test('a plain container that held no large part is not the one to be named', () => {
    const rows = [
      { rss: 70_000, anon: 70_000, comm: 'mongod' },
      { pid: 101, rss: 65_000, anon: 65_000, comm: 'node' },
      { pid: 102, rss: 60_000, anon: 60_000, comm: 'java' },
    ]
    expect(diagnose(killed(globalDump({ taskMemcg: DOCKER }, {}, rows), {}, { memcg: DOCKER, comm: 'mongod' })).rootCause.id).not.toBe(
      'unbounded-workload',
    )
  })

  test('workers leave room for the memory that they share', () => {
    const workers = Array.from({ length: 40 }, (_, i): RowFigures => ({ pid: 100 + i, rss: 4_000, anon: 3_500, comm: 'postgres' }))
    const number = (shmem: number): number | null => {
      const dump = globalDump({}, { shmem, active_anon: 160_000 + shmem }, workers)
      const found = diagnose(killed(dump)).recommendations.find((one) => plain(one.text).includes('instead of'))
      return found === undefined ? null : Number(/(?<n>\d+)\D+instead of/.exec(plain(found.text))?.groups?.['n'] ?? Number.NaN)
    }
    expect([number(0), number(40_000)]).toEqual([null, 31])
  })

  test('a heap that is bounded already is not bounded again', () => {
    const pods = [makePod([makeContainer({ env: { JAVA_OPTS: '-Xmx40m' }, limitBytes: told(80) })])]
    const found = plain(diagnose(inPod(memcgDump(), { pods })).recommendations)
    expect(found).toContain('Bound what lies outside of the heap')
    expect(found).not.toContain('MaxRAMPercentage')
  })

  test('a command for a pod known by its UID runs on the node, in what lives there now', () => {
    const found = diagnose(killed(memcgDump())).recommendations.find((one) => one.command?.includes('jcmd'))
    expect(found?.command).toMatch(
      /^crictl exec "\$\(crictl ps -q --label io\.kubernetes\.pod\.uid=[0-9a-f-]{36} \| head -1\)" jcmd 0 .* # on the node$/,
    )
  })

  test('hours under one limit speak against a limit that is too low', () => {
    const saidAfter = (seconds: number) => {
      const context = [
        placed<ContainerEvent>(-seconds, {
          kind: 'container',
          what: 'started',
          by: 'kubelet',
          target: { namespace: 'shop', pod: 'api-7c9d4', podUid: null, container: 'api', containerId: ID },
          exitCode: null,
          reason: null,
          cause: null,
          gracePeriodSeconds: null,
          pid: null,
        }),
      ]
      return plain(diagnose(inPod(memcgDump(), { context })).rootCause.statement)
    }
    expect(saidAfter(3600)).toContain('One report does')
    expect(saidAfter(30_000)).toContain('so the limit fits its ordinary work')
  })
})
