import type { AnyReport } from '../model/report.ts'
import { withoutEnd } from '../text/ends.ts'
import { SPACE, TAB } from '../units/characters.ts'
import type { OutputOptions } from './define-output.ts'
import type { Escaper } from './escape.ts'
import { printView } from './print.ts'
import { type ReportView, reportView } from './view/index.ts'
import { type Detail, fullDetail } from './view/settings.ts'
import type { Clock } from './view/times.ts'

/** From the bottom up: first the raw excerpt goes, then rows of the timeline and quoted lines, at last whole incidents. */
const steps: readonly Partial<Detail>[] = [
  {},
  { excerptLines: 80 },
  { excerptLines: 0 },
  { excerptLines: 0, timelineRows: 60 },
  { excerptLines: 0, timelineRows: 20, evidenceLines: 20 },
  { excerptLines: 0, timelineRows: 8, evidenceLines: 8 },
]
const shortest = steps.at(-1) as Partial<Detail>
const incidentSteps = [50, 20, 10, 5, 2, 1]
/** Of more incidents so few are written first. */
const MANY = 16
const FEW = 8
/** What is foreseen to be longer by less than this is tried. */
const TOLERANCE = 1.02
/** Characters of a quoted line with its place, at the least: where all of them cannot fit, that is not tried. */
const LEAST_LINE = 20

/** How much a report holds. */
export interface ReportSize {
  readonly incidents: number
  /** Lines that prove kills. */
  readonly lines: number
  /** Characters of the first so many incidents as JSON. */
  readonly charactersOf: (shown: number) => number
}

/** Of so many incidents the characters are counted; the others are taken to be as long. */
const COUNTED = 200

export function sizeOf({ incidents }: AnyReport): ReportSize {
  const lines = new Set<string>()
  for (const { kills } of incidents)
    for (const { evidence } of kills) for (const { source, line } of evidence) if (line !== null) lines.add(`${line} ${source}`)
  const sums = [0]
  const charactersOf = (shown: number): number => {
    const counted = Math.min(shown, COUNTED, incidents.length)
    while (sums.length <= counted) sums.push((sums.at(-1) as number) + JSON.stringify(incidents[sums.length - 1]).length)
    return counted === 0 ? 0 : ((sums[counted] as number) * shown) / counted
  }
  return { incidents: incidents.length, lines: lines.size, charactersOf }
}

/**
 * The fullest form of a document that is not longer than `limit` characters. What no step can shorten is cut at a line, with `cutNote`. Of many incidents a few are
 * written first: they tell how long all would be, in this form and in the shortest. What is foreseen to be too long is not tried.
 */
export function fitted(
  limit: number,
  cutNote: string,
  { incidents, lines, charactersOf }: ReportSize,
  write: (detail: Detail) => string,
): string {
  const written = (step: Partial<Detail>, shown: number): string =>
    write({ ...fullDetail, ...step, incidents: shown < incidents ? shown : fullDetail.incidents })
  /** Whether so many incidents may fit in a form. */
  const foreseen = (step: Partial<Detail>): ((shown: number) => boolean) => {
    if (incidents <= MANY) return () => true
    const [half, few] = [written(step, FEW / 2).length, written(step, FEW).length]
    const perCharacter = (few - half) / (charactersOf(FEW) - charactersOf(FEW / 2))
    return (shown) => few + perCharacter * (charactersOf(shown) - charactersOf(FEW)) <= TOLERANCE * limit
  }
  const mayFit = foreseen(shortest)
  let last = ''
  for (const step of mayFit(incidents) ? steps : []) {
    if (step.evidenceLines === undefined && lines * LEAST_LINE > limit) continue
    if (step !== shortest && !foreseen(step)(incidents)) continue
    last = written(step, incidents)
    if (last.length <= limit) return last
  }
  for (const shown of incidentSteps) {
    if (shown > 1 && !mayFit(shown)) continue
    last = written(shortest, shown)
    if (last.length <= limit) return last
  }
  const room = last.slice(0, limit - cutNote.length - 1)
  return `${room.slice(0, room.lastIndexOf('\n') + 1)}${cutNote}\n`
}

/** The printed view that a template sees, with what else an output adds to it. */
export function printed(
  report: AnyReport,
  options: OutputOptions,
  clock: Clock,
  escaper: Escaper,
  detail: Detail,
  add: (view: ReportView) => object = () => ({}),
): unknown {
  const view = reportView(report, { clock, ascii: options.ascii, detail })
  return printView({ ...view, ...add(view) }, escaper)
}

/** No line ends in blanks, no three empty lines in a row, one newline at the end: what templates leave behind. */
export function tidy(text: string): string {
  return `${text
    .split('\n')
    .map((line) => withoutEnd(line, (code) => code === SPACE || code === TAB))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}
