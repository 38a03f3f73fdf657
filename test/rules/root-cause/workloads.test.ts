import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Recommendation } from '../../../src/model/diagnosis.ts'
import type { NodeSnapshot } from '../../../src/model/snapshot.ts'
import { nodeOvercommitted } from '../../../src/rules/root-cause/node-overcommitted.ts'
import { ownContainer, runFewer, tooManyWorkers } from '../../../src/rules/root-cause/too-many-workers.ts'
import { plainOf, unboundedWorkload } from '../../../src/rules/root-cause/unbounded-workload.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter, quote, type RowFigures } from '../../kernel/make-dump.ts'
import { factsWith, heldBy, MIB, saidIn, textsOf } from '../facts-with.ts'
import { CONTAINER_PATH, globalDump, inPod, killed, makeContainer, makePod, memcgDump, podWorkload } from '../make-incident.ts'
import { evicted } from '../root-cause-cases.ts'

const BEST = CONTAINER_PATH.replaceAll('burstable', 'besteffort')
const limit = (mib: number) => ({ value: mib * MIB, quote: quote(`limit ${mib}`, 40) })
const node = (more: object = {}): NodeSnapshot =>
  ({
    kind: 'node',
    name: 'node-1',
    capacityBytes: null,
    allocatableBytes: limit(800),
    kubeletVersion: null,
    osImage: null,
    allocated: null,
    ...more,
  }) as never
const recommended = (rule: { readonly recommend?: unknown }, facts: IncidentFacts): readonly Recommendation[] =>
  (rule.recommend as ((facts: IncidentFacts) => readonly Recommendation[]) | undefined)?.(facts) ?? []

