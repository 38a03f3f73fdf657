import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import type { ContainerSnapshot, PodSnapshot } from '../../../src/model/snapshot.ts'
import { describeWholeCorpus, filesBelow, readJson } from '../../corpus.ts'
import { HEAD, ofKind, quotesIn, readText, recognise } from './read.ts'

/** Wrappings of logs: none of these is a document. */
const LOGS =
  /(?:^|\/)(?:dmesg|kmsg|kern\.log|kernel|journal|serial-console|syslog|messages|containerd|kubelet\.log|docker\.log|\d+\.log|logs\.txt)/
const PACKED = /\.(?:gz|xz|bz2|zst|tar|tgz|journal)$/

const state = (one: ContainerSnapshot['state']): unknown =>
  one === null ? null : { kind: one.kind, reason: one.reason, exitCode: one.exitCode, startedUs: one.startedUs, finishedUs: one.finishedUs }

/** What describe and the object both tell. */
const common = (pod: PodSnapshot): unknown => ({
  namespace: pod.namespace,
  node: pod.node,
  owner: pod.owner,
  qosClass: pod.qosClass,
  phase: pod.phase,
  reason: pod.reason,
  message: pod.message?.trim() ?? null,
  startUs: pod.startUs,
  limit: pod.limitBytes?.value ?? null,
  request: pod.requestBytes?.value ?? null,
  memoryVolumes: pod.memoryVolumes.map(({ name, sizeLimitBytes }) => ({ name, sizeLimitBytes })),
  containers: pod.containers.map((one) => ({
    name: one.name,
    type: one.type,
    id: one.containerId,
    runtime: one.runtime,
    image: one.image,
    command: one.command,
    limit: one.limitBytes?.value ?? null,
    request: one.requestBytes?.value ?? null,
    state: state(one.state),
    lastState: state(one.lastState),
    restarts: one.restartCount?.value ?? null,
    ready: one.ready,
  })),
})

describeWholeCorpus('documents of the corpus', (root) => {
  const files = filesBelow(root).filter((name) => !PACKED.test(name) && !/(?:expect|truth)\.json$|README\.md$/.test(name))
  const text = (name: string): string => readFileSync(join(root, name), 'utf8')

  it('claims no log', () => {
    const logs = files.filter((name) => LOGS.test(basename(name)) && !/\.(?:ya?ml)$/.test(name))
    expect(logs.length).toBeGreaterThan(300)
    const claimed = logs.filter((name) => recognise(text(name).slice(0, HEAD), name) !== null)
    expect(claimed).toEqual([])
  })

  it('knows every object, description, table and host file, and quotes lines as they stand', async () => {
    const documents = files.filter(
      (name) =>
        /(?:describe|pods?\.|events|nodes\.json|kubelet-config|clock|cgroup\.txt|meminfo|swaps|vmstat|uptime|btime|systemctl|ctr-events|memory\.json)/.test(
          name,
        ) &&
        !LOGS.test(basename(name)) &&
        // what people paste is cut into sections first
        !/^field\//.test(name),
    )
    expect(documents.length).toBeGreaterThan(250)
    for (const name of documents) {
      if (/(?:replica|deploy|daemon|services)/.test(name)) continue
      const content = text(name)
      const { id, facts } = await readText(content, name)
      expect(id, name).not.toBeNull()
      expect(facts.warnings, name).toEqual([])
      const lines = content.split('\n')
      for (const quote of quotesIn(facts)) if (quote.line !== null) expect(lines[quote.line - 1], `${name}:${quote.line}`).toBe(quote.text)
    }
  })

  it('tells the same of a pod from describe and from its object', async () => {
    let compared = 0
    for (const folder of new Set(files.filter((name) => name.startsWith('kubernetes/')).map((name) => name.split('/')[1]))) {
      const inside = files.filter(
        (name) => name.startsWith(`kubernetes/${folder}/`) && /describe|pod.*\.ya?ml|pods.*\.json|\/pods\/.*\.json/.test(name),
      )
      const described = new Map<string, PodSnapshot>()
      const objects = new Map<string, PodSnapshot>()
      for (const name of inside) {
        const { id, facts } = await readText(text(name), name)
        for (const pod of ofKind(facts, 'pod')) (id === 'describe-pod' ? described : objects).set(`${pod.namespace}/${pod.name}`, pod)
      }
      for (const [key, pod] of described) {
        const object = objects.get(key)
        if (object === undefined) continue
        expect(common(pod), `${folder}: ${key}`).toEqual(common(object))
        compared += 1
      }
    }
    expect(compared).toBeGreaterThanOrEqual(10)
  })

  it('has the clock of the truth', async () => {
    let checked = 0
    for (const name of files.filter((one) => one.endsWith('/clock.txt'))) {
      const truth = readJson<{ readonly timezone: string; readonly boot_time_utc: string }>(
        join(root, name.replace('clock.txt', 'truth.json')),
      )
      const [clock] = ofKind((await readText(text(name), name)).facts, 'clock')
      if (truth.timezone !== undefined && clock?.zone != null) expect(clock.zone.value, name).toBe(truth.timezone)
      // The machines were slow: the uptime was read up to 17 s after the date above it. btime is exact.
      const bootMs = ((clock?.capturedUs?.value ?? 0) - (clock?.uptimeSeconds?.value ?? 0) * 1e6) / 1000
      const trueBootMs = Date.parse(truth.boot_time_utc)
      if (clock?.uptimeSeconds != null) expect(Math.abs(bootMs - trueBootMs), name).toBeLessThan(20_000)
      const stat = name.replace('clock.txt', 'proc-stat-btime.txt')
      const [boot] = ofKind((await readText(text(stat), stat)).facts, 'clock')
      expect(Math.abs((boot?.bootUs?.value ?? 0) / 1000 - trueBootMs), stat).toBeLessThan(1500)
      checked += 1
    }
    expect(checked).toBeGreaterThan(80)
  })
})
