import { expect, test } from 'vitest'
import { dmesg, killLines } from '../../evidence.ts'
import { reportOf } from '../../report-of.ts'

const text = dmesg(killLines(41.5, 4711, 'worker', 405_800)).replace('usage 40960kB, limit 40960kB', 'usage 409600kB, limit 409600kB')
const counter = /memory: usage (?<usage>\d+)kB, limit (?<limit>\d+)kB/
const { usage = '', limit = '' } = counter.exec(text)?.groups ?? {}
const less = (kb: string): number => Math.floor(Number(kb) / 10)

/** The same report with another counter line: its limit, the shares that are told, what is warned of. */
async function withCounter(line: string) {
  const report = await reportOf({ 'dmesg.txt': text.replace(counter, line) })
  const shares = [...JSON.stringify(report.incidents).matchAll(/(?<share>\d+(?:\.\d+)?) %/g)].map(({ groups }) => Number(groups?.['share']))
  const [incident] = report.incidents
  return {
    ...{ limit: incident?.memcg?.limitBytes ?? null, most: Math.max(0, ...shares), kills: incident?.kills.length },
    absurd: report.warnings.filter((warning) => warning.includes('memory: usage cannot be')).length,
  }
}

test('a counter that the statistics pass by far is left out, with a warning', async () => {
  expect(await withCounter(`memory: usage ${usage}kB, limit ${limit}kB`)).toMatchObject({
    limit: Number(limit) * 1024,
    kills: 1,
    absurd: 0,
  })
  for (const line of [
    `memory: usage ${less(usage)}kB, limit ${less(limit)}kB`,
    `memory: usage ${less(usage)}kB, limit ${limit}kB`,
    'memory: usage 8kB, limit 8kB',
  ]) {
    const told = await withCounter(line)
    expect(told, line).toMatchObject({ limit: null, kills: 1, absurd: 1 })
    expect(told.most, line).toBeLessThanOrEqual(100)
  }
})

test('what CPUs had not told yet is no reason to doubt it, and no share is above the whole', async () => {
  for (const line of ['memory: usage 390000kB, limit 390000kB', 'memory: usage 305000kB, limit 305000kB']) {
    const told = await withCounter(line)
    expect(told, line).toMatchObject({ kills: 1, absurd: 0 })
    expect(told.most, line).toBeLessThanOrEqual(100)
  }
})

test('a limit that was set below the usage is one', async () => {
  expect(await withCounter(`memory: usage ${usage}kB, limit ${less(limit)}kB`)).toMatchObject({ limit: less(limit) * 1024, absurd: 0 })
})
