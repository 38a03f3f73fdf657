import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Curve } from '../../../src/model/curve.ts'
import type { Incident, Kill, Workload } from '../../../src/model/incident.ts'
import { seriesOf, usageOverTime } from '../../../src/rules/advice/usage-query.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { curveOf, factsWith, MIB } from '../facts-with.ts'
import {
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
  NOON,
  podWorkload,
} from '../make-incident.ts'
import { inside, outer } from './in-a-pod.ts'

describe('the series of a workload', () => {
  const usage = (workload: Partial<Workload>, more: Partial<IncidentFacts> = {}) => seriesOf(inside(workload, more))?.usage
  const set = (labels: string) => `container_memory_working_set_bytes{${labels}}`
  test('by its owner’s name, its namespace and its container', () => {
    expect(usage({})).toBe(set('namespace="shop",pod=~"api-.+",container="api"'))
    expect(usage({ namespace: null })).toBe(set('pod=~"api-.+",container="api"'))
    expect(usage({ container: null })).toBe(set('namespace="shop",pod=~"api-.+",container!=""'))
    expect(usage({ owner: 'Deployment/a.b', pod: 'a.b-1' })).toContain('pod=~"a\\\\.b-.+"')
    expect(usage({ namespace: 'a"b\\c' })).toContain('namespace="a\\"b\\\\c"')
  })
  test('of an owner whose pods are called otherwise, the pod', () => {
    expect(usage({ owner: 'Deployment/web' })).toContain('pod=~"api-7c9d4"')
    expect(usage({ owner: 'Deployment/api-7c9d4' })).toContain('pod=~"api-7c9d4"')
    expect(usage({ owner: null })).toContain('pod=~"api-7c9d4"')
  })
  test('of a pod that runs once, those before it', () => {
    const pod = 'etl-exec-7'
    expect(usage({ owner: 'Pod/etl', pod })).toContain('pod=~"etl-.+"')
    expect(usage({ owner: 'Pod/driver', pod })).toContain('pod=~"etl-exec-.+"')
    expect(usage({ owner: 'Pod/driver', pod: 'plain' })).toContain('pod=~"plain"')
    expect(usage({ owner: null, pod })).toContain('pod=~"etl-exec-7"')
    expect(usage({ owner: null, pod }, { pod: makePod([], { owner: null, phase: 'Failed' }) })).toContain('pod=~"etl-exec-.+"')
  })
  test('that nears its limit', () => {
    const series = seriesOf(inside({}))
    expect(series?.limit).toBe('kube_pod_container_resource_limits{resource="memory",namespace="shop",pod=~"api-.+",container="api"}')
    expect(series?.nearLimit).toBe(`${series?.usage} / on(namespace,pod,container) ${series?.limit} > 0.9`)
    expect(series?.over('7d')).toBe(`${series?.usage}[7d]`)
  })
  test('of a pod’s own limit, the sum of its containers', () => {
    const of = (pod: IncidentFacts['pod'], more: Partial<IncidentFacts> = {}, level = 'pod') =>
      seriesOf(inside({}, { limitCgroup: { level, podUid: podWorkload.podUid, containerId: null } as never, pod, ...more }))
    const limit = { limitBytes: { value: MIB, quote: null } as never }
    expect(of(makePod([makeContainer()], limit))?.over('7d')).toBe(
      'sum by (namespace,pod) (container_memory_working_set_bytes{namespace="shop",pod=~"api-.+",container!=""})[7d:5m]',
    )
    expect(of(makePod([makeContainer(), makeContainer()]))?.over('7d')).toContain('sum by')
    expect(of(makePod([makeContainer()]))?.over('7d')).not.toContain('sum by')
    expect(of(null)?.over('7d')).not.toContain('sum by')
    expect(of(makePod([makeContainer()], limit), {}, 'container')?.over('7d')).not.toContain('sum by')
    expect(of(makePod([makeContainer()], limit))?.nearLimit).toMatch(/\) > 75497472$/)
    const sizeless = factsWith(inPod(memcgDump({ memory: null })), {
      ...{ limitCgroup: { level: 'pod', podUid: podWorkload.podUid } as never, pod: makePod([], limit), memcgLimit: null, container: null },
    })
    expect(seriesOf(sizeless)?.nearLimit).toBeNull()
  })
  test('of a pod of which only the UID is known', () => {
    const cgroup = (podUid: string | null) => ({ level: 'container', podUid, containerId: ID, path: '/x' }) as never
    const nameless = { pod: null, owner: null }
    const found = seriesOf(inside(nameless, { pod: null, victimCgroup: cgroup(podWorkload.podUid) }))
    expect(found?.usage).toBe(set(`id=~".*pod${podWorkload.podUid?.replaceAll('-', '.')}.*"`))
    expect([found?.limit, found?.nearLimit, found?.over('1h')]).toEqual([null, null, `${found?.usage}[1h]`])
    expect(seriesOf(inside(nameless, { pod: null, victimCgroup: null, limitCgroup: cgroup(podWorkload.podUid) }))).not.toBeNull()
    expect(seriesOf(inside(nameless, { pod: null, victimCgroup: cgroup('no uid'), limitCgroup: null }))).toBeNull()
    expect(seriesOf(inside(nameless, { pod: null, victimCgroup: null, limitCgroup: null }))).toBeNull()
    expect(seriesOf(inside({}, outer))).toBeNull()
  })
})

