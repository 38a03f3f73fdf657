import { expect, it } from 'vitest'
import { analyze } from '../../src/index.ts'
import { plainReport } from '../../src/report/plain.ts'
import { redact } from '../../src/report/redact.ts'

it.each([
  ['bundles/container-limit-every-source', 'java killed in shop/pricing-7c9d6f5b84-q8x2m/app: container limit of 80 MiB'],
  ['kernel/6.1-memcg-group.txt', 'processes killed together in container'],
  ['kubelet/1.31-eviction.log', 'evicted: node below the eviction threshold'],
  ['bundles/evicted-then-node-oom', 'Pod media/transcode-1 evicted, cart-server killed: node below the eviction threshold'],
  ['bundles/leak-with-curve', 'container limit of 640 MiB'],
  ['incidents/system-reserved-enforced.log', ': limit of system.slice of '],
])('%s in one line', async (sample, words) => {
  const { report } = await analyze([`samples/${sample}`])
  expect(report.incidents[0]?.verdict).toContain(words)
})

it('is redacted before names are shortened: no piece of one is left', async () => {
  const { phrased } = await analyze(['samples/bundles/container-limit-every-source'])
  const [incident] = plainReport(redact(phrased)).incidents
  expect(incident?.verdict).toBe('java killed in namespace-1/pod-1/app: container limit of 80 MiB')
})