describe('bounds for a workload that has none', () => {
  const best = (pages = 100_000, more: Partial<IncidentFacts> = {}, rows: RowFigures[] = []) => {
    const incident = inPod(
      globalDump({ taskMemcg: BEST }, { active_anon: 208_000 }, [{ rss: pages, anon: pages, comm: 'python3', adj: 1000 }, ...rows]),
      {},
      { memcg: BEST, comm: 'python3', anonRssBytes: pages * 4096, oomScoreAdj: 1000, workload: { ...podWorkload, qosClass: 'BestEffort' } },
    )
    return factsWith(incident, more)
  }
  const first = (facts: IncidentFacts) => recommended(unboundedWorkload, facts)[0]
  const text = (facts: IncidentFacts) => textsOf([first(facts)])[0]
  test('what it held with a quarter, within what the node has', () => {
    expect(text(best(100_000, { node: node() }))).toContain('its process held 391 MiB when it was killed; begin with 512 MiB and adjust')
    expect(first(best(100_000, { node: node() }))?.command).toBe(
      'kubectl set resources -n shop deployment/api -c api --requests=memory=512Mi --limits=memory=512Mi',
    )
    const owned = (owner: string | null, container: string | null = 'api') => {
      const of = best(100_000, { node: node() })
      const workload = { ...podWorkload, owner, container, qosClass: 'BestEffort' as const }
      return first({ ...of, kill: { ...of.kill, workload } as never, incident: { ...of.incident, workload } })
    }
    expect(owned('Job/api')?.command).toBeNull()
    expect(plainPhrase(owned('Job/api')?.effect ?? [])).toBe('Takes a restart of the workload.')
    expect(plainPhrase(owned('Deployment/api')?.effect ?? [])).not.toBe('Takes a restart of the workload.')
    const made = { pod: makePod([makeContainer({ limitBytes: null })], { managedBy: 'shop-operator' }) }
    expect(first(best(100_000, { node: node(), ...made }))?.command).toBeNull()
    expect(owned('Deployment/api', null)?.command).toBeNull()
    expect(owned(null)?.command).toBeNull()
  })
  test('a request that the node can keep beside those of the others', () => {
    const beside = (requested: number) =>
      text(best(90_000, { node: node({ allocated: { requestsBytes: requested * MIB, quote: quote('r') } }) }))
    expect(beside(200)).toContain('begin with 512 MiB')
    expect(beside(400)).toContain(
      "begin with a limit of 512 MiB and a request of 384 MiB, which is what the other pods' requests leave on this node,",
    )
    expect(beside(500)).not.toContain('begin with')
  })
  test('where its size is not known its usage tells', () => {
    const unsized = first({ ...best(), kill: { ...best().kill, anonRssBytes: null } as never, composition: null, scores: null })
    expect(textsOf([unsized])[0]).toContain('by what it uses in a normal week: what it held is not in the input.')
    expect(unsized).toMatchObject({ lookFirst: true, command: 'kubectl top pods -n shop --containers --sort-by=memory | head' })
    const of = factsWith(evicted(300), {
      kill: { ...evicted(300).kills[0], oomScoreAdj: 1000, workload: { ...podWorkload, qosClass: 'BestEffort' } } as never,
    })
    expect(text(of)).toContain('its largest container used 300 MiB when it was evicted')
    expect(first({ ...of, node: node({ osImage: 'Red Hat Enterprise Linux CoreOS 9', capacityBytes: limit(972) }) })?.command).toContain(
      'oc adm top pods',
    )
  })
  test('all others of the node without a request, and a default', () => {
    const [list, range] = recommended(unboundedWorkload, best()).slice(-2)
    expect(list?.command).toContain('--field-selector spec.nodeName=node-1')
    expect(list?.when).toBe('find')
    expect(range).toMatchObject({ lookFirst: true, command: 'kubectl get limitrange,resourcequota -A' })
    const hostless = { ...best(), node: null, incident: { ...best().incident, host: null } }
    expect(recommended(unboundedWorkload, hostless).at(-2)?.command).not.toContain('field-selector')
    const crowd = best(1_000, {}, [{ pid: 7, rss: 90_000, anon: 90_000, comm: 'spark', adj: 1000 }])
    const ofCrowd = recommended(unboundedWorkload, crowd)
    expect(ofCrowd[0]).toMatchObject({ when: 'now' })
    expect(textsOf(ofCrowd)[0]).toContain('In the report they are spark, python3, 355 MiB together.')
    expect(ofCrowd).toHaveLength(2)
    expect(textsOf([list])[0]).not.toContain('In the report')
  })
  test('a container of docker alone: what it needs is to be known first', () => {
    const docker = `/system.slice/docker-${'a1'.repeat(32)}.scope`
    const plain = factsWith(
      killed(
        globalDump({ taskMemcg: docker }, { active_anon: 208_000 }, [{ rss: 150_000, anon: 150_000, swap: 2_560 }]),
        {},
        { memcg: docker },
      ),
    )
    expect(text(plain)).toContain('Find out what container a1a1a1a1a1a1 needs in a normal week')
    expect(text(plain)).toContain('It held 596 MiB')
    expect(first(plain)?.command).toBe('docker stats --no-stream; free -m')
    // Nobody else is asked to have a request where there is no cluster.
    expect(recommended(unboundedWorkload, plain).some(({ command }) => command?.includes('kubectl') === true)).toBe(false)
    expect(plainOf(plain)).toMatchObject({ runtime: 'docker' })
    expect(plainOf({ ...plain, victimCgroup: { ...(plain.victimCgroup as object), runtime: 'podman' } as never })).toMatchObject({
      runtime: 'podman',
    })
    expect(plainOf({ ...plain, victimCgroup: { ...(plain.victimCgroup as object), runtime: 'containerd' } as never })).toBeNull()
    expect(plainOf({ ...plain, victimCgroup: { ...(plain.victimCgroup as object), containerId: null } as never })).toBeNull()
    expect(plainOf({ ...plain, victimCgroup: { ...(plain.victimCgroup as object), podUid: 'u' } as never })).toBeNull()
    expect(plainOf({ ...plain, kill: { ...plain.kill, workload: podWorkload } as never })).toBeNull()
    expect(plainOf({ ...plain, victimCgroup: null })).toBeNull()
    expect(textsOf(ownContainer(plain))[0]).toContain('Give container a1a1a1a1a1a1 a memory limit above what fewer of them need')
    expect(ownContainer(plain)[0]).toMatchObject({ lookFirst: true })
    expect(ownContainer({ ...plain, scope: 'memcg' })).toEqual([])
    expect(ownContainer(best())).toEqual([])
  })
  test('what keeps the cluster alive is given room, not a limit', () => {
    const vital = best(150_000)
    const of = { ...vital, composition: { ...(vital.composition as NonNullable<IncidentFacts['composition']>) } }
    const named = (comm: string) => {
      const largest = of.composition.largest as NonNullable<typeof of.composition.largest>
      const row = { ...largest.row, comm }
      return {
        ...of,
        composition: { ...of.composition, largest: { ...largest, row } },
        scores: { ...(of.scores as object), victim: { ...(of.scores?.victim as object), row } } as never,
      }
    }
    expect(text(named('kube-apiserver'))).toContain('Give kube-apiserver room, not a limit')
    expect(text(named('python3'))).toContain('Set a memory request and limit')
  })
  test('of the words that it says', () => {
    const said = (facts: IncidentFacts) => saidIn(unboundedWorkload.evaluate(facts as never))
    expect(said(best(150_000))).toMatch(
      /^The killed pod shop\/api-7c9d4 has neither memory request nor limit \(BestEffort\), and so python3 could use up the memory of node-1: it held 586 MiB, 6\d % of what was in use\.$/,
    )
    expect(said({ ...best(150_000), kill: { ...best(150_000).kill, comm: null } as never })).toContain('and so its processes could use up')
    const lone = said(best(1_000, {}, [{ pid: 7, rss: 90_000, anon: 90_000, comm: 'spark', adj: 1000 }]))
    expect(lone).toContain('2 processes of BestEffort pods')
    expect(lone).toContain('The scheduler had left no room for them.')
    const one = factsWith(
      inPod(
        globalDump({ taskMemcg: CONTAINER_PATH }, { active_anon: 208_000 }, [
          { rss: 900, anon: 900, adj: 900 },
          { pid: 7, rss: 90_000, anon: 90_000, comm: 'spark', adj: 1000 },
        ]),
      ),
    )
    expect(said(one)).toContain(
      '1 process of a BestEffort pod, without a memory request (oom_score_adj 1000), held 352 MiB, 39 % of what was in use',
    )
    expect(said(one)).toContain('spark. The scheduler had left no room for it.')
  })
})

