import { expect, it } from 'vitest'
import type { KernelNotice } from '../../src/model/event.ts'
import { overcommitRefusal } from '../../src/rules/root-cause/overcommit-refusal.ts'
import { plainPhrase } from '../../src/text/plain-phrase.ts'
import { factsWith } from './facts-with.ts'
import { makeIncident, placed } from './make-incident.ts'
import { reportOfFiles } from './report-of-lines.ts'

const refused = '[  100.000000] __vm_enough_memory: pid: 4242, comm: java, bytes: 1073741824 not enough memory for the allocation\n'
const limit = 8_000_000
const meminfo = (promised: number) =>
  `MemTotal:       16000000 kB\nMemFree:         9000000 kB\nMemAvailable:    9500000 kB\nCommitLimit:    ${limit} kB\nCommitted_AS:   ${promised} kB\n`

async function causeOf(files: Readonly<Record<string, string>>): Promise<string> {
  const { incidents } = await reportOfFiles({ 'kern.log': refused, ...files })
  expect(incidents.map((i) => i.rootCause.id)).toEqual(['overcommit-refusal'])
  return incidents[0]?.rootCause.statement ?? ''
}

// Strict accounting (mode 2) never promises much more than its limit, and refuses only near it; the heuristic (mode 0) promises any sum.
it.each([
  [0.5, 'would promise'],
  [0.9, 'would promise'],
  [0.901, 'may promise'],
  [1.05, 'may promise'],
  [1.051, 'takes for possible'],
])('promises of %f of the limit tell the mode', async (share, words) =>
  expect(await causeOf({ 'proc/meminfo': meminfo(Math.round(limit * share)) })).toContain(words),
)
it('a setting that was read goes before what the promises tell', async () => {
  const promised = { 'proc/meminfo': meminfo(limit * 2) }
  expect(
    await causeOf({ ...promised, 'sysctl.txt': 'vm.overcommit_memory = 2\nvm.overcommit_ratio = 50\nvm.swappiness = 60\n' }),
  ).toContain('may promise')
})
// mm/util.c: what a heuristic refuses is measured by RAM and swap since 5.2, by what is free or can be reclaimed before.
it.each([
  ['5.1.21', 'all that was free or could be reclaimed'],
  ['5.2.0', 'all memory and swap together'],
  [null, 'all memory and swap together'],
])('on kernel %s only a request larger than %s is refused', (kernelVersion, words) => {
  const notice = placed<KernelNotice>(0, { kind: 'kernel-notice', notice: 'vm-enough-memory', comm: 'java', pid: 7 } as never)
  const refusal = makeIncident({ nature: 'refused-allocation', context: [notice] })
  const [first] =
    overcommitRefusal.recommend?.(
      factsWith(refusal, { node: { kernelVersion } as never, sysctl: { 'vm.overcommit_memory': { value: '0' } } as never }),
    ) ?? []
  expect(plainPhrase(first?.text ?? [])).toContain(`only one that is larger than ${words} is`)
})
it('without figures the mode is not known', async () => expect(await causeOf({})).toContain('would promise'))
