import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Incident, Kill, Workload } from '../../../src/model/incident.ts'
import { noRoom, raiseLimit } from '../../../src/rules/advice/raise-limit.ts'
import { takeBack, undoRelease } from '../../../src/rules/advice/take-back.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter } from '../../kernel/make-dump.ts'
import { factsWith, MIB } from '../facts-with.ts'
import { inPod, instantAt, killed, makeContainer, makeDeath, makePod, memcgDump, placed, podWorkload } from '../make-incident.ts'
import { commandOf, effectOf, full, said } from './full-of-one.ts'

describe('a limit that is raised', () => {
  const of = (more: Partial<IncidentFacts> = {}, comm = 'app', words = '', workload: Partial<Workload> | null = {}) =>
    raiseLimit(full(comm, words, 512, more, workload))
  test('from what to what', () => {
    expect(said(of())).toBe('As a trial, raise the memory limit of container api of pod shop/api-7c9d4 from 512 MiB to 768 MiB.')
    expect(plainPhrase(of()[0]?.why ?? ('' as never))).toContain('At least 512 MiB was wanted: usage was cut off at the limit.')
    expect(said(raiseLimit(full('app', '', 512), ['Then'] as never))).toMatch(/^Then raise the memory limit/)
  })
  test('not the node’s, all pods’ or one of which an eviction tells', () => {
    expect(of({ scope: 'global' })).toEqual([])
    for (const level of ['kubepods', 'qos']) expect(of({ limitCgroup: { level } as never })).toEqual([])
    expect(of({ kill: makeDeath(null, { killer: 'kubelet' }) })).toEqual([])
    expect(of({ kill: null })).toHaveLength(1)
  })
  test('not without a limit that it could be raised from', () => {
    const sizeless = memcgDump({ memory: { ...counter(1024, 1024), limitBytes: null } as never })
    const facts = (dump: typeof sizeless) => factsWith(inPod(dump, {}, { comm: 'app' }), { memcgLimit: null, container: null })
    expect(raiseLimit(facts(sizeless))).toEqual([])
    expect(raiseLimit(facts(memcgDump({ memory: null })))).toEqual([])
  })
  test('where the pod is made from something else, in that', () => {
    const spark = (workload: Partial<Workload> | null = {}, more: Partial<IncidentFacts> = {}) =>
      raiseLimit(full('java', 'org.apache.spark.executor', 512, more, workload))
    expect(said(spark())).toMatch(
      /^Raise spark\.executor\.memoryOverhead .* Aim at a limit of 768 MiB for container api of pod shop\/api-7c9d4 instead of 512 MiB\.$/,
    )
    expect(spark().map(({ command, lookFirst }) => [command, lookFirst])).toEqual([
      ['kubectl get pod -n shop api-7c9d4 -o yaml | grep -n memory', true],
    ])
    expect(spark(null, { pod: null })).toMatchObject([{ command: null }])
    expect(
      said(
        spark(null, { pod: null, limitCgroup: { level: 'container', containerId: 'c', podUid: null, unit: null, path: '/c' } as never }),
      ),
    ).toMatch(/^As a trial/)
  })
  test('of cron’s jobs by a unit for the one', () => {
    const path = '/system.slice/cron.service'
    const cron = memcgDump({ oomMemcg: path, taskMemcg: path })
    expect(said(raiseLimit(factsWith(killed(cron))))).toMatch(/^Give the job that runs java a unit of its own/)
  })
  test('not where half of it is no process’s own', () => {
    const held = (id: string, share: number) =>
      of({ composition: { ...full('app', '').composition, main: { id, share, bytes: 1 } } as never }).length
    expect([held('file', 0.5), held('file', 0.49), held('anon', 0.9)]).toEqual([0, 1, 1])
    expect(of({ composition: null })).toHaveLength(1)
  })
  test('not of a leak, nor where the node has no more', () => {
    const facts = full('app', '', 512)
    const deaths = [200, 300, 400].map((mib, n) => ({ at: instantAt(n * 3600), startedUs: null, bytes: mib * MIB, evidence: [] }))
    expect(raiseLimit({ ...facts, incident: { ...facts.incident, deaths } })).toEqual([])
    const node = (mib: number) => ({
      node: { name: 'n', allocatableBytes: { value: mib * MIB, quote: null }, capacityBytes: null, allocated: null, pods: [] } as never,
    })
    expect(said(of(node(540)))).toMatch(
      /^Do not look for a larger limit on this machine: 512 MiB was in use, and it can give 540 MiB at most/,
    )
    expect(plainPhrase(of(node(700))[0]?.why ?? ('' as never))).toContain('The node allows no more than 700 MiB.')
    const both = {
      container: makeContainer({ limitBytes: { value: 5, quote: null } as never, requestBytes: { value: 5, quote: null } as never }),
    }
    const full_ = {
      name: 'n',
      allocatableBytes: { value: 2000 * MIB, quote: null },
      capacityBytes: null,
      allocated: { requestsBytes: 1300 * MIB },
      pods: [],
    } as never
    expect(plainPhrase(of({ ...both, node: full_ })[0]?.why ?? ('' as never))).toContain(
      'no more than 700 MiB beside the requests of its other pods.',
    )
  })
  test('with swap, as it was', () => {
    const swapped = memcgDump({ memory: counter(524_288, 524_288), swap: counter(102_400, 102_400) }, { anon: 500 * MIB }, [
      { rss: 120_000, anon: 120_000, comm: 'app' },
    ])
    const why = raiseLimit(factsWith(inPod(swapped, {}, { comm: 'app' }), { container: null }))[0]?.why
    expect(plainPhrase(why ?? ('' as never))).toContain('At least 612 MiB (512 MiB resident and 100 MiB in swap) was wanted')
  })
  test('with a heap beside it: fixed, or a share that is kept', () => {
    expect(said(of({}, 'java', '-Xmx300m'))).toContain('to 768 MiB (the heap of 300 MiB, -Xmx300m, then takes 39 % of it at most).')
    expect(said(of({}, 'java', '-XX:MaxRAMPercentage=75'))).toContain(
      'to 768 MiB, and set -XX:MaxRAMPercentage=50 with it: -XX:MaxRAMPercentage=75 is a share',
    )
    expect(commandOf(of({}, 'java', '-XX:MaxRAMPercentage=75'))).toBe(
      'kubectl set env -n shop deployment/api -c api OPTS=-XX:MaxRAMPercentage=50 && kubectl set resources -n shop deployment/api -c api --limits=memory=768Mi',
    )
    const instead = raiseLimit(full('java', '-XX:MaxRAMPercentage=75', 512), ['Then'] as never)
    expect(said(instead)).toContain('with -XX:MaxRAMPercentage=65 there too')
    expect(commandOf(instead)).not.toContain('set env')
    const byArgument = { container: makeContainer({ command: ['java', '-XX:MaxRAMPercentage=75'] }) }
    expect(effectOf(of(byArgument, 'java'))).toContain('It sets the limit only')
  })
  test('who set it, where its template did not', () => {
    const by = (limitSource: object, more: Partial<IncidentFacts> = {}) => said(of({ pod: makePod([], { limitSource } as never), ...more }))
    expect(by({ by: 'vpa', of: 'api-vpa' })).toContain('The VerticalPodAutoscaler api-vpa scales it')
    expect(by({ by: 'limit-range', of: 'proxy api' })).toContain('it is the default of the namespace')
    expect(by({ by: 'limit-range', of: 'proxy apiary' })).not.toContain('it is the default')
    expect(by({ by: 'limit-range', of: 'api' }, { container: null })).not.toContain('it is the default')
    expect(by({ by: 'vpa', of: 'v' }, { limitCgroup: { level: 'pod', podUid: null } as never })).not.toContain('Autoscaler')
    expect(said(of({ pod: null }))).not.toContain('default of')
  })
  test('in small steps before, and no more', () => {
    const facts = full('app', '', 512)
    const dump = (mib: number) =>
      memcgDump({ memory: counter(mib * 1024, mib * 1024) }, { anon: mib * MIB }, [{ rss: mib * 240, anon: mib * 240, comm: 'app' }])
    const kills = [300, 400, 512].map(
      (mib, n): Kill => makeDeath(dump(mib), { eventKey: `run-${n}`, workload: podWorkload, at: instantAt(n) }),
    )
    expect(said(raiseLimit({ ...facts, incident: { ...facts.incident, kills } }))).toContain(
      'It was raised from 300 MiB between these kills, in 2 steps, and was filled again each time',
    )
    expect(said(of())).not.toContain('It was raised')
  })
  test('no room: to another node, or none at all', () => {
    const of = (beside: 'requests' | null, more: Partial<IncidentFacts> = {}) =>
      noRoom(full('app', '', 512, more), {
        kind: 'no-room',
        need: { bytes: 5 * MIB, swapBytes: 0, floor: true },
        roomBytes: 4 * MIB,
        beside,
      })
    expect(plainPhrase(of('requests').text)).toBe(
      'Move pod shop/api-7c9d4 to a node with more room: 5 MiB was in use, and the requests of the other pods leave 4 MiB here. With a request of what it uses the scheduler finds such a node.',
    )
    expect(plainPhrase(of(null).text)).toContain('it can give 4 MiB at most')
    expect(of(null).command).toBe('kubectl describe node node-1')
    expect(of(null, { node: { name: 'w7' } as never }).command).toBe('kubectl describe node w7')
    expect(of(null).lookFirst).toBe(true)
    const nobody = full('app', '', 512, { pod: null }, null)
    const none = noRoom(nobody, { kind: 'no-room', need: { bytes: 5, swapBytes: 0, floor: true }, roomBytes: 4, beside: 'requests' })
    expect([none.command, plainPhrase(none.text).slice(0, 7)]).toEqual([null, 'Move it'])
  })
})

