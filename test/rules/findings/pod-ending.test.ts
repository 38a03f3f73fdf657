import { expect, test } from 'vitest'
import type { PodSnapshot } from '../../../src/model/snapshot.ts'
import { podEnding } from '../../../src/rules/findings/pod-ending.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { makePod } from '../make-incident.ts'

test.each<[NonNullable<PodSnapshot['end']> | undefined, string]>([
  [{ what: 'evicted', shortOf: 'ephemeral-storage', overLimitOf: null } as never, 'low on ephemeral-storage, not on memory'],
  [{ what: 'evicted', shortOf: 'memory', overLimitOf: null } as never, ''],
  [{ what: 'evicted', shortOf: null, overLimitOf: 'ephemeral-storage' } as never, 'written to local storage'],
  [{ what: 'evicted', shortOf: null, overLimitOf: null } as never, ''],
  [{ what: 'refused', conditions: ['DiskPressure', 'Other'] } as never, 'the disk or the process ids'],
  [{ what: 'refused', conditions: ['PIDPressure'] } as never, 'the disk or the process ids'],
  [{ what: 'refused', conditions: ['MemoryPressure'] } as never, ''],
  [{ what: 'preempted' } as never, 'preempted the pod'],
  [{ what: 'node-shutdown' } as never, 'the node was shut down'],
  [{ what: 'deadline' } as never, 'activeDeadlineSeconds'],
  [undefined, ''],
])('a pod that ended as %j', (end, words) => {
  const told = podEnding(makePod([], end === undefined ? {} : { end }))
  expect(told === null ? '' : plainPhrase(told)).toContain(words)
  expect(told === null).toBe(words === '')
})
