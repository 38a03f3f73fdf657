import type { FormatContext, Line, LineDecoder, LineFormat } from '../../formats/define-format.ts'
import { openFronts } from '../../formats/fronts/index.ts'
import type { LogRecord } from '../../model/record.ts'
import type { Warning } from '../../model/warning.ts'
import { reasonOf, warning } from '../../warnings.ts'
import type { ScanTools } from '../tools.ts'

/** Turns taken lines into records, and finds another wrapping where the present one refuses them: files are mixed and concatenated. */
export interface Unwrapper {
  /** `earlier` gives the untaken lines right before this one, for wrappings whose record begins above it. */
  push(line: Line, holdsLiteral: boolean, earlier: () => readonly Line[]): void
  /** Lines are skipped from here on: give out what is held back. */
  flush(): void
  /** The present wrapping must be read in full. */
  wantsAll(): boolean
  /** Id of the format that decoded most lines. */
  formatId(): string
}

interface Opened {
  readonly format: LineFormat
  readonly decoder: LineDecoder
  lines: number
}

/** Wrappings kept open at once in a file that mixes them. */
const OPENED = 8
/** After so many fruitless detections in a row only lines that hold a literal are worth one. */
const FRUITLESS = 64

export function openUnwrapper(
  tools: ScanTools,
  context: FormatContext,
  head: readonly string[],
  take: (record: LogRecord) => void,
  warn: (warning: Warning) => void,
): Unwrapper {
  const fronts = openFronts(take)
  const emit = fronts.push
  const opened: Opened[] = []
  const retired = new Map<string, number>()
  let fruitless = 0
  let plainLines = 0

  const open = (format: LineFormat): Opened => {
    const entry: Opened = { format, decoder: format.decoder(context), lines: retired.get(format.id) ?? 0 }
    opened.unshift(entry)
    const oldest = opened.length > OPENED ? opened.pop() : undefined
    if (oldest !== undefined) retired.set(oldest.format.id, oldest.lines)
    return entry
  }
  const accepts = (entry: Opened, line: Line): boolean => {
    if (!entry.decoder.push(line, emit)) return false
    entry.lines += 1
    if (opened[0] === entry) return true
    opened.splice(opened.indexOf(entry), 1)
    opened.unshift(entry)
    return true
  }
  const detect = (lines: readonly Line[]): LineFormat | null => {
    const texts = lines.map((line) => line.text)
    const format = tools.detectFormat(texts)
    return format !== null && (format.sniff(texts) === 'strong' || opened.length === 0) ? format : null
  }
  /** A wrapping that claims this line, or the run of lines that ends with it, strongly. */
  const change = (line: Line, earlier: () => readonly Line[], believable = (_: LineFormat): boolean => true): boolean => {
    const run = foreignRun(opened[0]?.format, [...earlier(), line])
    const format = detect(run) ?? (run.length > 1 ? detect([line]) : null)
    if (format === null || format === opened[0]?.format || !believable(format)) return false
    const known = opened.find((entry) => entry.format === format) ?? open(format)
    const lines = format.framing === 'all' ? run : [line]
    return lines.map((each) => accepts(known, each)).some(Boolean)
  }

  const forced = tools.formats.find((format) => format.id === tools.inputFormat)
  const first = forced ?? tools.detectFormat(head)
  if (first !== null) open(first)
  /** What was claimed weakly may be prose above a pasted log: a strong claim on a single line goes first. */
  const tentative = forced === undefined && (first === null || first.sniff(head) !== 'strong')
  /** A row of a table may look like a line with damage in front; what the table claims, even weakly, is its own. */
  const undamaged = (format: LineFormat): boolean =>
    first === null || first.id === 'plain' || first.id === 'learned' || tools.formats.includes(format)

  /** Tries the wrapping in use, then those seen before in this file, then a new one. */
  const pushed = (line: Line, worthwhile: boolean, earlier: () => readonly Line[]): boolean => {
    if (
      tentative &&
      opened[0]?.format === (first ?? undefined) &&
      worthwhile &&
      !fronts.knows(line.text) &&
      change(line, () => [], undamaged)
    )
      return true
    const current = opened[0]
    if (current !== undefined && accepts(current, line)) return true
    if (line.text.trim() === '') return true
    current?.decoder.flush(emit)
    if (opened.slice(1).some((entry) => entry.format.framing === 'lines' && accepts(entry, line))) return true
    return worthwhile && change(line, earlier)
  }

  const pushLine: Unwrapper['push'] = (line, holdsLiteral, earlier) => {
    const worthwhile = forced === undefined && (holdsLiteral || fruitless < FRUITLESS)
    if (pushed(line, worthwhile, earlier)) {
      if (!tentative || opened[0]?.format !== first) fruitless = 0
      else fruitless += 1
      return
    }
    fruitless += 1
    plainLines += 1
    emit(plainRecord(context, line))
  }

  let told = false
  /** A wrapping that throws costs this line its front, not the source its rest. */
  const guarded = (line: Line | null, step: () => void): void => {
    try {
      step()
    } catch (error) {
      const reader = opened[0]?.format.id ?? 'formats'
      if (!told) warn(warning('reader-failed', context.source, line?.number ?? null, { reader, reason: reasonOf(error) }))
      told = true
      opened.length = 0
    }
  }

  return {
    push: (line, holdsLiteral, earlier) => guarded(line, () => pushLine(line, holdsLiteral, earlier)),
    flush: () =>
      guarded(null, () => {
        opened[0]?.decoder.flush(emit)
        fronts.flush()
      }),
    wantsAll: () => opened[0]?.format.framing === 'all' || fronts.holding,
    formatId() {
      const counts = new Map(retired)
      for (const entry of opened) counts.set(entry.format.id, entry.lines)
      const [best] = [...counts].sort((a, b) => b[1] - a[1])
      if (best?.[0] === 'plain' && fronts.count >= best[1] / 4) return 'learned'
      return best === undefined || best[1] === 0 || best[1] < plainLines / 4 ? (first?.id ?? 'unknown') : best[0]
    },
  }
}

/** The last of `lines` with those before it that the present format does not claim. */
function foreignRun(format: LineFormat | undefined, lines: readonly Line[]): readonly Line[] {
  if (format === undefined) return lines
  const last = lines.findLastIndex((line, index) => index < lines.length - 1 && format.sniff([line.text]) !== 'none')
  return lines.slice(last + 1)
}

/** A line of no known wrapping: its text is all that is known. */
function plainRecord(context: FormatContext, line: Line): LogRecord {
  return {
    origin: { source: context.source, line: line.number, offset: line.offset, cursor: null },
    raw: line.text,
    lineCount: 1,
    message: line.text,
    moment: { wall: null, outerWall: null, uptimeUs: null },
    writer: 'unknown',
    identifier: null,
    pid: null,
    host: context.host,
    bootId: null,
    unit: null,
    severity: null,
    caller: null,
    fields: {},
  }
}