describe('what changed before is taken back', () => {
  const change = (what: string, more: object = {}) =>
    placed(-60, { kind: 'change', what, by: 'sudo', subject: null, detail: 'stress-ng --vm 2', target: null, ...more } as never)
  const event = (reason: string, more: object) =>
    placed(-60, { kind: 'object-event', reason, objectKind: null, name: 'api', message: '', firstUs: null, ...more } as never)
  const of = (context: Incident['context'], comm = 'app', more: Partial<IncidentFacts> = {}, workload: Partial<Workload> = {}) =>
    takeBack(full(comm, '', 512, more, workload, { context })).map(({ text, command, lookFirst }) => [
      plainPhrase(text),
      command,
      lookFirst,
    ])
  test('a tool that takes memory is looked for, an experiment paused', () => {
    expect(of([change('load')])).toEqual([
      [
        'Ask who started stress-ng --vm 2; end it, unless this kill is what it was meant to show.',
        'pgrep -a stress; pgrep -a memtester',
        true,
      ],
    ])
    const does = (one: Incident['context'][number]) => effectOf(takeBack(full('app', '', 512, {}, {}, { context: [one] })))
    expect(does(change('load'))).toContain('The command changes nothing')
    expect(does(event('Applied', { objectKind: 'StressChaos' }))).toContain('The experiment ends at once')
    const chaos = (objectKind: string) => of([event('Applied', { objectKind })])[0]
    expect(chaos('StressChaos')).toEqual([
      expect.stringContaining('Ask who runs the experiment StressChaos/api; pause it'),
      'kubectl annotate -n shop stresschaos api experiment.chaos-mesh.org/pause=true',
      false,
    ])
    expect(chaos('ChaosEngine')?.[1]).toBe(`kubectl patch -n shop chaosengine api --type merge -p '{"spec":{"engineState":"stop"}}'`)
    expect(of([change('package')])).toEqual([])
  })
  test('a program that loads its data anew is told not to do so beside the old', () => {
    expect(of([change('reload')], 'clamd')).toHaveLength(1)
    expect(of([change('reload')], 'unheard-of')).toEqual([])
    expect(of([change('setting')], 'clamd')).toEqual([])
  })
  test('a release', () => {
    const release = event('ScalingReplicaSet', { message: 'Scaled up replica set api to 2 from 0' })
    const undo = (more: Partial<IncidentFacts> = {}, workload: Partial<Workload> | null = {}) =>
      undoRelease(full('app', '', 512, more, workload, { context: [release] }))
    expect(commandOf(undo())).toBe('kubectl rollout undo -n shop deployment/api')
    const why = (image: string | null) => plainPhrase(undo({ container: makeContainer({ image }) })[0]?.why ?? ('' as never))
    expect(why('api:2')).toMatch(/^1 min before the first kill api began to be rolled out \(image api:2\): /)
    expect(why(null)).toContain('rolled out: what')
    expect(plainPhrase(undo({ container: null })[0]?.why ?? ('' as never))).toContain('rolled out: what')
    expect(undo({}, { owner: 'ReplicaSet/api' })).toEqual([])
    expect(undo({ pod: null }, { pod: null, owner: null })).toEqual([])
    expect(undoRelease(full('app', '', 512))).toEqual([])
  })
  test('a limit that was set: whoever set it knows the former one', () => {
    const raised = (more: object) => said(raiseLimit(full('app', '', 512, {}, {}, { context: [change('limit', more)] })))
    expect(raised({ limitBytes: 512 * MIB })).toContain('It was set 1 min before the first kill (512 MiB): whoever set it')
    expect(raised({})).toContain('(stress-ng --vm 2): whoever set it')
  })
})
