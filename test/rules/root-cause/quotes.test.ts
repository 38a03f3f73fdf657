import { expect, test } from 'vitest'
import { rules } from '../../../src/rules/index.ts'
import { factsWith } from '../facts-with.ts'
import { cases } from '../root-cause-cases.ts'

/** What each cause stands on, in the order in which a reader is to see it: the lines that are its own first, of the kill as a rule one. */
const quoted: readonly (readonly [id: string, lines: readonly string[]])[] = [
  ['process-outgrew-limit', ['Killed process 100 (java)', 'a line of role memory', 'anon 77594624']],
  ['startup-peak', ['line of container', 'Killed process 100 (java)', 'a line of role memory']],
  ['memory-leak', ['Killed process 100 (java)', 'Killed process 160 (java)', 'Killed process 220 (java)']],
  ['runtime-heap-fills-limit', ['Name: api-7c9d4', 'a line of role memory', 'Killed process 100 (java)']],
  ['runtime-heap-too-small', ['line of runtime']],
  ['runtime-unaware-of-cgroup', ['line of runtime', 'a line of role memory', 'Killed process 100 (java)']],
  [
    'too-many-workers',
    ['a line of role tableHead', 'a line of role memory', '[ 100] gunicorn', '[ 101] gunicorn', 'Killed process 100 (java)'],
  ],
  ['runaway-parallelism', ['[ 100] make', '[ 101] make', 'a line of role tableHead', 'a line of role memory', 'Killed process 100 (java)']],
  ['memory-backed-volume', ['shmem 0', 'a line of role memory', 'Killed process 100 (java)']],
  ['page-cache-pressure', ['anon 77594624', 'Killed process 100 (java)']],
  ['kernel-memory-growth', ['kmalloc-2k 409600KB', 'skbuff_head_cache 122880KB', 'a line of role counters', 'Killed process 100 (java)']],
  ['kernel-memory-bug', ['a line of role memory', 'Killed process 100 (java)']],
  ['unbounded-workload', ['Killed process 100 (java)', 'a line of role kill', '[ 100] python3']],
  ['shielded-giant', ['[ 7] fluent-bit', '[ 100] python3', 'Killed process 100 (java)']],
  ['host-process-growth', ['[ 100] java', 'Killed process 100 (java)', 'a line of role summary']],
  ['node-overcommitted', ['[ 100] mysqld', 'a line of role ram', 'a line of role tableHead', 'Killed process 100 (java)']],
  ['reservations-too-small', ['a line of role memory', 'a line of role summary', 'a line of role tableHead', 'Killed process 100 (java)']],
  ['swap-exhausted', ['a line of role swapTotals', 'a line of role counters', 'Killed process 100 (java)']],
  ['hugepage-reservation', ['Node 0 hugepages_total=…', 'a line of role hugepages', 'a line of role ram', 'Killed process 100 (java)']],
  ['fork-copy-on-write', ['[ 100] redis-server', '[ 101] redis-server', 'Killed process 100 (java)']],
  ['limit-lowered-in-place', ['a line of role header', 'a line of role memory', 'Killed process 100 (java)']],
  ['debug-process', ['Killed process 100 (java)', 'a line of role kill', '[ 100] jmap']],
  ['manual-trigger', ['a line of role header', 'Killed process 100 (java)']],
  ['userspace-killer', ['Killed process 100 (java)']],
  ['group-kill-by-default', ['a line of role group', 'a line of role memory', 'Killed process 100 (java)', 'a line of role kill']],
]

test.each(quoted)('%s quotes what it stands on', (id, lines) => {
  const [, [incident] = []] = cases.find(([cause]) => cause === id) ?? []
  const rule = rules.find(({ question, id: own }) => question === 'rootCause' && own === id)
  if (incident === undefined || rule === undefined) throw new Error(`no case of ${id}`)
  expect(rule.evaluate(factsWith(incident) as never)?.evidence.map(({ text }) => text)).toEqual(lines)
})
