import { expect, it } from 'vitest'
import { inOrder } from '../../src/timeline/in-order.ts'
import { source } from './sources.ts'

const named = (name: string, bundle: string, family = name, generation = 0) => source(name, { place: { bundle, family, generation } })
const order = (all: readonly ReturnType<typeof named>[], short = (name: string) => name) => inOrder(all, short).map((e) => e.source.name)

it('bundle by bundle, of a log the older rotations first, then by name', () => {
  const all = [
    named('b/dmesg', 'b'),
    named('a/syslog', 'a', 'a/syslog'),
    named('a/syslog.2', 'a', 'a/syslog', 2),
    named('a/syslog.1', 'a', 'a/syslog', 1),
    named('a/dmesg.txt', 'a'),
    named('a/auth.log', 'a', 'a/dmesg.txt'),
  ]
  const expected = ['a/auth.log', 'a/dmesg.txt', 'a/syslog.2', 'a/syslog.1', 'a/syslog', 'b/dmesg']
  expect(order(all)).toEqual(expected)
  expect(order(all.toReversed())).toEqual(expected)
})

it('where files happen to lie decides nothing', () => {
  const short = (name: string) => name.split('/').at(-1) ?? name
  const lying = (first: string, second: string) =>
    order([named(`${first}/dmesg`, first, `${first}/dmesg`), named(`${second}/kern.log`, second, `${second}/kern.log`)], short)
  expect(lying('/mnt/b', '/tmp/a').map(short)).toEqual(['dmesg', 'kern.log'])
  expect(lying('/tmp/a', '/mnt/b').map(short)).toEqual(['dmesg', 'kern.log'])
  // A family that lies elsewhere than its file keeps its name.
  const apart = [named('/x/a.log', '/x', '/y/z.log'), named('/x/b.log', '/x', '/x/b.log')]
  expect(order(apart, short)).toEqual(['/x/a.log', '/x/b.log'])
})
