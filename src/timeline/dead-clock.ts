import { kernelVersion } from '../kernel/release.ts'

/** Longest ago that a kernel of that line can have been built: a hardware clock that shows less has lost its battery (1970, 1980, 2000). */
const firstOf: readonly (readonly [number, string])[] = [
  [6, '2022-10-01'],
  [5, '2019-03-01'],
  [4, '2015-04-01'],
  [3, '2011-07-01'],
  [2, '2003-12-01'],
]

/** Whether a kernel of one of these releases (`6.1.0-18-amd64`) can have seen this instant. */
export function isBeforeKernel(epochUs: number, releases: ReadonlySet<string>): boolean {
  const built = [...releases].map(
    (release) => firstOf.find(([major]) => (kernelVersion(release)?.major ?? 0) >= major)?.[1] ?? '1970-01-01',
  )
  const oldest = built.sort()[0] ?? '2003-12-01'
  return epochUs < Date.parse(oldest) * 1000
}
