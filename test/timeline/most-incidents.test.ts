import { expect, it } from 'vitest'
import { buildTimeline } from '../../src/timeline/index.ts'
import { withMost } from '../../src/timeline/most-incidents.ts'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'

it('incidents beyond what a report holds are told; what the kernel reported goes before rows of a table', async () => {
  const rows = Array.from({ length: 6 }, (_, n) => `shop   cart-${n}   0/1   OOMKilled   2   3d\n`)
  const evidence = await evidenceOf({
    'pods.txt': `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\n${rows.join('')}`,
    messages: dmesg(killLines(41.5, 4711, 'worker', 40_580, '/system.slice/export.service')),
  })
  const whole = buildTimeline(evidence, { timezone: null, year: null, zoneOffset: null })
  expect(whole.incidents).toHaveLength(7)
  const { incidents, warnings } = withMost(whole, 3)
  expect(incidents.flatMap((i) => i.kills.map((k) => k.pid))).toEqual(expect.arrayContaining([4711, null, null]))
  expect(incidents).toHaveLength(3)
  expect(warnings.at(-1)).toMatchObject({ code: 'incidents-left-out', args: { count: 4, limit: 3 } })
  expect(withMost(whole, 7)).toBe(whole)
})
