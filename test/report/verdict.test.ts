import { Readable } from 'node:stream'
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

const step = 'slurmstepd: error: Detected 1 oom_kill event in StepId=88123.0. Some of the step tasks have been OOM Killed.'
const oomd =
  'Killed /user.slice/user-1000.slice/user@1000.service/app.slice/app-web.scope due to memory pressure for /user.slice being 63.12% > 50.00% for > 20s with reclaim activity'
it.each([
  [
    'a job by its number',
    `Oct 14 11:40:55 c1n17 ${step.replace('slurmstepd:', 'slurmstepd[812]:')}`,
    'A process killed in Slurm job 88123: limit not in the log',
    'A process in Slurm job 88123 was killed',
  ],
  [
    'a whole group by its unit',
    `Oct 14 04:00:11 lap systemd-oomd[611]: ${oomd}`,
    'Everything killed by systemd-oomd in app-web.scope: memory threshold passed',
    'systemd-oomd killed everything in app-web.scope on lap at Oct 14',
  ],
  [
    'a stamp of klog as a date',
    [
      'attempting to reclaim" resourceName="memory"',
      'must evict pod(s) to reclaim" resourceName="memory"',
      'pod is evicted successfully" pod="batch/thumbs-1"',
    ]
      .map((said, at) => `I1014 03:12:09.40201${at}    1822 eviction_manager.go:616] "Eviction manager: ${said}`)
      .join('\n'),
    'Pod batch/thumbs-1 evicted: node below the eviction threshold',
    ' at 10-14 03:12:09 (zone not in the log)',
  ],
])('names %s', async (_, line, verdict, headline) => {
  const { report } = await analyze(['-'], { stdin: Readable.from([Buffer.from(`${line}\n`)]) })
  expect(report.incidents[0]?.verdict).toBe(verdict)
  expect(report.incidents[0]?.headline).toContain(headline)
})
