import { expect, test } from 'vitest'
import { speaksOfMemory } from '../../src/extract/of-memory.ts'

test.each([
  ['OOMKilling', '', true],
  ['Evicted', '', true],
  ['OutOfmemory', '', true],
  ['BackOff', 'container init was OOM-killed (memory limit too low?)', true],
  ['FailedScheduling', '0/3 nodes are available: 3 Insufficient memory.', true],
  ['BackOff', 'Back-off restarting failed container', false],
  ['Pulled', 'image "zoom:1" already present', false],
])('%s %s', (reason, message, may) => {
  expect(speaksOfMemory(reason, message)).toBe(may)
})
