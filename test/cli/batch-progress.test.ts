import { expect, test } from 'vitest'
import { timeLeft } from '../../src/cli/pace.ts'

test.each([
  [0, 100, 5000, ''],
  [10, 100, 0, ''],
  [10, 100, 1000, '  9 s left'],
  [50, 100, 70_000, '  1 min 10 s left'],
  [1, 100, 60_000, '  1 h 39 min left'],
  [100, 100, 60_000, '  0 s left'],
  // A file that has grown since it was counted.
  [120, 100, 60_000, '  0 s left'],
])('%d of %d in %d ms', (done, all, elapsedMs, text) => expect(timeLeft(done, all, elapsedMs)).toBe(text))
