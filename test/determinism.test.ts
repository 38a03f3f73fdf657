import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { analyze, outputs, render } from '../src/index.ts'
import type { Report } from '../src/model/report.ts'

const sample = (name: string): string => fileURLToPath(new URL(`../samples/${name}`, import.meta.url))
/** Tellings of several hosts, clocks and incidents, among them two of the same kill. */
const paths = [
  'dmesg-iso/container-limit.txt',
  'syslog-rfc3339/container-limit.log',
  'kubelet/1.31-eviction.log',
  'systemd/262-leak-restarts.json',
  'kernel/6.1-global.txt',
  'describe/pod-1.33.txt',
].map(sample)

/** What a report says of its incidents, whatever the order in which sources came. */
const told = (report: Report): unknown =>
  report.incidents
    .map((i) => ({
      id: i.id,
      headline: i.headline,
      kills: i.kills.map((k) => [k.key, k.time, k.victim, k.evidence.map((e) => `${e.source}:${e.line}`).sort()]),
      answers: Object.entries(i.diagnosis).map(([question, answer]) => [question, answer.id, answer.confidence]),
      rootCause: [i.rootCause.id, i.rootCause.confidence],
      related: [...i.related].sort(),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))

describe('the same evidence', () => {
  test.each(outputs.map((output) => output.id))('is the same %s, byte for byte', async (id) => {
    expect(await render(await analyze(paths), id)).toBe(await render(await analyze(paths), id))
  })

  test('is the same incidents in any order of arguments', async () => {
    const want = told((await analyze(paths)).report)
    expect(want).not.toEqual([])
    const orders = [[...paths].reverse(), [...paths.slice(3), ...paths.slice(0, 3)], [...paths.slice(1), ...paths.slice(0, 1)]]
    for (const order of orders) expect(told((await analyze(order)).report)).toEqual(want)
  })

  test('is the same report wherever its files lie', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'anywhere-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const placed = (places: readonly string[]): string[] =>
      places.map((place, n) => {
        const to = path.join(folder, place, path.basename(paths[n] ?? ''))
        cpSync(paths[n] ?? '', to, { preserveTimestamps: true })
        return to
      })
    const [here, there] = [placed(['a', 'b', 'c', 'd', 'e', 'f']), placed(['z/1', 'y', 'x/w', 'v', 'u/2/3', 't'])]
    expect((await analyze(here)).report).toEqual((await analyze(there)).report)
  })
})
