import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import { answersOf, findingIds } from './compose.ts'

const bundles = join(import.meta.dirname, '../../samples/bundles')

test.each<[string, string[], string[]]>([
  ['container-limit-every-source', ['container-limit / process / only-candidate / container-restarted'], []],
  ['child-killed-pod-lives-on', ['container-limit / process / largest / unseen-by-kubernetes'], []],
  ['describe-without-uid', ['container-limit / process / only-candidate / container-restarted'], []],
  ['sticky-oomkilled-143', ['container-limit / process / largest / reported-late'], ['oomkilled-other-exit-code']],
  ['evicted-then-node-oom', ['eviction-threshold / process / eviction-ranking / pod-evicted'], []],
  ['exit-137-not-oom', [], ['exit-137-not-oom']],
  ['system-oom-event-only', ['node-memory / unknown / unknown / process-killed'], ['log-does-not-cover']],
])('sample %s', async (name, answers, findings) => {
  const { report } = await analyze([join(bundles, name)])
  expect(report.incidents.map(answersOf)).toEqual(answers)
  expect(findingIds(report)).toEqual(findings)
})
