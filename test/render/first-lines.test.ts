import { expect, it } from 'vitest'
import { analyze, render } from '../../src/index.ts'

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
