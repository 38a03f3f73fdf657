import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Incident, Instant, Kill, PlacedEvent } from '../../src/model/incident.ts'
import type { Timeline } from '../../src/model/timeline.ts'
import { buildTimeline } from '../../src/timeline/index.ts'
import { zoneOffset } from '../../src/units/zone.ts'
import { filesBelow } from '../corpus.ts'
import { evidenceOf } from '../evidence.ts'

/**
 * What the timeline makes of whole samples, before any answer: who died when by which clock and how sure, joined with what. One file of the goldens a sample; a
 * change of a clock, a join or a grouping shows here as a line, and each such line has to be wanted.
 */
const folder = fileURLToPath(new URL('../../samples/', import.meta.url))
const bundles = [
  'child-killed-pod-lives-on',
  'container-limit-every-source',
  'describe-without-uid',
  'evicted-then-node-oom',
  'exit-137-not-oom',
  'sticky-oomkilled-143',
  'system-oom-event-only',
]
const alone = [
  'dmesg-ctime',
  'dmesg-iso',
  'earlyoom',
  'journal-json',
  'journal-short-monotonic',
  'klog',
  'kubelet',
  'node-logs',
  'pstore',
  'runtimes',
  'syslog-rfc3164',
  'systemd',
  'systemd-oomd',
  'userspace-killers',
]

const time = (at: Instant): string =>
  `${at.epochUs === null ? '-' : new Date(at.epochUs / 1000).toISOString()} ±${at.uncertaintyMs} ${at.basis} ${at.digits} up ${at.uptimeSeconds} local ${at.localTime}`
const killLine = (k: Kill): string =>
  `${k.killer} ${k.pid} ${k.comm} | ${time(k.at)} | ${k.host} | ${k.memcg} | ${JSON.stringify(k.workload)} | ${JSON.stringify(k.target)} | ${k.vouched} ${k.constraint} | ${k.evidence.map((q) => `${q.source}:${q.line}`).join(' ')}`
const eventLine = (p: PlacedEvent): string =>
  `${p.event.kind} ${time(p.at)} ${p.host} ${p.event.quotes[0]?.source}:${p.event.quotes[0]?.line}`

function incidentOf(i: Incident) {
  const ids = [i.workload, ...i.workloads].map((w) => w?.containerIds)
  return {
    about: `${i.nature} ${i.host} ${time(i.first)} → ${time(i.last)}`,
    workload: i.workload,
    workloads: [i.workloads.length, ids],
    kills: i.kills.map(killLine),
    events: new Set(i.kills.map((k) => k.eventKey)).size,
    dumps: i.dumps.map(eventLine),
    context: i.context.map(eventLine),
    pods: i.pods.map(
      (p) => `${p.namespace}/${p.name} ${p.uid} ${p.containers.map((c) => `${c.state?.containerId} ${c.lastState?.containerId}`)}`,
    ),
    read: i.podsReadUs,
    node: i.node?.name ?? null,
    snapshots: i.snapshots.length,
    coverage: i.coverage,
    deaths: i.deaths?.map((d) => `${time(d.at)} ${d.startedUs} ${d.bytes}`),
  }
}

const shape = (timeline: Timeline) => ({
  incidents: timeline.incidents.map(incidentOf),
  events: timeline.events.map(eventLine),
  warnings: timeline.warnings.map((w) => w.code),
})

async function timelineOf(names: readonly string[], base: string): Promise<string> {
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(`${base}/${name}`)]))
  const evidence = await evidenceOf(files, Date.parse('2026-11-24T12:00:00Z'))
  return `${JSON.stringify(shape(buildTimeline(evidence, { timezone: null, year: null, zoneOffset })), null, 1)}\n`
}

describe('the timeline of', () => {
  const wanted = (name: string): boolean => !/README\.md$|\.mjs$/.test(name)
  test.each(bundles)('the bundle %s', async (name) => {
    const base = `${folder}bundles/${name}`
    await expect(await timelineOf(filesBelow(base).filter(wanted), base)).toMatchFileSnapshot(`../golden/timeline/${name}.json`)
  })
  test.each(alone)('each sample of %s', async (kind) => {
    const base = `${folder}${kind}`
    const shapes = []
    for (const name of filesBelow(base).filter(wanted)) shapes.push(`"${name}": ${await timelineOf([name], base)}`)
    await expect(`{${shapes.join(',')}}`).toMatchFileSnapshot(`../golden/timeline/${kind}.json`)
  })
})