describe('pods that were promised too much', () => {
  const shared = (more: Partial<IncidentFacts> = {}) =>
    factsWith(
      inPod(
        memcgDump(
          { oomMemcg: '/kubepods.slice' },
          {},
          [0, 1, 2].map((n) => ({ pid: 100 + n, rss: 6_000, anon: 6_000, comm: `svc${'abc'[n]}`, adj: 936 })),
        ),
      ),
      more,
    )
  test('a pod is moved, so that the others stay within allocatable', () => {
    const spread = (facts: IncidentFacts) => recommended(nodeOvercommitted, facts)[0]
    expect(textsOf([spread(shared({ node: node() }))])[0]).toContain(
      'within its allocatable 800 MiB. The largest in the report is svca with 23.4 MiB.',
    )
    expect(textsOf([spread(shared())])[0]).toContain('within its allocatable 80 MiB.')
    expect(spread(shared())).toMatchObject({ lookFirst: true })
    expect(textsOf([spread(shared({ composition: null }))])[0]).toMatch(/80 MiB\.$/)
    const machine = factsWith(
      inPod(
        globalDump({ taskMemcg: CONTAINER_PATH }, { active_anon: 208_000 }, [
          { rss: 900, anon: 900, adj: 900 },
          { pid: 7, rss: 90_000, anon: 90_000, comm: 'spark', adj: 1000 },
        ]),
      ),
    )
    expect(textsOf([spread(machine)])[0]).toContain('within what it has. First what has no memory request: spark, 352 MiB.')
    expect(spread({ ...shared(), node: node() })?.command).toContain('describe node node-1 |')
  })
  test('requests near real use, and what the node keeps for itself', () => {
    const kept = (facts: IncidentFacts) => recommended(nodeOvercommitted, facts).at(-1)
    expect(kept(shared({ node: node() }))?.command).toContain('/api/v1/nodes/node-1/proxy/configz')
    const nowhere = { ...shared(), node: null, incident: { ...shared().incident, host: null } }
    expect(kept(nowhere)?.command).toBeNull()
    expect(recommended(nodeOvercommitted, shared({ node: node({ osImage: 'Red Hat Enterprise Linux CoreOS 9' }) }))[1]?.command).toContain(
      'oc adm top pods',
    )
    expect(recommended(nodeOvercommitted, shared())[1]?.command).toContain('kubectl top pods')
  })
  test('the sums of the node are asked for where they are not in the input', () => {
    const asked = (facts: IncidentFacts) => nodeOvercommitted.settledBy?.(facts as never).length
    expect(asked(shared())).toBe(1)
    expect(asked(shared({ node: node() }))).toBe(1)
    expect(asked(shared({ node: node({ allocated: { requestsBytes: null, quote: quote('r') } }) }))).toBe(0)
    expect(asked(factsWith(killed(globalDump())))).toBe(0)
  })
  test('programs of a host: fewer of them, or swap', () => {
    const hosts = factsWith(
      killed(
        globalDump({}, { active_anon: 220_000 }, [
          { rss: 60_000, anon: 60_000, comm: 'mysqld' },
          { pid: 7, rss: 30_000, anon: 30_000, comm: 'clamd' },
        ]),
      ),
    )
    expect(textsOf(recommended(nodeOvercommitted, hosts))[0]).toContain('lower what the largest take (mysqld 234 MiB, clamd 117 MiB); else')
    expect(textsOf(recommended(nodeOvercommitted, { ...hosts, composition: null }))[0]).toContain('lower what the largest take; else')
    const alone = factsWith(killed(globalDump({}, { active_anon: 220_000 }, [{ rss: 60_000, anon: 60_000, comm: 'mysqld' }])))
    expect(textsOf(recommended(nodeOvercommitted, alone))[0]).toContain('take; else')
  })
  test('of an eviction whose size nobody tells it is open who filled the node', () => {
    const told = (more: Partial<IncidentFacts>, mib = 97) => nodeOvercommitted.evaluate(factsWith(evicted(mib), more) as never)
    expect(saidIn(told({ node: null }))).toContain('shop/api-7c9d4 held 97 MiB, more than its request. Whether it or others')
    expect(plainPhrase(told({ node: null })?.against ?? [])).toContain('How much memory the node has is not in the input')
    expect(saidIn(told({ node: null }, 0))).toContain('was chosen by the kubelet')
    expect(plainPhrase(told({ node: null }, 0)?.against ?? [])).toContain('How much the evicted pod held is not in the input')
    const [death] = evicted(97).kills
    expect(nodeOvercommitted.evaluate(factsWith({ ...evicted(97), kills: [{ ...death, event: null } as never] }) as never)).not.toBeNull()
    expect(
      nodeOvercommitted.evaluate(factsWith({ ...evicted(97), kills: [{ ...death, event: null } as never], context: [] }) as never),
    ).toBeNull()
  })
})

