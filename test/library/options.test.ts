import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { type AnalyzeOptions, analyze, OptionError, render } from '../../src/index.ts'
import { isFixedOffset } from '../../src/units/fixed-offset.ts'

const sample = 'samples/kernel/6.1-global.txt'

it.each<[string, AnalyzeOptions, RegExp]>([
  ['timezone', { timezone: '+25:99' }, /\+25:99 is no zone such as Europe\/Berlin/],
  ['timezone', { timezone: 'Europe/Berln' }, /Europe\/Berln is no zone/],
  ['year', { year: 5 }, /5 is no year from 1970 to 2255/],
  ['year', { year: Number.NaN }, /no year/],
  ['inputFormat', { inputFormat: 'dmseg' }, /dmseg is no input format/],
  ['limit', { filter: { limit: 'container' } }, /container is not one of container-limit, pod-limit/],
  ['consumer', { filter: { consumer: 'heap' } }, /not one of process/],
])('refuses a wrong %s: %j', async (option, options, message) => {
  const refused = await analyze([sample], options).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(OptionError)
  expect((refused as OptionError).option).toBe(option)
  expect((refused as OptionError).message).toMatch(message)
})

it.each(['UTC', 'z', 'GMT', '+5', '+05:30', '-0800', 'UTC+14:00', '-12:00'])('%s is a zone', (text) =>
  expect(isFixedOffset(text)).toBe(true),
)
it.each(['+25:99', '+14:30', '-12:01', '+05:60', 'EST5', '05:30', '+', ''])('%j needs zone data, or is none', (text) =>
  expect(isFixedOffset(text)).toBe(false),
)

it('refuses an unknown output and names those that there are', async () => {
  await expect(render(await analyze([sample]), 'pdf')).rejects.toThrow(/unknown format pdf; there are md, html, text/)
})

it('says which inputs cannot be read, and reads the others', async () => {
  const { report, unreadable, warnings } = await analyze(['no/such.log', sample])
  expect(unreadable).toEqual([{ name: 'no/such.log', reason: expect.stringMatching(/ENOENT|no such file/i) }])
  expect(warnings).toContainEqual(expect.objectContaining({ code: 'input-unreadable', source: 'no/such.log' }))
  expect(report.incidents.length).toBeGreaterThan(0)
})

it('takes standard input as bytes from anywhere, filters and redacts', async () => {
  const bytes = Readable.from([Buffer.from('nothing here\n')])
  expect((await analyze(['-'], { stdin: bytes })).report.incidents).toEqual([])
  const all = await analyze([sample])
  const none = await analyze([sample], { filter: { limit: 'pod-limit' } })
  expect([all.report.incidents.length > 0, none.report.incidents.length]).toEqual([true, 0])
  const { report } = await analyze(['samples/bundles/container-limit-every-source'], { redact: true })
  expect(JSON.stringify(report)).not.toContain('pricing-7c9d6f5b84')
})

it('renders a report that was read back from its JSON', async () => {
  const analysis = await analyze([sample])
  const text = (markdown: string): string => markdown.replace(/[`\\]/g, '')
  const again = JSON.parse(await render(analysis, 'json')) as typeof analysis.report
  expect(text(await render(again, 'md'))).toBe(text(await render(analysis, 'md')))
})
