import { expect, test } from 'vitest'
import { runtimeOf, runtimes } from '../../../src/rules/advice/runtimes/index.ts'

test('a port is the one that the row’s own command asks', () => {
  const asked = runtimes.filter(({ port }) => port !== undefined)
  expect(asked.length).toBeGreaterThan(5)
  for (const { id, port, command } of asked)
    expect([id, command]).toEqual([id, expect.stringMatching(new RegExp(`localhost[: ]${port}\\b`))])
})
test('what asks the cluster itself runs where kubectl and ceph are, and nothing else does', () => {
  // The kubelet lives in no container that a command could be run in.
  for (const { id, command, outside } of runtimes)
    if (command !== null && id !== 'kubelet') expect([id, /^(?:kubectl|ceph) /.test(command)]).toEqual([id, outside === true])
})
test('products that live by the page cache, too, take half of a limit for their heap', () => {
  const shares = runtimes.filter(({ heapShare }) => heapShare !== undefined)
  expect(shares.length).toBeGreaterThan(3)
  expect(shares.map(({ heapShare }) => heapShare)).toEqual(shares.map(() => 0.5))
})
test('a name alone, or with a word of its command line', () => {
  const of = (comm: string | null, words = '') => runtimeOf(comm, words)?.id ?? null
  expect([of('mongod'), of('mongodx'), of('redis-server'), of(null), of('')]).toEqual(['mongodb', null, 'redis', null, null])
  expect([of('java', 'org.apache.Spark.x'), of('java')]).toEqual(['spark', 'jvm'])
})
