import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
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
})
