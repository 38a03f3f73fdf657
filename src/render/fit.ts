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
const incidentSteps = [50, 20, 10, 5, 2, 1]
const FIRST_TRIED = 8
/** Characters of a quoted line with its place, at the least: where all of them cannot fit, that is not tried. */
const LEAST_LINE = 20

/** How much a report holds: its incidents, and lines that prove kills. */
export function sizeOf({ incidents }: AnyReport): { readonly incidents: number; readonly lines: number } {
  const lines = new Set<string>()
  for (const { kills } of incidents)
    for (const { evidence } of kills) for (const { source, line } of evidence) if (line !== null) lines.add(`${line} ${source}`)
  return { incidents: incidents.length, lines: lines.size }
}

/**
 * The fullest form of a document that is not longer than `limit` characters. What no step can shorten is cut at a line, with `cutNote`. Ten thousand incidents
 * are not written to learn that they do not fit: twice as many are tried as long as the document stays within the limit.
 */
export function fitted(
  limit: number,
  cutNote: string,
  { incidents, lines }: { readonly incidents: number; readonly lines: number },
  write: (detail: Detail) => string,
): string {
  let last = ''
  for (const step of steps) {
    if (step.evidenceLines === undefined && lines * LEAST_LINE > limit) continue
    let shown = FIRST_TRIED
    do {
      last = write({ ...fullDetail, ...step, incidents: shown < incidents ? shown : fullDetail.incidents })
      shown *= 2
    } while (shown / 2 < incidents && last.length <= limit)
    if (last.length <= limit) return last
  }
  for (const shown of incidentSteps) {
    last = write({ ...fullDetail, ...steps.at(-1), incidents: shown })
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
