import type { AnyReport } from '../model/report.ts'
import { everything, type ReportFilter } from '../report/filter.ts'
import type { AnalyzeArguments } from './analyze-arguments.ts'

type FilterArguments = Pick<AnalyzeArguments, 'since' | 'until' | 'host' | 'namespace' | 'pod' | 'limit' | 'consumer' | 'timezone'>

/** `counted`: the filter once the evidence is known, where `--since 1h` counts back from its last stamp; else `null`, and `asked` is all. */
export interface FilterPlan {
  readonly asked: ReportFilter
  readonly counted: ((whole: AnyReport) => ReportFilter) | null
}

/** Reads the filter options; shared with `batch`. What reads times is loaded only where one is given. */
export async function filterOf(argv: FilterArguments): Promise<FilterPlan> {
  const { host = null, namespace = null, pod = null, limit = null, consumer = null, timezone } = argv
  const asked: ReportFilter = { ...everything, ...{ host, namespace, pod, limit, consumer } }
  const given = (['since', 'until'] as const).flatMap((name) => (argv[name] === undefined ? [] : [{ name, value: argv[name] }]))
  if (given.length === 0) return { asked, counted: null }
  const { lastStamp, offsetOf, resolved, timeArgument } = await import('./time-argument.ts')
  const offset = await offsetOf(timezone)
  const read = given.map(({ name, value }) => ({ name, value, argument: timeArgument(name, value, offset) }))
  const filterAt = (last: number | null): ReportFilter => {
    const times = read.map(({ name, value, argument }) => ({ name, ...resolved(argument, { name, value, timezone, offset, last }) }))
    const msOf = (name: string): number | null => times.find((time) => time.name === name)?.ms ?? null
    const notes = times.flatMap(({ note }) => (note === null ? [] : [note]))
    return { ...asked, sinceMs: msOf('since'), untilMs: msOf('until'), ...(notes.length === 0 ? {} : { notes }) }
  }
  const isCounted = read.some(({ argument }) => argument.kind !== 'instant')
  return { asked: isCounted ? asked : filterAt(null), counted: isCounted ? (whole) => filterAt(lastStamp(whole)) : null }
}
