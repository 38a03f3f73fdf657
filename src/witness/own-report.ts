import { proofsIn } from './words.ts'

/** Lines from `from` to before `to`, counted from 0. */
export interface OwnSpan {
  readonly from: number
  readonly to: number
}

/** Foot of every text that `render/` writes, on a line of its own or behind the note on times. */
const FOOT = /\bMade by oom-report \d+\.\d+|^\*?Cut here to fit into a ticket; the JSON or HTML report holds the rest\.\*?$/
/** Head of the postmortem, which ended without a foot up to 0.1.0. */
const DRAFT = /^\*Status: draft, filled from logs by oom-report \d/
const END_OF_DRAFT = /^All times are UTC/
const HTML_MARK = /<meta name="generator" content="oom-report [\d.]+">/
const JSON_MARK = /"generator": ?\{\s*"name": ?"oom-report"/
/** The head of the table, of which each row is an incident. */
const CSV_HEAD = /^"?id"?,"?verdict"?,"?host"?,"?firstTime"?,/
const CSV_ROW = /^"?[0-9a-f]{8,16}"?,/
/** An incident a line, as `ndjson` and a fleet's folder hold them. */
const JSON_LINE = /^\{"id":"[0-9a-f]{8,}","verdict":|^\{"id":"[0-9a-f]{8,}","headline":"[^\n]{1,2000}"pattern":"/

/** The questions that every report answers, in md, jira, postmortem and plain text; and the headings of a page that found nothing, and of a fleet. */
const QUESTIONS = [
  /^[\s>*|_#-]*Which limit was hit\?/,
  /^[\s>*|_#-]*What filled it\?/,
  /^[\s>*|_#-]*Why did this one die\?/,
  /^[\s>*|_#-]*What came of it\?/,
  /^[\s>*|_#-]*Likely root cause/,
  /^(?:#+ |h3\. |<details><summary>)?What it would have looked like(?:<\/summary>)?$/i,
  /^(?:#+ |h3\. )?(?:Where else to look|What to collect)$/i,
  /^## Out-of-memory incidents, fleet view$/,
  /^(?:#+ |h3\. )?What is killing workloads$/,
  // the summary of a terminal
  /^ {2}limit {4}\S.*; /,
  /^ {2}cause {4}\S.*\(confidence /,
  /^ {2}proof {4}\S/,
  /^ {2}read {4,5}\S/,
  /^ {2}collect {2}\S/,
]
/** What stands between a report's headline and its questions. */
const BETWEEN =
  /^(?:(?:Host|Workloads?|Kills?|When|Pattern|Likely root cause|Verdict|Usage|Recurs)\b[^:]{0,30}: .*|DIAGNOSIS|#+ .*|h[1-6]\. .*|=== .* ===|\|.*|\*Status: draft.*|\*\*.*|_.*)$/
/** What a report of several incidents, or of none, begins with. */
const LEAD = /^(?:h2\. )?(?:\d[\d,]* incidents\b|No out-of-memory event found|Words of an out-of-memory kill were seen)/
/** A log's line at the begin of a line: a report quotes such lines behind a number or a mark, never bare. */
const BARE_LOG =
  /^(?:\[ *\d+\.\d+\] |\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ \S+: |\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* \S+ \S+: |<\d{1,3}>|\d,\d+,\d+,)/

/** Whether a whole source, of which this is the begin, is one of our documents. */
export const beginsAsOwn = (head: string): boolean =>
  (/^\s*<!DOCTYPE html>/i.test(head) && HTML_MARK.test(head.slice(0, 4000))) || (/^\s*\{/.test(head) && JSON_MARK.test(head.slice(0, 400)))

/**
 * The reports of this program inside a text. The mark alone says nothing: a span is one only where it has our structure, from its headline to its foot, and a
 * line of a log that stands bare in it is no part of it. A program can print the mark into a log; it would have to print the questions, too, and could
 * still hide no kernel line.
 */
export function ownSpans(text: string): OwnSpan[] {
  const lines = text.split('\n').map((line) => line.replace(/^(?: {0,3}>)+ ?/, '').trimEnd())
  const whole = documents(lines)
  const parts = sections(lines).filter((part) => !whole.some(({ from, to }) => part.from < to && from < part.to))
  return [...whole, ...parts.flatMap((part) => withoutLogs(lines, part))].sort((a, b) => a.from - b.from)
}

/** HTML pages and JSON, which have a begin and an end of their own. */
function documents(lines: readonly string[]): OwnSpan[] {
  const spans: OwnSpan[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const to = JSON_LINE.test(line) ? index + 1 : (csvEnd(lines, index) ?? htmlEnd(lines, index) ?? jsonEnd(lines, index))
    if (to === null) continue
    spans.push({ from: index, to })
    index = to - 1
  }
  return spans
}

function csvEnd(lines: readonly string[], from: number): number | null {
  if (!CSV_HEAD.test(lines[from] ?? '')) return null
  let end = from + 1
  while (end < lines.length && CSV_ROW.test(lines[end] ?? '')) end += 1
  return end
}

function htmlEnd(lines: readonly string[], from: number): number | null {
  if (!/^\s*<!DOCTYPE html>/i.test(lines[from] ?? '') || !lines.slice(from, from + 14).some((line) => HTML_MARK.test(line))) return null
  const end = lines.findIndex((line, index) => index > from && /<\/html>\s*$/i.test(line))
  return end === -1 ? lines.length : end + 1
}

function jsonEnd(lines: readonly string[], from: number): number | null {
  if (!(lines[from] ?? '').startsWith('{') || !JSON_MARK.test(lines.slice(from, from + 6).join('\n'))) return null
  if (lines[from] !== '{') return from + 1
  const end = lines.findIndex((line, index) => index > from && line === '}')
  return end === -1 ? lines.length : end + 1
}

/** Markdown, Jira, plain text: from the headline above the questions to the foot below them. */
function sections(lines: readonly string[]): OwnSpan[] {
  const spans: OwnSpan[] = []
  let from = 0
  for (const foot of feet(lines)) {
    const asked = lines.slice(from, foot + 1).map((line, index) => ({ at: from + index, which: QUESTIONS.findIndex((q) => q.test(line)) }))
    const known = asked.filter(({ which }) => which !== -1)
    const kinds = new Set(known.map(({ which }) => which)).size
    const first = known[0]?.at
    if (first !== undefined && kinds >= (known.some(({ which }) => which >= 5) ? 2 : 3))
      spans.push({ from: headAbove(lines, first, from), to: foot + 1 })
    from = foot + 1
  }
  return spans
}

function feet(lines: readonly string[]): number[] {
  const found = lines.flatMap((line, index) => (FOOT.test(line) ? [index] : []))
  const draft = lines.findIndex((line) => DRAFT.test(line))
  const end = draft === -1 ? -1 : lines.findIndex((line, index) => index > draft && END_OF_DRAFT.test(line))
  return end === -1 || found.includes(end) ? found : [...found, end].sort((a, b) => a - b)
}

/**
 * The headline's paragraph, above what may stand between it and the first question, or the lead above that; not above `least`, nor above a line that proves a death:
 * a person quoted it there.
 */
function headAbove(lines: readonly string[], question: number, least: number): number {
  const isBetween = (line = ''): boolean => (line === '' || BETWEEN.test(line)) && isNoProof(line)
  const isText = (line = ''): boolean => line !== '' && !BARE_LOG.test(line) && !line.startsWith('```') && isNoProof(line)
  const draft = lines.findIndex((line, index) => index >= least && index < question && DRAFT.test(line))
  let at = draft === -1 ? question : draft
  while (at > least && isBetween(lines[at - 1])) at -= 1
  const isHeaded = lines.slice(at, question).some((line) => /^(?:#|h2\. |\*\*|\*Status)/.test(line))
  while (!isHeaded && at > least && isText(lines[at - 1])) at -= 1
  for (let above = at - 1; above >= least; above -= 1) {
    if (LEAD.test(lines[above] ?? '')) return above
    // a lead of two lines
    if (!isBetween(lines[above]) && !(LEAD.test(lines[above - 1] ?? '') && isText(lines[above]))) break
  }
  return at
}

const isNoProof = (line: string): boolean => proofsIn(line).length === 0

function withoutLogs(lines: readonly string[], span: OwnSpan): OwnSpan[] {
  const spans: OwnSpan[] = []
  let from = span.from
  for (let index = span.from; index < span.to; index += 1) {
    if (!BARE_LOG.test(lines[index] ?? '')) continue
    if (index > from) spans.push({ from, to: index })
    from = index + 1
  }
  if (from < span.to) spans.push({ from, to: span.to })
  return spans
}
