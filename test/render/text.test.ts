import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { toCollect } from '../../src/explain/collect.ts'
import { analyze, render } from '../../src/index.ts'
import { everything, filterReport } from '../../src/report/filter.ts'

const samples = [
  'samples/bundles/container-limit-every-source',
  'samples/dmesg-iso/container-limit.txt',
  'samples/systemd/252-memorymax.txt',
]

test.each(samples.flatMap((sample) => [44, 80, 200].map((width) => [sample, width] as const)))(
  '%s in %i columns: no sentence is cut',
  async (sample, width) => {
    const text = await render(await analyze([sample]), 'text', { width })
    expect(text).not.toMatch(/ …$/m)
    const labels = text.split(/\n(?= {2}\S)/).filter((part) => /^ {2}(?:what|why|after|next) /.test(part))
    expect(labels.length).toBeGreaterThan(2)
    for (const part of labels) expect(part.trim()).toMatch(/[.!?:]$/)
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(Math.min(width, 110))
  },
)

test('an empty report says what to collect, as docs/collect.md does; a filter that leaves nothing says what it hides', async () => {
  const page = readFileSync('docs/collect.md', 'utf8')
  const empty = await analyze(['samples/proc/proc-meminfo.txt'])
  const md = await render(empty, 'md')
  for (const { command } of toCollect) {
    expect(page).toContain(`\n${command}\n`)
    expect(md).toContain(command)
  }
  expect(page.match(/^```sh$/gm)).toHaveLength(toCollect.length)
  const { report } = await analyze([samples[1] as string])
  const hidden = filterReport(report, { ...everything, pod: 'other' })
  for (const id of ['md', 'text', 'html', 'jira', 'ticket']) {
    const told = await render(hidden, id)
    expect(told, id).toContain('it hides the one incident')
    expect(told, id).not.toMatch(/collect|no out-of-memory event found/i)
  }
})
