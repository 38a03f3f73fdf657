export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const byInstant = (a: string, b: string): number => Date.parse(a) - Date.parse(b) || compare(a, b)
const extreme = (times: readonly (string | null)[], sign: 1 | -1): string | null =>
  times.reduce((m, t) => (t !== null && (m === null || sign * byInstant(t, m) < 0) ? t : m), null)

/** Earliest and latest of RFC 3339 times, whatever their digits; `null` without any. */
export const minimum = (times: readonly (string | null)[]): string | null => extreme(times, 1)
export const maximum = (times: readonly (string | null)[]): string | null => extreme(times, -1)
