const time = String.raw`\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?[AP]M\b)?`
const zone = String.raw`(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)(?![\w:])|(?<=[AP]M) [A-Z]{1,3}T(?![\w]))?`
const month = '[A-Z][a-z]{2,8}'
/** As other languages write it: `24. Nov.`, `24 août`, `24. November`. */
const anyMonth = String.raw`[^\s\d.,:;|[\](){}<>"'=/-]{3,9}\.?`
const weekday = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}'

/** How tools print a time, longest first; `units/stamp-guess` reads what they matched. Each stands between other characters than its own. */
const shapes: readonly string[] = [
  // `2026-11-24T07:04:29.123+08:00`, `2026/11/24 07:04:29`, `2026.11.24 07:04:29`; cells of a table: `2026-11-24;07:04:29`
  String.raw`\d{4}([-/.])\d\d\1\d\d[T ,;|\t_]\s?${time}${zone}`,
  // `24.11.2026 07:04:29`, `11/24/2026, 07:04:29 AM`, `24-11-2026 07:04:29`
  String.raw`\d{1,2}([-/.])\d{1,2}\1\d{4},?[ T]${time}${zone}`,
  // `Tue Nov 24 07:04:29 2026`, `Tue Nov 24 07:04:29 UTC 2026`
  String.raw`${weekday} ${month} {1,2}\d{1,2} ${time}(?: [A-Z]{3,5})? \d{4}`,
  // `Tue, 24 Nov 2026 07:04:29 +0000`, `24 Nov 2026 07:04:29`, `24/Nov/2026:07:04:29 +0000`
  String.raw`(?:${weekday},? )?\d{1,2}\.?[ /-]${anyMonth}[ /-]\d{4}[ :,]\s?${time}${zone}`,
  // `Nov 24, 2026 7:04:29 AM`, `Nov 24 2026 07:04:29`
  String.raw`${month} {1,2}\d{1,2},? \d{4}(?: @)?,? ${time}${zone}`,
  // `Nov 24 07:04:29`, `24 Nov 07:04:29`
  String.raw`${anyMonth} {1,2}\d{1,2} ${time}`,
  String.raw`\d{1,2}\.? ${anyMonth} ${time}`,
  // `11-24 07:04:29.123`
  String.raw`\d\d-\d\d ${time}`,
  // seconds to nanoseconds since the epoch
  String.raw`1\d{9}(?:\.\d{1,9})?|1\d{12}|1\d{15}|1\d{18}`,
]

const sources = shapes.map((source) => source.replaceAll('\\1', '[-/.]').replaceAll('([-/.])', '[-/.]'))
const stickies = sources.map((source) => new RegExp(String.raw`(?<![\w.:/-])(?:${source})(?![\w/])`, 'y'))
/** A time of day alone, a date alone: no instant, but no part of the text either. */
const partial =
  /(?<![\w.:/-])(?:\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?: ?[AP]M)?|\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})(?![\w/:])/iy
const partialSource = partial.source.replace('(?<![\\w.:/-])', '').replace('(?![\\w/:])', '')

/** The stamp that begins at `at`: its length, and the source of an expression for others of its kind; `null` when there is none. */
export function stampAt(text: string, at: number): { readonly length: number; readonly source: string; readonly whole: boolean } | null {
  for (const [index, sticky] of stickies.entries()) {
    sticky.lastIndex = at
    const found = sticky.exec(text)
    if (found !== null) return { length: found[0].length, source: sources[index] as string, whole: true }
  }
  partial.lastIndex = at
  const found = partial.exec(text)
  return found === null ? null : { length: found[0].length, source: partialSource, whole: false }
}
