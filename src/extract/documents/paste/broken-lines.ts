import { JOINED } from './clean-lines.ts'
import { commandOf } from './commands.ts'
import { LOG_LINE } from './describe-layout.ts'

/** What only a described pod, or the YAML of one, has. */
const OPENS =
  /^\s*(?:- )?(?:Name|Namespace|Containers|Container ID|Last State|apiVersion|metadata|containerStatuses|containerID|lastState):(?:\s|$)/
/** `Key: value`, `- key:`, `key=value`, a row of events or of a table's head: what such a document's own line begins with. */
const OWN =
  /^\s*(?:(?:- )*(?:"[^"]{1,120}"|'[^']{1,120}'|[A-Za-z_][\w.()/-]{0,120}(?: [\w()]{1,30}){0,3}):(?:\s|$)|- \S|[A-Za-z_][\w./-]{0,120}=|(?:Normal|Warning)\s+[A-Z]\w+\s|Type\s+\S|-{2,}(?:\s|$)|[{}[\]])/
/** A row of a table within a description: `  shop        small-1   100m (1%)`, `  memory   14608Mi (94%)`. */
const INNER_ROW = /^ {2,}[A-Za-z][\w./-]{0,252} {2,}\S/
/** Tables of `kubectl get`, whole or by grep, whose own lines are known by their first cells. */
interface TableShape {
  readonly opens: RegExp
  readonly own: RegExp
  /** Its rows are read by their words where the columns of its head are lost. */
  readonly head?: RegExp
  /** How its lines end where nothing more need follow, and how what may follow then begins. */
  readonly end?: RegExp
  readonly more?: RegExp
}
const TABLES: readonly TableShape[] = [
  {
    head: /^(?:NAMESPACE\s+)?LAST SEEN\s/,
    opens:
      /^(?:NAMESPACE\s+)?LAST SEEN\s+(?:TYPE|FIRST)\b|^(?:[a-z0-9][\w.-]{0,62}\s+)?(?:\d+[ysmhd]){1,3}(?: \(x\d+ over \w+\))?\s+(?:Normal|Warning)\s+[A-Z]\w+\s/,
    own: /^(?:(?:NAMESPACE\s+)?LAST SEEN\s|(?:[a-z0-9][\w.-]{0,62}\s+)?(?:<unknown>|(?:\d+[ysmhd]){1,3})\s)/,
  },
  {
    opens:
      /^(?:NAMESPACE\s+)?NAME\s+READY\s+STATUS\b|^(?:[a-z0-9][\w.-]{0,62}\s+)?[a-z0-9][\w./-]{0,252}\s+\d+\/\d+\s+(?:Init:)?[A-Z]\w+\s/,
    own: /^(?:(?:NAMESPACE\s+)?NAME\s|(?:[a-z0-9][\w.-]{0,62}\s+)?[a-z0-9][\w./-]{0,252}\s+\d+\/\d+\s)/,
    // `-o wide`: IP, NODE, NOMINATED NODE, READINESS GATES; `--show-labels`
    end: /\s(?:AGE|(?:\d+[ysmhd]){1,3})$/,
    more: /^\s*(?:IP|NODE|NOMINATED|READINESS|LABELS|<none>|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:]{1,40}|[\w./-]{1,300}=\S*)(?:\s|$)/,
  },
]
/** The head of a table, of whatever: `USER  PID %CPU`, `NAME  READY`. */
const CAPITALS = /^[A-Z][A-Z%/()-]+(?:\s+[A-Z%][A-Z%/()-]*)+\s*$/
/** What another document that follows a table at once begins with. */
const OTHER =
  /^(?:\s*(?:kind|status|phase|state|reason|Roles|Labels|Status|Events|Conditions):(?:\s|$)|[{[]|\w+=\S+ \w+=|[\u25cf\u25cb\u00d7] \S)/
const FENCE = /^\s*(?:```|~~~)/
/** What viewers put before the rest of a line. */
const ARROW = /^\s*[\u21aa\u2937\u21b3\u21b5\u23ce]\s?/
/** Narrower texts are not broken at a column. */
const NARROWEST = 40
/** A word so long is an id or a path: nothing stood where it was cut. */
const LONG_WORD = 20

const indentOf = (line: string): number => line.search(/\S|$/)
const firstWord = (line: string): number => /^\s*(?<word>\S*)/.exec(line)?.groups?.['word']?.length ?? 0
const lastWord = (line: string): number => line.length - 1 - line.lastIndexOf(' ')

interface Place {
  readonly from: number
  readonly to: number
  /** `null`: it is no table. */
  readonly table: TableShape | null
}

/**
 * Puts the lines of descriptions and YAML together again that a mail, a ticket or a terminal broke: the rest of a line is no line of such a document, does not
 * stand deeper than what it belongs to, and would not have fitted above. `null`: none was broken. What was put to another line is `JOINED`.
 */
export function withoutBreaks(lines: readonly string[]): readonly string[] | null {
  const out = lines.map((line) => line.trimEnd())
  let joined = false
  for (const place of documentsIn(lines)) joined = joinedIn(lines, out, place) || joined
  return joined ? out : null
}

/** The same with `null` in the place of what was put to another line. */
export const rejoined = (lines: readonly string[]): readonly (string | null)[] | null =>
  withoutBreaks(lines)?.map((line) => (line === JOINED ? null : line)) ?? null

/** Runs of lines from the first that opens a document to one that is none of it. */
function* documentsIn(lines: readonly string[]): Generator<Place> {
  let from = -1
  let table: TableShape | null = null
  for (let at = 0; at <= lines.length; at += 1) {
    const line = lines[at]
    if (from !== -1 && (line === undefined || isOutside(line) || (table !== null && endsTable(table, line, lines[at - 1] ?? '')))) {
      yield { from, to: at, table }
      from = -1
    }
    if (from !== -1 || line === undefined || isOutside(line)) continue
    table = TABLES.find(({ opens }) => opens.test(line)) ?? null
    if (table !== null || OPENS.test(line)) from = at
  }
}

/** A log's line, a fence, what was typed. */
const isOutside = (line: string): boolean => (LOG_LINE.test(line) && !line.startsWith('{')) || FENCE.test(line) || commandOf(line) !== null

const endsTable = (table: TableShape, line: string, before: string): boolean =>
  line.trim() === '' ||
  (!table.own.test(line) &&
    (OPENS.test(line) ||
      OTHER.test(line) ||
      TABLES.some(({ opens }) => opens.test(line)) ||
      (CAPITALS.test(line) && !CAPITALS.test(before))))

function joinedIn(lines: readonly string[], out: string[], { from, to, table }: Place): boolean {
  // A word that is longer than the column stands by itself.
  const widest = lines.slice(from, to).reduce((most, line) => (/\S\s+\S/.test(line) ? Math.max(most, line.length) : most), 0)
  if (widest < NARROWEST) return false
  const isOwn: IsOwn = table === null ? ownIn(lines.slice(from, to)) : (line) => table.own.test(line)
  const rests: { readonly at: number; readonly open: number }[] = []
  let open = -1
  for (let at = from; at < to; at += 1) {
    const line = lines[at] as string
    if (open !== -1 && isRest(lines[open] as string, lines[at - 1] as string, line, widest, isOwn, table)) rests.push({ at, open })
    else open = line.trim() === '' ? -1 : at
  }
  const cuts = rests.filter(({ at }) => lines[at - 1]?.length === widest).length
  const isCut = cuts > 1 && cuts >= rests.length * 0.8
  for (const rest of rests) join(lines, out, rest, isCut ? 0 : widest)
  if (rests.length > 0 && table?.head?.test(lines[from] as string) === true) out[from] = JOINED
  return rests.length > 0
}

/** `column`: where a long word was cut in a text that was broken at blanks; 0: all lines were cut as they came. */
function join(lines: readonly string[], out: string[], { at, open }: { readonly at: number; readonly open: number }, column: number): void {
  const [above, before, line] = [out[open] as string, lines[at - 1] as string, lines[at] as string]
  const tight = column === 0 || ARROW.test(line) || (before.length === column && lastWord(before) >= LONG_WORD)
  const blanks = before.slice(before.trimEnd().length)
  out[open] = tight ? `${above}${blanks}${line.replace(ARROW, '')}`.trimEnd() : `${above} ${line.trim()}`
  out[at] = JOINED
}

type IsOwn = (line: string) => boolean

/** In a description that kept its indentation only keys with a capital stand at the left edge: `set: cpu` is the rest of a sentence. */
function ownIn(lines: readonly string[]): IsOwn {
  const edge = Math.min(...lines.flatMap((line) => (/^\s*(?:Name|Namespace|Node|Containers):/.test(line) ? [indentOf(line)] : [])))
  const isIndented = lines.some((line) => /^\s*(?:Container ID|Image|State):/.test(line) && indentOf(line) > edge)
  const isRow: IsOwn = (line) =>
    INNER_ROW.test(line) || CAPITALS.test(line) || TABLES.some(({ opens, own }) => opens.test(line) || own.test(line))
  return (line) => (OWN.test(line) && !(isIndented && indentOf(line) <= edge && /^\s*[a-z][\w./-]*: /.test(line))) || isRow(line)
}

function isRest(own: string, before: string, line: string, widest: number, isOwn: IsOwn, table: TableShape | null): boolean {
  if (line.trim() === '') return false
  if (ARROW.test(line)) return true
  if (isOwn(line) || (table?.end?.test(before.trimEnd()) === true && table.more?.test(line) !== true)) return false
  const isFull = before.length >= widest
  const deepest = isOwn(own) ? indentOf(own) : indentOf(own) - 1
  if (table === null && indentOf(line) > deepest && !(isFull && indentOf(line) <= 2)) return false
  return isFull || before.trimEnd().length + (table === null ? lostBlanks(before) : LOST) + firstWord(line) > widest
}

/** What stood at the break: one blank, or those that set a value or a cell in its column. */
const lostBlanks = (before: string): number => (/(?::|\S {3,}\S+)\s*$/.test(before) ? LOST : 1)
const LOST = 16
