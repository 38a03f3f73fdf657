import type { TextLine } from './text-line.ts'
import { reachOf } from './whole-message.ts'

/** The kernel's stamp behind what a break became: a blank, a bar, a lone carriage return, U+2028. `… order=0 [ 8123.100010] CPU: 3`. */
const begin = /(?:[\r\v\f\u0085\u2028\u2029]{1,16}|[ \t]{1,16}(?:[|·•][ \t]{1,16})?)(?=\[ {0,5}(?<stamp>\d{1,10}\.\d{6})\] )/g
/** Fewer stamps on a line are no report whose breaks were lost. */
const FEWEST = 4
/** Messages with a path in them, whose author may have written a stamp into it, and how each ends when it is whole. */
const holdsPath = /oom-kill:|Memory cgroup stats for|Tasks? in \/|cpuset=/
const ends =
  /(?:,uid=\d+|:|memory\.oom\.group set|mems_allowed=[\d,-]+|limit of \/\S+|cache:\d+KB .*|\b[a-z_]{1,64} \d+|oom_(?:score_)?adj=-?\d+)\s*$/

export const hasLostBreaks = (text: string): boolean =>
  /\[ {0,5}\d{1,10}\.\d{6}\] [^\n]{1,400}[\s|]\[ {0,5}\d{1,10}\.\d{6}\] /.test(text) || glued.test(text)

/** The begin of a message that proves a death, behind the end of another: `…,uid=0 Out of memory: Killed process 7 (a) …`. */
const message = String.raw`(?:oom-kill:constraint=|Memory cgroup out of memory: Kill|Out of memory: Kill|Killed process \d|oom_reaper: reaped)`
const uptime = String.raw`(?:\[ {0,5}\d{1,10}\.\d{6}\] )?`
/** A whole syslog line's front tells of the break by itself: `…,uid=0Nov 24 06:38:45 n7 kernel: …`. */
const syslog = String.raw`(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d)) [\w.-]{1,64} kernel: {1,2}${uptime}`
const gap = String.raw`(?:[ \t]{1,16}(?:[|·•;,/][ \t]{1,16})?(?=${uptime}${message})|[ \t]{0,16}(?=${syslog}${message}))`
const glued = new RegExp(String.raw`(?:uid=\d{1,10}|kB|oom_score_adj:-?\d{1,4}|sacrifice child)${gap}`)
const between = new RegExp(gap, 'g')
const begins = new RegExp(message)

/** Whole messages on one line. A path may hold the words of another message; then what stands around it is no whole one. */
function messagesOf(text: string): readonly string[] | null {
  if (!glued.test(text)) return null
  const pieces = text.split(between).reduce<string[]>((all, piece) => {
    const open = all.at(-1)
    // `Out of memory: Killed process` is one: its own words are no second begin.
    if (open !== undefined && !isWhole(open)) all[all.length - 1] = `${open} ${piece}`
    else all.push(piece)
    return all
  }, [])
  return pieces.length > 1 && pieces.every(isWhole) ? pieces : null
}

const isWhole = (piece: string): boolean => {
  const at = piece.search(begins)
  return at !== -1 && reachOf(piece.slice(at).trimEnd()) === 'whole'
}

/** Lines that a chat or an editor made one of, apart again. */
export const withoutLostBreaks = (lines: readonly TextLine[]): TextLine[] =>
  lines.flatMap((line) => piecesOf(line.text).map((text) => ({ ...line, text })))

function piecesOf(text: string): readonly string[] {
  const messages = messagesOf(text)
  if (messages !== null) return messages
  const cuts = [...text.matchAll(begin)]
  if (cuts.length + 1 < FEWEST) return [text]
  const stamps = cuts.map(({ groups }) => Number(groups?.['stamp']))
  if (stamps.some((stamp, at) => stamp < (stamps[at - 1] ?? 0))) return [text]
  const pieces = cuts.map((cut, at) => text.slice(at === 0 ? 0 : startOf(cuts[at - 1]), cut.index))
  if (pieces.some((piece) => holdsPath.test(piece) && !ends.test(piece))) return [text]
  return [...pieces, text.slice(startOf(cuts.at(-1)))]
}

const startOf = (cut: RegExpExecArray | undefined): number => (cut === undefined ? 0 : cut.index + cut[0].length)