describe('fewer workers', () => {
  const rows = (sizes: readonly number[], comm = 'gunicorn'): RowFigures[] =>
    sizes.map((mib, n) => ({ pid: 100 + n, rss: mib * 256, anon: mib * 256, comm }))
  const group = (sizes: readonly number[], comm = 'gunicorn', kb = 102_400) =>
    factsWith(
      killed(memcgDump({ memory: counter(kb, kb) }, { anon: sizes.reduce((a, b) => a + b, 0) * MIB, kernel: MIB }, rows(sizes, comm))),
    )
  const text = (facts: IncidentFacts) => textsOf(runFewer(facts))[0] ?? ''
  test('as many as fit into three quarters of the limit, by what sets their number', () => {
    expect(text(group([20, 20, 20, 20]))).toContain('Run 3 instead of 4 processes of gunicorn (')
    expect(text(group([20, 20, 20, 20]))).toContain('at 20 MiB each they fit into three quarters of 100 MiB')
    expect(text(group([15, 15, 15, 15]))).toBe('')
    expect(text(group([18.7, 18.7, 18.7, 18.7]))).toBe('')
    expect(text(group([18.8, 18.8, 18.8, 18.8]))).toContain('Run 3 instead of 4')
    expect(text(group([45, 45]))).toBe('')
    expect(text(group([20, 20, 20, 20], 'oddly'))).toContain('Run 3 instead of 4 processes of oddly: at')
    expect(text(group([95, 95, 95], 'gunicorn', 100 * 1024))).toContain('Run 1 instead of 3')
  })
  test('a crowd of less than half of what was in use is none', () => {
    const of = (used: number) => {
      const facts = group([20, 20, 20, 20])
      return text({ ...facts, composition: { ...(facts.composition as NonNullable<IncidentFacts['composition']>), usedBytes: used * MIB } })
    }
    expect(of(160)).toContain('Run 3')
    expect(of(161)).toBe('')
  })
  test('the ranks of a job share one task', () => {
    const facts = group([20, 20, 20, 20])
    expect(text({ ...facts, limitCgroup: { ...(facts.limitCgroup as object), level: 'slurm-job' } as never })).toBe('')
  })
  test('where each has a task of its own it gets less', () => {
    const of = group([3000, 3000, 3000, 3000], 'ceph-osd', 12_000 * 1024)
    expect(text(of)).toContain('Give each of the 4 processes of ceph-osd less: 2 GiB instead of 2.93 GiB (osd_memory_target)')
    expect(runFewer(of)[0]?.command).toContain(String(2 * 2 ** 30))
    const advice = recommended(tooManyWorkers, of)
    expect(textsOf(advice).filter((one) => one.includes('osd_memory_target'))).toHaveLength(1)
    expect(textsOf(recommended(tooManyWorkers, group([20, 20, 20, 20]))).length).toBeGreaterThan(1)
  })
  test('on a machine: what the others leave, of which file pages give way', () => {
    const facts = (others: number, file = 0) => {
      const of = factsWith(killed(globalDump({}, {}, rows([100, 100, 100, 100], 'php-fpm'))))
      const total = of.machineAccounting as NonNullable<IncidentFacts['machineAccounting']>
      return { ...of, machineAccounting: { ...total, totalBytes: 850 * MIB }, ...heldBy(of, { anon: 400 + others, file }) }
    }
    expect(text(facts(310))).toBe('')
    expect(text(facts(350, 50))).toContain('of 500 MiB')
    expect(text(facts(350))).toContain('Run 3 instead of 4 processes of php-fpm')
    expect(text(facts(350))).toContain('of 500 MiB')
    expect(runFewer({ ...facts(350), machineAccounting: null, meminfo: null, node: null })).toEqual([])
  })
  test('those that are alike: a quarter of the largest at least', () => {
    const told = (small: number) => saidIn(tooManyWorkers.evaluate(group([20, 20, 20, 20, small]) as never))
    expect(told(5)).toContain('5 processes named gunicorn')
    expect(told(4.9)).toContain('4 processes named gunicorn held 80 MiB together')
    expect(told(4.9)).toContain('20 MiB each')
  })
  test('as what it is told where it did not win', () => {
    const instead = (facts: IncidentFacts) => plainPhrase(tooManyWorkers.alternative?.(facts as never) ?? [])
    expect(instead(group([20, 20, 20]))).toBe('The 3 processes named gunicorn may simply be too many: they held 60 MiB together.')
    expect(instead({ ...group([20]), composition: { ...(group([20]).composition as object), groups: [] } as never })).toBe(
      'The processes named ? may simply be too many.',
    )
  })
})
