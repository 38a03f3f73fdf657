import { expect, it } from 'vitest'
import { isFrom, kernelVersion } from '../../src/kernel/release.ts'

it.each([
  ['5.15.0-119-generic', { major: 5, minor: 15, patch: 0, el: null, build: true }],
  ['3.10.0-862.el7.x86_64', { major: 3, minor: 10, patch: 0, el: 7, build: true }],
  ['2.6.32-754.35.1.el6.x86_64', { major: 2, minor: 6, patch: 32, el: 6, build: true }],
  ['6.1.0', { major: 6, minor: 1, patch: 0, el: null, build: false }],
  ['5.0.0-rc1', { major: 5, minor: 0, patch: 0, el: null, build: false }],
  ['4.14.336', { major: 4, minor: 14, patch: 336, el: null, build: false }],
  ['6.9', { major: 6, minor: 9, patch: 0, el: null, build: false }],
  ['5.4.17-2136.300.7.el8uek.x86_64', { major: 5, minor: 4, patch: 17, el: 8, build: true }],
])('%s', (release, version) => expect(kernelVersion(release)).toEqual(version))

it.each(['', 'linux', '5', 'x5.4.0', null, undefined])('%s is none', (release) => expect(kernelVersion(release)).toBeNull())

it.each([
  [4, 4, true],
  [4, 3, false],
  [5, 0, true],
  [3, 19, false],
])('%i.%i is 4.4 or later: %s', (major, minor, is) => expect(isFrom({ major, minor, patch: 0, el: null, build: false }, 4, 4)).toBe(is))
