import type { AnyReport } from '../model/report.ts'
import { withStrings } from './strings.ts'

/**
 * Names of sources as a reader wants them: an argument stands by its last part (`kern.log`, `case-17/kern.log`), longer only where two arguments would
 * be called the same. Where the run was started from does not show.
 */
export function shortNames(names: readonly string[]): (source: string) => string {
  const labels = new Map<string, string>()
  const parts = names.map((name) => name.split('/').filter((p) => p !== '' && p !== '.' && p !== '..'))
  names.forEach((name, i) => {
    const own = parts[i] ?? []
    let take = 1
    while (
      take < own.length &&
      parts.some((other, j) => j !== i && names[j] !== name && other.slice(-take).join('/') === own.slice(-take).join('/'))
    )
      take++
    labels.set(name, own.slice(-take).join('/') || name)
  })
  const longestFirst = [...labels].sort((a, b) => b[0].length - a[0].length)
  return (source) => {
    const found = longestFirst.find(([name]) => source === name || source.startsWith(`${name}/`) || source.startsWith(`${name}!`))
    return found === undefined ? source : found[1] + source.slice(found[0].length)
  }
}

/** Puts the short names wherever a report names a source. The lists of kills and the timeline are the given report's own afterwards. */
export function renameSources<R extends AnyReport>(report: R, short: (source: string) => string): R {
  const known = new Map<string, string>()
  const name = (source: string): string => {
    const found = known.get(source) ?? short(source)
    known.set(source, found)
    return found
  }
  const inPlace = new Set(['kills', 'timeline'])
  const walk = (value: unknown, key = ''): unknown =>
    withStrings(value, (text, of) => (of === 'source' || of === 'from' ? name(text) : text), inPlace, key)
  const renamed = {
    ...report,
    incidents: walk(report.incidents),
    findings: walk(report.findings),
    timeline: walk(report.timeline, 'timeline'),
  } as R
  return { ...renamed, sources: report.sources.map((s) => ({ ...s, name: name(s.name) })) }
}
