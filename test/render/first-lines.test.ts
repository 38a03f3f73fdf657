import { expect, it } from 'vitest'
import { analyze, render } from '../../src/index.ts'
import { renderReport } from '../../src/render/index.ts'
import { containerLimit } from '../fixtures/reports.ts'

const samples = ['dmesg/container-limit.txt', 'kernel/6.1-global.txt', 'systemd/252-memorymax.txt', 'kubelet/1.31-eviction.log']

it('the first screen has the kernel’s request and says whether any source tells of users', async () => {
  const page = await render(await analyze(['samples/kernel/6.1-global.txt']), 'html')
  const impact = /<div class="impact">[\s\S]*?<\/div>/.exec(page)?.[0].replace(/<[^>]*>/g, '') ?? ''
  expect(impact).toMatch(/Kernel \S+ asked: order \d, GFP_/)
  expect(impact).toContain('No source here tells of users or replicas.')
})

it.each(samples.flatMap((sample) => [44, 61, 80].map((width) => [sample, width] as const)))(
  '%s in %i columns: no figure stands apart from its unit',
  async (sample, width) => {
    const text = await render(await analyze([`samples/${sample}`]), 'text', { width })
    expect(text).not.toMatch(/\d\n +(?:%|[KMGT]iB|min|ms|s|h)(?![\w-])/)
  },
)

it.each([
  ['md', '## 2. Something killed'],
  ['jira', 'h2. 2. Something killed'],
  ['ticket', '=== 2. Something killed'],
  ['postmortem', '## Postmortem: Something killed'],
  ['text', '● Something killed'],
])('%s has the verdict for a heading where nothing names the workload', async (id, heading) => {
  const unnamed = containerLimit.incidents.map((one) => ({ ...one, workload: null, workloads: [], verdict: 'Something killed' }))
  const twice = unnamed.flatMap((one) => [one, { ...one, id: `${one.id}-2` }])
  expect(await renderReport({ ...containerLimit, incidents: twice }, id)).toContain(heading)
})

it('what a daemon of the host tells stands in the lane of the host, and what systemd tells in its own', async () => {
  const page = await render(await analyze(['samples/userspace-killers/several.log']), 'html')
  const rows = [...page.matchAll(/<tr[^>]*class="[^"]*kill[^"]*"[^>]*>[\s\S]*?<\/tr>/g)].map(([row]) => row.replace(/<[^>]*>/g, ' '))
  expect(rows.find((row) => row.includes('nohang') || row.includes('java'))).toMatch(/ host /)
  expect(rows.some((row) => / systemd /.test(row))).toBe(false)
})
