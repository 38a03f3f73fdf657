import { expect, it } from 'vitest'
import { isBeforeKernel } from '../../src/timeline/dead-clock.ts'
import { us } from './stamps.ts'

// kernel.org: 2.6.0 Dec 2003, 3.0 Jul 2011, 4.0 Apr 2015, 5.0 Mar 2019, 6.0 Oct 2022. A kernel of a line cannot have run before that month.
it.each([
  [['6.1.0-18-amd64'], '2022-09-30T23:59:59Z', true],
  [['6.1.0-18-amd64'], '2022-10-01T00:00:00Z', false],
  [['7.2.0'], '2022-09-30T23:59:59Z', true],
  [['5.15.0'], '2019-02-28T23:59:59Z', true],
  [['5.15.0'], '2019-03-01T00:00:00Z', false],
  [['4.18.0-80.el8.x86_64'], '2015-03-31T23:59:59Z', true],
  [['4.18.0-80.el8.x86_64'], '2015-04-01T00:00:00Z', false],
  [['3.10.0-862.el7.x86_64'], '2011-06-30T23:59:59Z', true],
  [['3.10.0-862.el7.x86_64'], '2011-07-01T00:00:00Z', false],
  [['2.6.32'], '2003-11-30T23:59:59Z', true],
  [['2.6.32'], '2003-12-01T00:00:00Z', false],
  // No release: a clock from before the oldest of them is dead in any case.
  [[], '2000-01-01T00:00:00Z', true],
  [[], '2003-12-01T00:00:00Z', false],
  // Of several releases the oldest decides, in whichever order they were met.
  [['6.1.0', '3.10.0'], '2011-06-30T23:59:59Z', true],
  [['6.1.0', '3.10.0'], '2011-07-01T00:00:00Z', false],
  [['3.10.0', '6.1.0'], '2011-07-01T00:00:00Z', false],
  [['unknown'], '2001-01-01T00:00:00Z', false],
])('a kernel of %j at %s: before it was written %s', (releases, iso, before) =>
  expect(isBeforeKernel(us(iso), new Set(releases))).toBe(before),
)
