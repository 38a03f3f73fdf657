import type { AnyReport } from '../model/report.ts'

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

/** Puts the short names wherever a report names a source. The lists of kills are the given report's own afterwards. */
export function renameSources<R extends AnyReport>(report: R, short: (source: string) => string): R {
  const known = new Map<string, string>()
  const name = (source: string): string => {
    const found = known.get(source) ?? short(source)
    known.set(source, found)
    return found
  }
  /** What names no source, or one by the name it has already, stays the same object: a report of a large log is large itself. */
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return key === 'source' || key === 'from' ? name(value) : value
    if (Array.isArray(value)) return key === 'kills' ? walkKills(value) : walkList(value)
    return value === null || typeof value !== 'object' ? value : walkObject(value as Readonly<Record<string, unknown>>)
  }
  /** One by one, in place: a hundred thousand kills are not to stand in memory twice. */
  const walkKills = (kills: unknown[]): readonly unknown[] => {
    for (let at = 0; at < kills.length; at += 1) kills[at] = walk(kills[at], '')
    return kills
  }
  const walkList = (list: readonly unknown[]): readonly unknown[] => {
    let changed: unknown[] | null = null
    for (let at = 0; at < list.length; at += 1) {
      const walked = walk(list[at], '')
      if (walked === list[at]) continue
      changed ??= [...list]
      changed[at] = walked
    }
    return changed ?? list
  }
  const walkObject = (object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
    let changed: Record<string, unknown> | null = null
    for (const key of Object.keys(object)) {
      const walked = walk(object[key], key)
      if (walked === object[key]) continue
      changed ??= { ...object }
      changed[key] = walked
    }
    return changed ?? object
  }
  const renamed = {
    ...report,
    incidents: walk(report.incidents, ''),
    findings: walk(report.findings, ''),
    timeline: walk(report.timeline, ''),
  } as R
  return { ...renamed, sources: report.sources.map((s) => ({ ...s, name: name(s.name) })) }
}
