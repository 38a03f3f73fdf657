import { describe, expect, it, test } from 'vitest'
import { machinesOf } from '../../src/input/layouts/machines.ts'

/** Path → host and corner of each of a bundle's files; `dmesg` and `date` have roles by their names. */
function told(paths: readonly string[]): Record<string, readonly [string | null, string | null]> {
  const role = (path: string): string | null => /(?:^|\/)(?<word>dmesg|date|kern|messages)[^/]*$/.exec(path)?.groups?.['word'] ?? null
  const roles: Readonly<Record<string, string>> = { dmesg: 'kernel', kern: 'kernel', messages: 'syslog', date: 'date' }
  const sources = paths.map((path) => ({ name: path, bundle: 'b', path, role: roles[role(path) ?? ''] ?? null, single: false }))
  return Object.fromEntries([...machinesOf(sources)].map(([name, m]) => [name, [m.host, m.corner]]))
}

describe('machines of a bundle', () => {
  it.each<[string, string[], Record<string, readonly [string | null, string | null]>]>([
    [
      'folders alike are cases, without a name',
      ['case-1/dmesg', 'case-2/dmesg'],
      { 'case-1/dmesg': [null, 'b/case-1'], 'case-2/dmesg': [null, 'b/case-2'] },
    ],
    [
      'folders alike that are called as machines are',
      ['x/node-1/dmesg', 'x/node-2/dmesg'],
      { 'x/node-1/dmesg': ['node-1', 'b/x/node-1'], 'x/node-2/dmesg': ['node-2', 'b/x/node-2'] },
    ],
    [
      'a name before the subject',
      ['host1_dmesg.txt', 'host2_dmesg.txt'],
      { 'host1_dmesg.txt': ['host1', 'b/host1'], 'host2_dmesg.txt': ['host2', 'b/host2'] },
    ],
    [
      'a name behind it',
      ['dmesg-db-a.log', 'dmesg-db-b.log'],
      { 'dmesg-db-a.log': ['db-a', 'b/db-a'], 'dmesg-db-b.log': ['db-b', 'b/db-b'] },
    ],
    ['a folder of a subject', ['dmesg/w01.log', 'dmesg/w02.log'], { 'dmesg/w01.log': ['w01', 'b/w01'], 'dmesg/w02.log': ['w02', 'b/w02'] }],
    ['parts of one log are one', ['dmesg.part1.txt', 'dmesg.part2.txt'], {}],
    ['ways to print one buffer are one', ['dmesg.txt', 'dmesg-iso.txt', 'dmesg-reltime.txt'], {}],
    ['days of one machine are one', ['2026-11-23/dmesg', '2026-11-24/dmesg'], {}],
    ['containers are no machines', ['app-1.log', 'app-2.log'], {}],
  ])('%s', (_, paths, expected) => {
    expect(told(paths)).toEqual(expected)
  })

  test('the tree of a collector that runs on one machine is not divided', () => {
    const sources = ['a/dmesg', 'b/dmesg'].map((path) => ({ name: path, bundle: 'b', path, role: 'kernel', single: true }))
    expect(machinesOf(sources).size).toBe(0)
  })
})
