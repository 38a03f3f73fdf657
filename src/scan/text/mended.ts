import type { TextLine } from '../../formats/damage/paste/index.ts'
import { reportsRunBackwards, turnedLines } from '../../formats/report-order.ts'
import { changed } from '../../model/changed.ts'
import type { Event } from '../../model/event.ts'
import type { SourceEvidence } from '../../model/evidence.ts'
import { holdsAny } from '../../text/latin1.ts'
import { sightingsIn } from '../../witness/index.ts'
import { bytesText } from './line-text.ts'

/** Words of which every report has one, whatever was done to it; an encoded mail has its head. Nothing else is looked at where none stands. */
const WORDS = ['oom', 'OOM', 'ill process', 'Killed', 'total-vm', 'f memory', 'base64', 'vict', 'sending SIG']
/** Nor do these words stand in what is encoded as a whole: `\\u004b`, `&#75;`, or base64, of a report (`Wy` is `[`) or of gzip. */
const ENCODED =
  /\\u00[4-7][0-9a-f](?:\\u00|[a-z])|&#(?:x[4-7][0-9a-f]|\d{2,3});&#|^\s{0,8}[A-Za-z0-9+/]{60,76}={0,2}\s*$|(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{76}/im

/**
 * Signs of damage in a text: a mail's head, encodings, tags and entities, foreign blanks, quoting, arrows; and a line that begins like none in a log, or indented behind one
 * that does, where it may be the rest of the one before; two stamps on one.
 */
const SIGNS =
  /^\{\\rtf\d|^content-(?:type|transfer-encoding):|=3D|[^=\s]=\r?$|\\(?:[nr]|u00|[()[\]_])|^ *- "|\S<\/\w[\w:.-]{0,40}>\s*$|&(?:lt|gt|amp|quot|nbsp|#\d)|<(?:html|body|div|p|pre|table|br|span|ul|ol|li|code)\b|[\u00a0\u2000-\u2015\u2018-\u201f\u202f\u21aa\u2937\u3000\ufeff\uff01-\uff5e]|[\r\v\f\u0085\u2028\u2029](?=[^\r\n])|\[ *\d+\.\d{6}\][^\n]{1,400}?[ |]\[ *\d+\.\d{6}\] |(?:uid=\d{1,10}|kB|oom_score_adj:-?\d{1,4}|sacrifice child)(?:[ \t]+(?:[|·•;,/][ \t]+)?(?:\[ *\d+\.\d{6}\] )?|[ \t]*[A-Z\d][^\n]{10,100}? kernel: +(?:\[ *\d+\.\d{6}\] )?)(?:oom-kill:|Memory cgroup out|Out of memory:|Killed process|oom_reaper:)|^>|^[ \t]*\| |^[ \t]{1,8}[*•◦▪‣] |\{(?:code|noformat|quote)[:}]|\[\/?(?:code|quote)[\]=]|\[\d{1,3}(?:;\d{1,3})*m|^(?![[\s<{"]|\d{4}[-/]|[A-Z][a-z]{2} [ \d]\d \d\d:|[IWEF]\d{4} |time=|level=)\S|(?:\d\d:\d\d:\d\d|\[ *\d+\.\d{6}\])[^\n]{20,400}\n[ \t]{1,9}\S/im

/** The lines of a small text with its damage undone, or `null`: nothing is wrong with it. What is encoded as a whole is looked for where it was given by itself. */
export async function mendedLines(bytes: Uint8Array, isGiven: boolean): Promise<readonly TextLine[] | null> {
  if (!holdsAny(bytes, WORDS) && !(isGiven && ENCODED.test(bytesText(bytes)))) return null
  const text = bytesText(bytes)
  if (isJson(text)) return null
  const isTurned = reportsRunBackwards(text)
  if (!isTurned && !SIGNS.test(text)) return null
  const { mendedText, physicalLines } = await import('../../formats/damage/paste/index.ts')
  const { rejoined } = await import('../../extract/documents/paste/broken-lines.ts')
  const lines = await mendedText(text, rejoined)
  return isTurned ? turnedLines(lines ?? physicalLines(text)) : lines
}

