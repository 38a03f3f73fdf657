import { expect, it, vi } from 'vitest'
import { outputs, renderReport } from '../../src/render/index.ts'
import { pageOf } from '../../src/web/page-of.ts'
import { dmesg, killLines } from '../evidence.ts'
import { reportOf } from '../report-of.ts'

it('a page that our own fault breaks is said, its text stands in its place, and the other outputs are made', async () => {
  const report = await reportOf({ 'dmesg.txt': dmesg(killLines(41.5, 292)) })
  expect((await pageOf(report)).broken).toBe(null)
  const page = outputs.find(({ id }) => id === 'html')
  if (page === undefined) throw new Error('no page')
  const load = vi.spyOn(page, 'load').mockResolvedValue(() => {
    throw new TypeError('x is not a function')
  })
  try {
    const { html, broken } = await pageOf(report)
    expect(broken).toBe(
      'The page of the report could not be made (x is not a function), a bug of ours: please tell us. The other formats may do.',
    )
    expect(html).toMatch(/^<!doctype html>.*<pre>[^<]*292[^<]*<\/pre>$/s)
    for (const { id } of outputs) if (id !== 'html') expect((await renderReport(report, id)).length, id).toBeGreaterThan(50)
  } finally {
    load.mockRestore()
  }
})
