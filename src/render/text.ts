import type { AnyReport } from '../model/report.ts'
import { visible } from '../text/visible.ts'
import type { OutputNeeds, OutputOptions, Render } from './define-output.ts'
import { type Paint, paintOf } from './sgr.ts'
import { loadClock } from './tools.ts'
import type { AnswerView } from './view/answers.ts'
import { fullDetail, type IncidentView } from './view/incident.ts'
import { type ReportView, reportView } from './view/index.ts'
import { plainOf, type Rich } from './view/rich.ts'
import type { Clock } from './view/times.ts'

const labelWidth = 9
const mostWarnings = 3

/** At most 15 lines an incident, aligned, the most important last on screen; colour only for mark, cause and victim. */
export async function load(needs: OutputNeeds): Promise<Render> {
  const clock = await loadClock(needs)
  return (report, options) => summary(report, options, clock)
}

function summary(report: AnyReport, options: OutputOptions, clock: Clock): string {
  const view = reportView(report, { clock, ascii: options.ascii, detail: fullDetail })
  const print = printer(options)
  const blocks = view.incidents.map((incident) => incidentLines(incident, print))
  const head = view.lead === null ? [] : [print.wrap('', plainOf(view.lead))]
  const tail = [...emptyLines(view, print), ...findingLines(view, print), ...warningLines(report, print)]
  const text = [...head, ...blocks.map((lines) => lines.join('\n')), ...(tail.length > 0 ? [tail.join('\n')] : [])].join('\n\n')
  return `${print.ascii(text)}\n`
}

interface Printer {
  readonly paint: Paint
  readonly width: number
  readonly mark: string
  ascii(text: string): string
  /** A label and its text, wrapped to the width under itself. */
  wrap(label: string, text: string): string
}

function printer({ width, color, ascii }: OutputOptions): Printer {
  const room = Math.max(40, width)
  const toAscii = (text: string): string => (ascii ? asciiOf(text) : text)
  return {
    paint: paintOf(color),
    width: room,
    mark: ascii ? '*' : '●',
    ascii: toAscii,
    wrap: (label, text) => {
      const indent = label === '' ? '' : ' '.repeat(labelWidth + 2)
      const lines = wrapped(toAscii(text), room - indent.length)
      return lines.map((line, i) => (i > 0 || label === '' ? indent + line : `  ${label.padEnd(labelWidth)}${line}`)).join('\n')
    },
  }
}

function incidentLines(incident: IncidentView, print: Printer): string[] {
  const { paint, wrap } = print
  const [limit, consumer, selection, consequence] = incident.answers
  const text = (value: Rich | undefined): string => (value === undefined ? '' : visible(plainOf(value)))
  // a wrapped line loses a few characters at its end
  const rows = (count: number): number => (print.width - labelWidth - 8) * count
  const where = [text(incident.workload), incident.host.raw === null ? '' : text(incident.host)].filter((part) => part !== '').join(', ')
  const title = print.ascii(`${print.mark} ${where}`)
  const lines = [
    `${paint('mark', title.slice(0, 1))}${clip(title.slice(1), print.width - 1)}`,
    wrap(
      'when',
      `${text(incident.span)}${incident.manyKills ? `, ${text(incident.killCount)} kills${incident.pattern.id === 'single' ? '' : ` (${incident.pattern.title})`}` : ''}`,
    ),
    wrap('what', shorten(text(incident.headline), rows(4))),
    wrap(
      'limit',
      `${limitWords(limit)}; ${consumer === undefined || consumer.id === 'unknown' ? 'what filled it is not in the log' : `filled by ${text(consumer.title)}`}`,
    ),
    wrap('why', shorten(text(selection?.statement), rows(2))),
    wrap('after', shorten(text(consequence?.statement), rows(2))),
    wrap(
      'cause',
      `${text(incident.rootCause.title)} (confidence ${incident.rootCause.confidence.word} ${incident.rootCause.confidence.shape})`,
    ),
  ]
  const action = incident.actions[0]?.items[0]
  if (action !== undefined) lines.push(wrap('next', shorten(text(action.text), rows(2))))
  if (incident.evidence.length > 0) lines.push(wrap('proof', proofOf(incident, print.width - labelWidth - 2)))
  return fifteen(lines).map((line) =>
    line.startsWith('  cause') ? paint('cause', line) : line.startsWith('  what') ? paint('victim', line) : line,
  )
}

