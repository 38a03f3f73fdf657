import type { AskedTimes } from '../report/counted-times.ts'
import { everything, type ReportFilter } from '../report/filter.ts'
import type { AnalyzeArguments } from './analyze-arguments.ts'

type FilterArguments = Pick<AnalyzeArguments, 'since' | 'until' | 'host' | 'namespace' | 'pod' | 'limit' | 'consumer' | 'timezone'>

/** `counted`: times that are known once the evidence is, where `--since 1h` counts back from its last stamp; else `null`, and `asked` is all. */
export interface FilterPlan {
  readonly asked: ReportFilter
  readonly counted: AskedTimes | null
}

/** Reads the filter options; shared with `batch`. What reads times is loaded only where one is given. */
export async function filterOf(argv: FilterArguments): Promise<FilterPlan> {
  const { host = null, namespace = null, pod = null, limit = null, consumer = null, timezone = null } = argv
  const asked: ReportFilter = { ...everything, ...{ host, namespace, pod, limit, consumer } }
  const given = (['since', 'until'] as const).flatMap((name) => (argv[name] === undefined ? [] : [{ name, value: argv[name] }]))
  if (given.length === 0) return { asked, counted: null }
  const [{ timeArgument }, { offsetOf }] = [await import('./time-argument.ts'), await import('../report/counted-times.ts')]
  const offset = await offsetOf(timezone)
  const times = given.map(({ name, value }) => ({ name, value, argument: timeArgument(name, value, offset) }))
  if (times.some(({ argument }) => argument.kind !== 'instant')) return { asked, counted: { times, timezone } }
  const msOf = (wanted: string): number | null => {
    const argument = times.find(({ name }) => name === wanted)?.argument
    return argument?.kind === 'instant' ? argument.ms : null
  }
  return { asked: { ...asked, sinceMs: msOf('since'), untilMs: msOf('until') }, counted: null }
}
