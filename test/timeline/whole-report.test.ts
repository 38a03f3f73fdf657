import { expect, it } from 'vitest'
import type { OomDump } from '../../src/model/oom-dump.ts'
import { vouchesForItself } from '../../src/timeline/whole-report.ts'
import { counter, makeKill } from '../kernel/make-dump.ts'
import { globalDump, memcgDump } from '../rules/make-incident.ts'

const MiB = 2 ** 20
/** A group of 80 MiB at its limit; what is not printed is left out. */
const dump = (lacks: readonly (keyof OomDump['has'])[] = [], more: Partial<OomDump> = {}) => {
  const whole = memcgDump(more)
  const has = { ...whole.has, ...Object.fromEntries(lacks.map((part) => [part, false])) }
  return { ...whole, has, tasks: has.tasks ? whole.tasks : [] }
}
const killOf = (anonMiB: number | null, shmemMiB: number | null = 0) => [
  makeKill({ pid: 100, anonRssBytes: anonMiB === null ? null : anonMiB * MiB, shmemRssBytes: shmemMiB === null ? null : shmemMiB * MiB }),
]
const bare = ['tasks', 'header', 'stack', 'summary'] as const

it.each<[string, OomDump, boolean]>([
  ['a whole one', dump(), true],
  ['without its header', dump(['header']), false],
  ['without figures', dump(['memcg']), false],
  ['of the machine, with its figures', globalDump(), true],
  ['without kill line and summary', dump(['kill', 'summary']), false],
  ['its summary tells the kill', dump(['kill']), true],
  ['of a process that its table does not hold', dump([], { kills: [makeKill({ pid: 7, comm: 'sh' })] }), false],
  ['of one that the table has by its name', dump([], { kills: [makeKill({ pid: 7, comm: 'java' })] }), true],
  [
    'of a thread of a group in the table',
    dump([], { kills: [makeKill({ pid: 7, comm: 'x' })], tasks: memcgDump().tasks.map((r) => ({ ...r, tgid: 7 })) }),
    true,
  ],
  ['no table: the group at its limit, and a victim that fits', dump(bare), true],
  ['no table: exactly', dump(bare, { kills: killOf(80) }), true],
  ['no table: a victim larger than the group', dump(bare, { kills: killOf(81) }), false],
  ['no table: with what it shares', dump(bare, { kills: killOf(79, 2) }), false],
  ['no table: what it shares is not known', dump(bare, { kills: killOf(79, null) }), true],
  ['no table: a victim without figures', dump(bare, { kills: killOf(null) }), false],
  ['no table: the group has no name', dump(bare, { oomMemcg: null }), false],
  ['no table: no kill line', dump([...bare, 'kill']), false],
  ['no table: no counter', dump(bare, { memory: null }), false],
  ['no table: far from its limit', dump(bare, { memory: counter(40 * 1024, 81920) }), false],
  ['no table: a machine has no limit that it could stand at', { ...globalDump(), has: { ...globalDump().has, tasks: false } }, false],
])('%s: %s', (_, report, is) => expect(vouchesForItself(report)).toBe(is))