/** As many places as one line takes, each cut in the middle; the number of the others behind them. */
function proofOf(incident: IncidentView, room: number): string {
  const places = incident.evidence.map(({ place }) => middleCut(visible(plainOf(place)), 34))
  const more = (shown: number): string => (incident.evidenceCount > shown ? `  and ${incident.evidenceCount - shown} more` : '')
  let shown = 1
  while (shown < places.length && places.slice(0, shown + 1).join('  ').length + more(shown + 1).length <= room) shown += 1
  return places.slice(0, shown).join('  ') + more(shown)
}

/** Wrapped lines count too: the longest answers give way first. */
function fifteen(lines: readonly string[]): string[] {
  const kept = [...lines]
  const height = (): number => kept.reduce((sum, line) => sum + line.split('\n').length, 0)
  for (const label of ['why', 'after', 'next', 'what']) {
    const at = kept.findIndex((line) => line.startsWith(`  ${label.padEnd(labelWidth)}`))
    if (at < 0 || height() <= 15) continue
    const rows = (kept[at] as string).split('\n')
    kept[at] = rows.length > 1 ? `${rows[0]} …` : (rows[0] as string)
  }
  return kept
}

function emptyLines(view: ReportView, print: Printer): string[] {
  if (view.empty === null) return []
  const first = view.empty.elsewhere[0]
  return [
    print.ascii(plainOf(view.empty.headline)),
    print.wrap('read', plainOf(view.empty.read)),
    ...(first === undefined ? [] : [print.wrap('look', first.command.block.join(' '))]),
  ]
}

const findingLines = (view: ReportView, print: Printer): string[] =>
  view.findings
    .slice(0, 3)
    .flatMap(({ id, statement, places }) => [
      print.wrap('note', visible(plainOf(statement))),
      ...(id === 'seen-not-understood' ? places.slice(0, 3).map((p) => print.wrap('seen', placeAndLine(p, print.width))) : []),
    ])

/** A place and its line, as much of both as two rows take. */
function placeAndLine({ place, line }: ReportView['findings'][number]['places'][number], width: number): string {
  return clip(`${middleCut(visible(plainOf(place)), 34)}  ${visible(plainOf(line))}`, (width - labelWidth - 8) * 2)
}

function warningLines(report: AnyReport, print: Printer): string[] {
  const shown = report.warnings.slice(0, mostWarnings).map((text) => print.wrap('warning', shorten(visible(text), print.width * 2)))
  const more = report.warnings.length - mostWarnings
  return more > 0 ? [...shown, print.wrap('', `  and ${more} more warnings`)] : shown
}

const limitWords = (limit: AnswerView | undefined): string =>
  limit === undefined || limit.id === 'unknown' ? 'which limit was hit is not in the log' : plainOf(limit.title)

const clip = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`)
const shorten = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, text.lastIndexOf(' ', most - 1) || most - 1)} …`

/** Names are cut in the middle, since their ends tell most: `cri-containerd-3fa2…9c.scope`. */
export function middleCut(text: string, most: number): string {
  if (text.length <= most) return text
  const tail = Math.floor((most - 1) * 0.6)
  return `${text.slice(0, most - 1 - tail)}…${text.slice(text.length - tail)}`
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
    while (line.length > width) {
      lines.push(line.slice(0, width))
      line = line.slice(width)
    }
  }
  return [...lines, line]
}

const asciiForms: Readonly<Record<string, string>> = {
  '–': '-',
  '−': '-',
  '…': '~',
  '’': "'",
  '±': '+/-',
  '·': '-',
  '●': '*',
  '○': '-',
  '×': 'x',
  '≥': '>=',
  '≤': '<=',
}

/** Our own signs in ASCII; what else a name holds is shown by its number. */
function asciiOf(text: string): string {
  return text.replace(
    /[^\x20-\x7e\n\x1b]/gu,
    (char) => asciiForms[char] ?? `<U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}>`,
  )
}