describe('what is asked of a Prometheus', () => {
  const asked = (kills: readonly Partial<Kill>[], more: Partial<IncidentFacts> = {}) => {
    const incident = makeIncident({
      kills: kills.map((death, n) => makeDeath(memcgDump(), { workload: podWorkload, eventKey: `run-${n}`, ...death })),
    })
    return usageOverTime(factsWith(incident, { curves: [], started: null, ...more }))[0]?.command ?? null
  }
  const range = (command: string | null) => /--start=(\S+) --end=(\S+) --step=(\S+) /.exec(command ?? '')?.slice(1)
  test('a day before the first kill to five minutes after the last', () => {
    expect(range(asked([{}]))).toEqual(['2026-11-23T08:00:00Z', '2026-11-24T08:05:00Z', '90s'])
    expect(range(asked([{}, { at: instantAt(3600) }]))).toEqual(['2026-11-23T08:00:00Z', '2026-11-24T09:05:00Z', '90s'])
    expect(range(asked([{ at: { ...instantAt(0), epochUs: null } }, { at: instantAt(3600) }]))?.[0]).toBe('2026-11-23T09:00:00Z')
  })
  test('from the start of the run, with a quarter of an hour; an hour at least, a week at most', () => {
    const since = (seconds: number) => range(asked([{}], { started: { value: NOON - seconds * 1e6, quote: null } }))
    expect(since(7200)?.slice(0, 1)).toEqual(['2026-11-24T05:45:00Z'])
    expect(since(1800)).toEqual(['2026-11-24T07:00:00Z', '2026-11-24T08:05:00Z', '15s'])
    expect(since(2760)?.[0]).toBe('2026-11-24T06:59:00Z')
    expect(since(20 * 86_400)).toEqual(['2026-11-17T08:00:00Z', '2026-11-24T08:05:00Z', '615s'])
    // a start that is no sooner than the kill is none
    for (const seconds of [0, -60]) expect(since(seconds)?.[0]).toBe('2026-11-23T08:00:00Z')
  })
  test('in as many points as a curve needs', () => {
    const step = (hours: number) => range(asked([{}], { started: { value: NOON - (hours * 3600 - 900) * 1e6, quote: null } }))?.[2]
    expect([step(4), step(5), step(25), step(26)]).toEqual(['15s', '30s', '90s', '105s'])
  })
  test('of an incident without a kill, by its own times; without a clock a week', () => {
    const heap = (more: Partial<Incident>) => ({ ...makeIncident({ nature: 'runtime-heap', workload: podWorkload }), ...more })
    const facts = (more: Partial<Incident>) => usageOverTime(factsWith(heap(more), { curves: [], started: null }))[0]?.command ?? null
    expect(range(facts({ last: instantAt(3600) }))).toEqual(['2026-11-23T08:00:00Z', '2026-11-24T09:05:00Z', '90s'])
    const timeless = { ...instantAt(0), epochUs: null }
    for (const more of [{ first: timeless }, { last: timeless }, { first: timeless, last: timeless }])
      expect(facts(more)).toMatch(/^promtool query instant -o json "\$PROMETHEUS_URL" 'container_.*\[7d\]' > usage\.json$/)
  })
  test('the usage and its limit, of a group; the machine’s memory in a shortage of it', () => {
    expect(asked([{}])).toMatch(
      /"\$PROMETHEUS_URL" 'container_memory_working_set_bytes\{.*\} or kube_pod_container_resource_limits\{.*\}' > usage\.json$/,
    )
    expect(asked([{ workload: { ...podWorkload, pod: null, owner: null } }], { pod: null })).toMatch(/\{id=~"[^"]*"\}' > /)
    const node = (host: string | null) => usageOverTime(factsWith(killed(globalDump(), { host }), { curves: [] }))[0]
    expect(node('node-1')?.command).toContain(
      'instance=~"node-1(:.*)?"} or container_memory_working_set_bytes{node="node-1",container!=""}',
    )
    expect(node('a.b')?.command).toContain('instance=~"a\\\\.b(:.*)?"')
    expect([node(null)?.command, node('a b')?.command]).toEqual([null, null])
    expect(asked([{ workload: null }], { pod: null, victimCgroup: null, limitCgroup: null })).toBeNull()
  })
  test('nothing where a curve was read', () => {
    const of = (shape: Curve['shape']) => usageOverTime(inside({}, { curves: [curveOf([[60, 5]], { shape })] })).length
    expect([of('growth'), of('unknown')]).toEqual([0, 1])
  })
  test('whose usage it is', () => {
    const said = (facts: IncidentFacts, who: Parameters<typeof usageOverTime>[1] = null) =>
      plainPhrase(usageOverTime(facts, who)[0]?.text ?? ('' as never))
    expect(said(inside({}))).toMatch(
      /^The memory usage of container api of pod shop\/api-7c9d4 over time: .*The file that the command writes/,
    )
    expect(said(inside({}), ['who'] as never)).toContain('usage of who over')
    expect(said(factsWith(killed(globalDump(), { host: null }), { curves: [] }))).not.toContain('The file')
    expect(said(factsWith(killed(globalDump()), { curves: [] }))).toContain('usage of node-1 over')
    expect(said(inside({ pod: null, owner: null }, { pod: null, victimCgroup: null, limitCgroup: null }))).not.toContain('The file')
  })
})
