const MS_FROM = 1e11
const US_FROM = 1e14
const NS_FROM = 1e17

/** A bare number of a stamp in µs: seconds, ms, µs or ns, by its size (seconds reach 1e11 in the year 5138; ms were below it until 1973). */
export function usOfStamp(at: number): number {
  return Math.round(at < MS_FROM ? at * 1e6 : at < US_FROM ? at * 1e3 : at < NS_FROM ? at : at / 1e3)
}
