import type { AnyReport } from '../model/report.ts'
import { middleCut } from '../text/middle-cut.ts'
import { blankOfFigure } from '../text/values.ts'
import { visible } from '../text/visible.ts'
import type { OutputNeeds, OutputOptions, Render } from './define-output.ts'
import { type Paint, paintOf } from './sgr.ts'
import { loadClock } from './tools.ts'
import type { AnswerView } from './view/answers.ts'
import type { IncidentView } from './view/incident.ts'
import { type ReportView, reportView } from './view/index.ts'
import { plainOf, type Rich } from './view/rich.ts'
import { fullDetail } from './view/settings.ts'
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
  // What is pasted somewhere can be told from a log.
  const foot = `  Made by ${view.generator}.`
  const text = [...head, ...blocks.map((lines) => lines.join('\n')), ...(tail.length > 0 ? [tail.join('\n')] : []), foot].join('\n\n')
  return `${print.ascii(text)}\n`
}

interface Printer {
  readonly paint: Paint
  readonly width: number
  readonly mark: string
  ascii(text: string): string
  /** A command in a row of its own, whole: it is there to be pasted. */
  command(lines: readonly string[]): string
  /** A label and its text, wrapped to the width under itself. */
  wrap(label: string, text: string): string
}

function printer({ width, color, ascii }: OutputOptions): Printer {
  // Longer rows are hard to read.
  const room = Math.min(110, Math.max(40, width))
  const toAscii = (text: string): string => (ascii ? asciiOf(text) : text)
  return {
    paint: paintOf(color),
    width: room,
    mark: ascii ? '*' : '●',
    ascii: toAscii,
    command: (lines) => lines.map((line) => `${' '.repeat(labelWidth + 2)}${toAscii(line)}`).join('\n'),
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
  // long names lose their middle, a host first
  const host =
    incident.host.raw === null || incident.name === incident.glance.verdict
      ? ''
      : `, ${middleCut(text(incident.host), Math.max(12, Math.floor(print.width / 3)))}`
  const where = `${middleCut(text(incident.name), Math.max(20, print.width - host.length - 2))}${host}`
  const title = print.ascii(`${print.mark} ${where}`)
  const lines = [
    `${paint('mark', title.slice(0, 1))}${clip(title.slice(1), print.width - 1)}`,
    wrap(
      'when',
      `${text(incident.span)}${incident.manyKills ? `, ${text(incident.killCount)} kills${incident.pattern.id === 'single' ? '' : ` (${incident.pattern.title})`}` : ''}`,
    ),
    wrap('what', text(incident.headline)),
    wrap(
      'limit',
      `${limitWords(limit)}; ${consumer === undefined || consumer.id === 'unknown' ? 'what filled it is not in the log' : `filled by ${text(consumer.title)}`}`,
    ),
    wrap('why', text(selection?.statement)),
    wrap('after', text(consequence?.statement)),
    wrap(
      'cause',
      `${text(incident.rootCause.title)} (confidence ${incident.rootCause.confidence.word} ${incident.rootCause.confidence.shape})`,
    ),
  ]
  const action = incident.actions[0]?.items[0]
  if (action !== undefined) lines.push(wrap('next', text(action.text)))
  if (incident.evidence.length > 0) lines.push(wrap('proof', proofOf(incident, print.width - labelWidth - 2)))
  const shorter: readonly Shorter[] = [
    ...(
      [
        ['why', text(selection?.statement), text(selection?.title)],
        ['after', text(consequence?.statement), text(consequence?.title)],
      ] as const
    ).map(([label, full, title]) => ({ label, forms: [...sentencesOf(full), `${title.charAt(0).toUpperCase()}${title.slice(1)}.`] })),
    { label: 'next', forms: sentencesOf(text(action?.text)) },
    { label: 'what', forms: [`${text(incident.glance.verdict)}.`] },
  ]
  return fifteen(lines, shorter, wrap).map((line) =>
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

/** Wholes that may stand for a label's text, the fullest first. */
interface Shorter {
  readonly label: string
  readonly forms: readonly string[]
}

/** Wrapped lines count too. What is too long gives way to fewer sentences, at last to its answer in a few words; no sentence is ever cut. */
function fifteen(lines: readonly string[], shorter: readonly Shorter[], wrap: Printer['wrap']): string[] {
  const kept = [...lines]
  const rows = (line: string | undefined): number => (line ?? '').split('\n').length
  const isTooLong = (): boolean => kept.reduce((sum, line) => sum + rows(line), 0) > 15
  const most = Math.max(...shorter.map(({ forms }) => forms.length))
  for (let step = 0; step < most; step += 1)
    for (const { label, forms } of shorter) {
      const at = kept.findIndex((line) => line.startsWith(`  ${label.padEnd(labelWidth)}`))
      const form = forms[step]
      if (at < 0 || form === undefined || !isTooLong()) continue
      const line = wrap(label, form)
      if (rows(line) < rows(kept[at])) kept[at] = line
    }
  return kept
}

/** A text without its last sentence, its last two …, down to the first alone: `A. B. C.` → `A. B.`, `A.` */
function sentencesOf(text: string): string[] {
  const ends = [...text.matchAll(/[.!?](?= [A-Z`“])|;(?= )/g)].map(({ index }) => index)
  return ends.reverse().map((end) => (text[end] === ';' ? `${text.slice(0, end)}.` : text.slice(0, end + 1)))
}

function emptyLines(view: ReportView, print: Printer): string[] {
  if (view.empty === null) return []
  const collect = view.empty.elsewhere
    .slice(0, 3)
    .map(({ what, command }) => `${print.wrap('collect', plainOf(what))}\n${print.command(command.block)}`)
  return [print.ascii(plainOf(view.empty.headline)), print.wrap('read', plainOf(view.empty.read)), ...collect]
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
  const shown = report.warnings.slice(0, mostWarnings).map((text) => print.wrap('warning', firstSentences(visible(text), print.width * 3)))
  const more = report.warnings.length - mostWarnings
  return more > 0 ? [...shown, print.wrap('', `  and ${more} more warnings`)] : shown
}

const limitWords = (limit: AnswerView | undefined): string =>
  limit === undefined || limit.id === 'unknown' ? 'which limit was hit is not in the log' : plainOf(limit.title)

const clip = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`)
/** As many sentences as `most` characters take, at least one. */
const firstSentences = (text: string, most: number): string =>
  text.length <= most ? text : (sentencesOf(text).find((form) => form.length <= most) ?? sentencesOf(text).at(-1) ?? text)

/** Stands for a blank at which no line breaks; printed text holds no such character. */
const NO_BREAK = '\0'

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  const words = text.replace(blankOfFigure, NO_BREAK).split(' ')
  for (const word of words.map((one) => one.replaceAll(NO_BREAK, ' '))) {
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
