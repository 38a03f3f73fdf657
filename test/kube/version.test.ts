import { expect, test } from 'vitest'
import { minorOfVersion } from '../../src/kube/version.ts'

test.each([
  ['v1.33.2-eks-1a2b3c', 33],
  ['1.20.15', 20],
  ['v1.9', 9],
  ['v1.27+', 27],
  ['v2.1.0', null],
  ['v1.', null],
  ['', null],
  [null, null],
])('%s', (version, minor) => {
  expect(minorOfVersion(version)).toBe(minor)
})
