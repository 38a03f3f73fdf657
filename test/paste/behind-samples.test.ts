import { expect, test } from 'vitest'
import { readPaste } from './read.ts'

const kill = '[ 9123.004512] Killed process 7712 (indexer) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB\n'
const free = `              total        used        free      shared  buff/cache   available
Mem:          15890       15020         310          12         559         402
Swap:          2047        1945         102
`

test.each([
  [
    'vmstat -t',
    `procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu----- -----timestamp-----
 r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC
 1  0      0 201112  10112 812044    0    0     0     0    1    1  1  1 98  0  0 2026-11-24 03:14:01
 1  0      0 101112  10112 812044    0    0     0     0    1    1  1  1 98  0  0 2026-11-24 03:14:06
`,
  ],
  ['free with dates', `Tue Nov 24 03:14:01 UTC 2026\n${free}Tue Nov 24 03:14:06 UTC 2026\n${free}`],
  ['kubectl top', 'NAME                   CPU(cores)   MEMORY(bytes)\napi-7d9c5b6f4d-x8k2p   10m          251Mi\n'],
])('a kill behind samples is one: %s', async (_, samples) => {
  const { incidents } = await readPaste(samples + kill)
  expect(incidents).toMatchObject([{ kills: [{ uptimeSeconds: 9123.004512, victim: { pid: 7712, comm: 'indexer' } }] }])
})

/** The kernel's log is asked for behind samples; of any other proof there the witness tells. */
test.each([
  ['a program’s words', 'worker 3 of api was OOMKilled again', true],
  ['prose without a proof', 'the api was restarted by hand', false],
])('%s behind samples: said %#', async (_, words, said) => {
  const { incidents, findings } = await readPaste(`Tue Nov 24 03:14:01 UTC 2026\n${free}Tue Nov 24 03:14:06 UTC 2026\n${free}${words}\n`)
  expect(incidents).toEqual([])
  expect(findings.map(({ id }) => id)).toEqual(said ? ['seen-not-understood'] : [])
})

/** kube-state-metrics' reason of the last end, as the query's answer has it: a label says nothing, a sample that is 1 says that it is so. */
test.each([
  [[0, 1], true],
  [[0, 0], false],
])('a label OOMKilled with the samples %j: said %s', async (samples, said) => {
  const labels = { __name__: 'kube_pod_container_status_last_terminated_reason', namespace: 'shop', pod: 'cart-0', reason: 'OOMKilled' }
  const values = (all: readonly number[]) => all.map((value, at) => [1_795_500_000 + 30 * at, String(value)])
  const used = {
    metric: { __name__: 'container_memory_working_set_bytes', pod: 'cart-0' },
    values: values(Array.from({ length: 300 }, () => 1e8)),
  }
  const result = [used, { metric: labels, values: values(samples) }]
  const { findings } = await readPaste(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }))
  expect(findings.map(({ id }) => id)).toEqual(said ? ['seen-not-understood'] : [])
})
