import { isReportLine } from './kernel-line.ts'
import type { TextLine } from './text-line.ts'

/** A line's end as programs write it into a string, once or several times over: `\n`, `\\n`, `\r\n`. */
const ends = /(?:\\{1,8}r)?\\{1,8}n/g
const point = /\\{1,8}u(?<hex>[0-9a-fA-F]{4})/g
/** Signs that Markdown's writers escape: `\(java\)`, `oom\_score\_adj`, `\[ 12.3\]`. Systemd's `\x2d` is none. */
const sign = /\\{1,8}(?=[()[\]_*.#:~=+,!<>"'/-])/g
const any = /\\(?:u[0-9a-fA-F]{4}|n(?=[^\n]{0,64}(?:oom|kill|[Mm]emory|\[ {0,5}\d))|[()[\]_"])/
/** Messages with a path in them, whose author may have written the words of another into it, and how each ends when it is whole. */
const holdsPath = /oom-kill:|Memory cgroup stats for|Tasks? in \/|cpuset=/
const endsWhole =
  /(?:[,;]uid=\d+|:|memory\.oom\.group set|mems_allowed=[\d,-]+|limit of \/\S+|cache:\d+KB .*|\b[a-z_]{1,64} \d+|oom_(?:score_)?adj=-?\d+)["'\s]*$/

export const hasEscapes = (text: string): boolean => any.test(text)

/** Lines of a report that stand as a program's string: with its escapes, and with its quotes where it held several lines. */
export const withoutEscapes = (lines: readonly TextLine[]): TextLine[] =>
  lines.flatMap((line) => (line.text.includes('\\') ? unescaped(line) : [line]))

function unescaped(line: TextLine): TextLine[] {
  const spelled = line.text.replace(point, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const pieces = spelled.split(ends).map((piece) => piece.replaceAll(/\\{1,8}t/g, '\t').replace(sign, ''))
  const isCut = pieces.slice(0, -1).some((piece) => holdsPath.test(piece) && !endsWhole.test(piece))
  const own = isCut ? [spelled.replace(sign, '')] : pieces
  if (!own.some((piece) => isReportLine(piece)) || program.test(own[0] ?? '')) return [line]
  return unquoted(own).map((text) => ({ ...line, text, encoded: line.text.length > 4_000 }))
}

/** Statements, commands and prompts: what stands between their quotes is their author's text. */
const program = /^\s*(?:(?:export|const|let|var|return|static|final)\s|[\w.]+ ?= ?["'`]|[$#>%] |(?:echo|printf?|assert\w*|logger)\b)/
/** What stands before a string of several lines: its quote, its name. */
const open = /^\s{0,8}[{[]?\s{0,8}(?:["']?[\w.-]{1,40}["']?\s?:\s?)?["']{1,4}/
const close = /["'][\s}\],"']{0,16}$/

function unquoted(pieces: readonly string[]): readonly string[] {
  if (pieces.length === 1) return pieces
  const isQuoted = open.test(pieces[0] ?? '')
  return pieces
    .map((piece, at) => (at === 0 ? piece.replace(open, '') : isQuoted && at === pieces.length - 1 ? piece.replace(close, '') : piece))
    .filter((piece) => piece.trim() !== '')
}
