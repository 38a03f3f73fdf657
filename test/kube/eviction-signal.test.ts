import { expect, test } from 'vitest'
import { isMemorySignal } from '../../src/kube/eviction-signal.ts'

test.each<[string | null | undefined, boolean]>([
  ['memory.available', true],
  ['allocatableMemory.available', true],
  ['memory', true],
  ['Memory', true],
  ['nodefs.available', false],
  ['imagefs.inodesFree', false],
  ['pid.available', false],
  ['ephemeral-storage', false],
  ['', false],
  [null, false],
  [undefined, false],
])('%s', (signal, is) => {
  expect(isMemorySignal(signal)).toBe(is)
})
