import { expect, test } from 'vitest'
import { dmesg, killLines } from '../evidence.ts'
import { reportOf } from '../report-of.ts'

test('what no line tells is called so', async () => {
  const lines = killLines(41.5, 4711, 'worker', 20_000).filter(({ text }) => !/^(?:anon|file|kernel) /.test(text))
  const { incidents } = await reportOf({ 'dmesg.txt': dmesg(lines) })
  expect(incidents[0]?.memory?.classes.map(({ id, name, kernelName }) => [id, name, kernelName])).toEqual([
    ['anon', 'anonymous memory', 'rss of the table'],
    ['other', 'not in the log', 'not in the log'],
  ])
})