/** JSON has its own readers, which undo its own escapes. */
const isJson = (text: string): boolean => /^\s*[{[]\s*[{"\]]/.test(text)

/** Whether a text holds any word of a report or of a death at all. */
export function mayTell(bytes: Uint8Array): boolean {
  return holdsAny(bytes, JSON_WORDS)
}

/** What documents tell of deaths is looked for in strings as well. */
const JSON_WORDS = [...WORDS, 'Evicted', 'OOMKill', 'sending SIG']

/** The lines of the strings in a small JSON that no reader made anything of, or `null`: it is none, or none of its strings is a report's. */
export async function jsonLines(bytes: Uint8Array): Promise<readonly TextLine[] | null> {
  if (!mayTell(bytes)) return null
  const text = bytesText(bytes)
  if (!isJson(text)) return null
  const { mendedJson } = await import('../../formats/damage/paste/index.ts')
  return mendedJson(text)
}

export const mendedBytes = (lines: readonly TextLine[]): Uint8Array =>
  new TextEncoder().encode(lines.map(({ text }) => `${text}\n`).join(''))

/** Evidence from mended lines, with places and quotes as they stand in the file. */
export function relocated(evidence: SourceEvidence, lines: readonly TextLine[], bytes: Uint8Array): SourceEvidence {
  const physical = bytesText(bytes).split('\n')
  if (physical.at(-1) === '') physical.pop()
  const offsets = offsetsOf(bytes)
  const { source } = evidence
  /** The physical lines of a place, first to last. */
  const placed = (value: Placed): readonly Placed[] => {
    const mended = value.line === null ? undefined : lines[value.line - 1]
    if (mended === undefined) return [value]
    if (mended.encoded === true) return [{ ...value, line: null, ...('offset' in value ? { offset: null } : {}) }]
    const at = (index: number): Placed => ({
      ...value,
      line: index + 1,
      ...('offset' in value ? { offset: offsets[index] ?? null } : {}),
      ...('text' in value ? { text: withoutReturn(physical[index] ?? '') } : {}),
    })
    return Array.from({ length: 'text' in value ? mended.to - mended.from : 1 }, (_, k) => at(mended.from + k))
  }
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value.flatMap((item: unknown) => (isPlaced(item, source.name) ? placed(item).map(inner) : [walk(item)]))
    if (isPlaced(value, source.name)) return inner(telling(placed(value)))
    return inner(value)
  }
  const inner = (value: unknown): unknown =>
    isData(value) ? changed(value, Object.fromEntries(Object.entries(value).map(([key, own]) => [key, walk(own)]))) : value
  const doubted = { ...evidence, source: null, events: evidence.events.map((event) => withDoubt(event, lines)) }
  return {
    ...(inner(doubted) as SourceEvidence),
    source: { ...source, lines: physical.length, bytes: bytes.length },
  }
}

/** A report of which a line was put together by a guess is not sure: its parts may not be what they were. */
function withDoubt(event: Event, lines: readonly TextLine[]): Event {
  if (event.kind !== 'kernel-oom' || event.dump.kills.length === 0 || event.dump.doubts.includes('torn')) return event
  const isGuessed = event.dump.excerpt.some(({ line }) => line !== null && lines[line - 1]?.guessed === true)
  return isGuessed ? { ...event, dump: changed(event.dump, { doubts: [...event.dump.doubts, 'torn'] }) } : event
}

/** Of several lines the one that says it: what a front stands alone on tells nobody anything. */
const telling = (places: readonly Placed[]): Placed =>
  (places.length > 1 ? places.find(({ source, text }) => sightingsIn(source, text ?? '').length > 0) : undefined) ?? (places[0] as Placed)

/** A plain object, or one that shares fields as its prototype; a `Map` or a pattern has no places in it. */
function isData(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const shared = Object.getPrototypeOf(value) as object | null
  return shared === Object.prototype || (shared !== null && !Object.hasOwn(shared, 'constructor'))
}

/** A quote, an origin, or what else names a line of its source. */
interface Placed {
  readonly source: string
  readonly line: number | null
  readonly text?: string
}

const isPlaced = (value: unknown, source: string): value is Placed =>
  typeof value === 'object' &&
  value !== null &&
  'source' in value &&
  value.source === source &&
  'line' in value &&
  typeof value.line === 'number'

const withoutReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text)

/** Where each line begins, in bytes. */
function offsetsOf(bytes: Uint8Array): number[] {
  const offsets = [0]
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) offsets.push(at + 1)
  return offsets
}
