import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Workload } from '../../src/model/incident.ts'
import type { PhrasedReport } from '../../src/model/report.ts'
import { outputs, renderReport } from '../../src/render/index.ts'
import { redact } from '../../src/report/redact.ts'
import { describeCorpus, filesBelow } from '../corpus.ts'
import { reportOf } from '../report-of.ts'

/** All with `OOM_REPORT_FULL=1`, else a spread that takes a few seconds. */
const isFull = process.env['OOM_REPORT_FULL'] !== undefined
const mostBytes = 256 * 1024

/** Names that say whose it is: those that no sentence of ours holds, as they have a digit or a hyphen. */
function namesIn(report: PhrasedReport): ReadonlySet<string> {
  const names = new Set<string>()
  const add = (name: string | null | undefined): void => {
    if (name && name.length > 4 && /[\d-]/.test(name) && !/^[\d.]+$|^(?:kube-|istio-proxy$)/.test(name)) names.add(name)
  }
  const comms = new Set<string>()
  const addWorkload = (workload: Workload | null): void => {
    if (workload === null) return
    for (const name of [workload.namespace, workload.pod, workload.containerId]) add(name)
  }
  for (const incident of report.incidents) {
    add(incident.host)
    for (const workload of [incident.workload, ...incident.workloads]) addWorkload(workload)
    for (const kill of incident.kills) for (const comm of [kill.victim.comm, kill.trigger?.comm]) if (comm) comms.add(comm)
    for (const row of incident.consumers?.rows ?? []) comms.add(row.comm)
  }
  for (const finding of report.findings) addWorkload(finding.workload)
  for (const row of report.timeline) add(row.host)
  for (const comm of comms) names.delete(comm)
  return names
}

async function leaksOf(path: string): Promise<string[]> {
  const report = await reportOf({ [path.slice(path.lastIndexOf('/') + 1)]: readFileSync(path) })
  const names = namesIn(report)
  if (names.size === 0) return []
  const redacted = redact(report)
  const leaks: string[] = []
  for (const { id } of outputs) {
    const text = await renderReport(redacted, id)
    for (const name of names) {
      const at = text.indexOf(name)
      const isWord = at !== -1 && !/[0-9A-Za-z]/.test(text[at - 1] ?? '') && !/[0-9A-Za-z]/.test(text[at + name.length] ?? '')
      if (isWord) leaks.push(`${path}: ${id}: ${name}: ${text.slice(Math.max(0, at - 40), at + 60)}`)
    }
  }
  return leaks
}

const spread = (root: string, count: number): string[] => {
  const files = filesBelow(root).filter(
    (name) => !/(?:README\.md|expect\.json|truth\.json|\.mjs)$/.test(name) && statSync(join(root, name)).size < mostBytes,
  )
  const step = isFull ? 1 : Math.max(1, Math.floor(files.length / count))
  return files.filter((_, at) => at % step === 0).map((name) => join(root, name))
}

async function allLeaks(paths: readonly string[]): Promise<string[]> {
  const leaks: string[] = []
  for (const path of paths) leaks.push(...(await leaksOf(path)))
  return leaks
}

describe('no name that a report tells is left when it is redacted, in any format', () => {
  test('samples', { timeout: 1_200_000 }, async () => {
    expect(await allLeaks(spread(join(import.meta.dirname, '../../samples'), 30))).toEqual([])
  })
})

describeCorpus('no name is left of the corpus', (root) => {
  test('in any format', { timeout: 3_600_000 }, async () => {
    expect(await allLeaks(spread(root, 40))).toEqual([])
  })
})
