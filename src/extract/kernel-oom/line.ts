import type { Quote } from '../../model/origin.ts'
import type { LogRecord, Writer } from '../../model/record.ts'
import type { Moment } from '../../model/stamp.ts'

/** One line of a record's text, with the physical line(s) that it stands on. */
export interface TextLine {
  readonly text: string
  readonly quotes: readonly Quote[]
  readonly moment: Moment
  readonly caller: string | null
  readonly writer: Writer
  /** Lines of one record share it: a newline between them may belong to a name. */
  readonly record: LogRecord
}

// `** 40 printk messages dropped ** [ 12.3] text`: older kernels glued the next message on.
const droppedMark = /^\*\* \d+ printk messages? dropped \*\*\s*(?:\[\s*\d+\.\d+\]\s?)?/

/** Cuts a record into its lines. Wrappings that keep a record on one physical line quote it whole for each of them. */
export function linesOf(record: LogRecord): readonly TextLine[] {
  if (record.lineCount === 1 && !record.message.includes('\n') && !record.raw.includes('\n')) return [lineOf(record)]
  const parts = record.message.includes('\n') ? record.message.split('\n') : [record.message]
  const raws = record.raw.includes('\n') ? record.raw.split('\n') : [record.raw]
  const broken = parts.length === 1 && isBroken(raws, record.message)
  return parts.map((part, k) => ({
    text: withoutMark(part.endsWith('\r') ? part.slice(0, -1) : part),
    quotes: broken ? raws.map((_, at) => quoteAt(record, raws, at)) : [quoteOf(record, raws, part, k, parts.length)],
    moment: record.moment,
    caller: record.caller,
    writer: record.writer,
    record,
  }))
}

/** The same for a record of one line, as nearly all are. */
function lineOf(record: LogRecord): TextLine {
  const { message, moment, caller, writer, raw } = record
  const { source, line, offset, cursor } = record.origin
  const text = withoutMark(message.endsWith('\r') ? message.slice(0, -1) : message)
  return { text, quotes: [{ source, line, offset, cursor, text: raw }], moment, caller, writer, record }
}

const withoutMark = (text: string): string => (text.startsWith('**') ? text.replace(droppedMark, '') : text)

/**
 * One text on several physical lines, which a terminal or a mail program broke: none of them says it alone. Its beginning stands on the first and its end on the
 * last; what is between may be written otherwise (a mail's `=3D`).
 */
function isBroken(raws: readonly string[], message: string): boolean {
  const text = message.trim()
  const [first, last] = [raws[0], raws.at(-1)]
  if (raws.length < 2 || text === '' || first === undefined || last === undefined || raws.some((raw) => raw.includes(text))) return false
  return (
    (first.includes(text.slice(0, 12)) && last.includes(text.slice(-3))) ||
    [raws.join(''), raws.map((raw) => raw.trim()).join(' ')].some((whole) => whole.includes(text))
  )
}

function quoteOf(record: LogRecord, raws: readonly string[], part: string, k: number, count: number): Quote {
  return quoteAt(record, raws, raws.length === 1 ? 0 : raws.length === count ? k : placeOf(raws, part))
}

function quoteAt(record: LogRecord, raws: readonly string[], at: number): Quote {
  const { origin } = record
  const line = origin.line === null || raws.length !== record.lineCount ? origin.line : origin.line + at
  const { source, cursor } = origin
  return { source, line, offset: at === 0 ? origin.offset : null, cursor, text: raws[at] ?? record.raw }
}

/** Records of many physical lines that are fields (verbose, export): the one that holds the text. */
function placeOf(raws: readonly string[], part: string): number {
  const start = part.trim().slice(0, 60)
  const at = start === '' ? -1 : raws.findIndex((raw) => raw.includes(start))
  return Math.max(at, 0)
}

// The last component of a cloud's log name; `messages` and `syslog` name a file, not a speaker.
const kernelTag = /^(?:.*\/)?(?:kernel|klogd|vmunix|kmsg|dmesg|linux|Guest|kern(?:\.\w+)?|syslog|messages|journal|console)(?:\[\d*\])?:?$/i

/**
 * Whether a record can be the kernel's own. A program that quotes a kernel line (node-problem-detector, an agent) has another tag; journalctl
 * shows what programs wrote to /dev/kmsg as `unknown`.
 */
export function isKernelRecord(record: LogRecord): boolean {
  if (record.writer === 'userspace') return false
  // Read apart from the kernel's own lines, to say what the container printed (by-writer.ts).
  if (record.writer === 'container') return true
  const { writer, identifier } = record
  return writer === 'kernel' || identifier === null || identifier === 'kernel' || kernelTag.test(identifier)
}

export const isTimeless = ({ uptimeUs, wall }: Moment): boolean => uptimeUs === null && wall === null

/** µs between two moments on the kernel's clock, else on the wall clock as printed; `null` when they share neither. */
export function elapsedUs(from: Moment, to: Moment): number | null {
  if (from.uptimeUs !== null && to.uptimeUs !== null) return to.uptimeUs - from.uptimeUs
  const [a, b] = [from.wall, to.wall]
  if (a === null || b === null) return null
  if (a.epochUs !== null && b.epochUs !== null) return b.epochUs - a.epochUs
  return a.localUs !== null && b.localUs !== null ? b.localUs - a.localUs : null
}
