import { kernelVersion } from '../kernel/release.ts'

/** Longest ago that a kernel of that line can have been built: a hardware clock that shows less has lost its battery (1970, 1980, 2000). */
const firstOf: readonly (readonly [number, number])[] = [
  [6, Date.UTC(2022, 9, 1)],
  [5, Date.UTC(2019, 2, 1)],
  [4, Date.UTC(2015, 3, 1)],
  [3, Date.UTC(2011, 6, 1)],
  [2, Date.UTC(2003, 11, 1)],
]

/** Whether a kernel of one of these releases (`6.1.0-18-amd64`) can have seen this instant. */
export function isBeforeKernel(epochUs: number, releases: ReadonlySet<string>): boolean {
  const oldest = Math.min(
    ...[...releases].map((release) => firstOf.find(([major]) => (kernelVersion(release)?.major ?? 0) >= major)?.[1] ?? 0),
    Date.UTC(2022, 9, 1),
  )
  return epochUs < (releases.size === 0 ? Date.UTC(2003, 11, 1) : oldest) * 1000
}
