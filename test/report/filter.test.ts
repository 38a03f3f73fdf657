import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import { filterReport } from '../../src/report/filter.ts'

const everything = { sinceMs: null, untilMs: null, host: null, namespace: null, pod: null, limit: null, consumer: null }

test('a filter keeps what it asks for and says what it left out', async () => {
  const { report } = await analyze(['samples/bundles/container-limit-every-source'])
  expect(filterReport(report, everything)).toBe(report)
  expect(filterReport(report, { ...everything, namespace: 'shop' }).incidents).toHaveLength(1)
  const none = filterReport(report, { ...everything, limit: 'pod-limit' })
  expect(none.incidents).toEqual([])
  expect(none.timeline).toEqual([])
  expect(none.warnings[0]).toBe('1 of 1 incidents were left out by the filter')
})
