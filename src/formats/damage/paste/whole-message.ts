import type { LineStarts } from './line-starts.ts'
import type { TextLine } from './text-line.ts'

/** Messages that prove a death (mm/oom_kill.c of all eras), as far as they are the same in each. */
const kills = [
  'Memory cgroup out of memory: Killed process ',
  'Out of memory: Killed process ',
  'Out of memory (oom_kill_allocating_task): Killed process ',
  'No available memory (MPOL_BIND): Killed process ',
  'Killed process ',
]
const choices = ['Memory cgroup out of memory: Kill process ', 'Out of memory: Kill process ']
const reaper = 'oom_reaper: reaped process '
const summary = 'oom-kill:constraint='
const begins = [...kills, ...choices, reaper, summary]

/** How far a text is a message: not one of ours, the begin of one, or one that may end here. */
type Reach = 'none' | 'begun' | 'whole'

/** A command's name has 15 bytes; wrappings spell some of them longer. */
const LONGEST_NAME = 32
/** More pieces are no message's. */
const MOST_PIECES = 24

/** How far `text` is one of these messages, from its first word on. */
export function reachOf(text: string): Reach {
  if (text === '') return 'none'
  if (text.startsWith(trigger)) return reachOfTrigger(text.slice(trigger.length))
  if (text.startsWith(taskIn)) return reachOfTaskIn(text.slice(taskIn.length))
  if (begins.some((begin) => begin.startsWith(text))) return 'begun'
  const found = begins.find((begin) => text.startsWith(begin))
  if (found === undefined) return 'none'
  const rest = text.slice(found.length)
  if (found === summary) return reachOfSummary(rest)
  const who = /^\d{1,10}(?:$| (?:$|\((?<named>.*)$))/s.exec(rest)
  if (who === null) return 'none'
  const named = who.groups?.['named']
  if (named === undefined) return 'begun'
  const close = named.lastIndexOf(')')
  if (close === -1) return named.length <= LONGEST_NAME ? 'begun' : 'none'
  if (close > LONGEST_NAME) return 'none'
  const behind = named.slice(close + 1)
  if (found === reaper) return reachOfFields(behind, reaped)
  return choices.includes(found) ? reachOfFields(behind, scored) : reachOfFigures(behind)
}

const trigger = 'invoked oom-killer: '
const triggerFields = [
  /^gfp_mask=(?:0x[0-9a-f]+(?:\([A-Z_|]*\))?|\d+)$/,
  /^nodemask=(?:\(null\)|[\d,-]+)$/,
  /^order=-?\d+$/,
  /^oom_(?:score_)?adj=-?\d+$/,
]
const triggerBegun =
  /^(?:g?f?p?_?m?a?s?k?|gfp_mask=0?x?[0-9a-f]*(?:\([A-Z_|]*)?|n?o?d?e?m?a?s?k?|nodemask=[\d,-]*(?:\([nul]*)?|o?r?d?e?r?|order=-?|oo?m?_?[a-z_]{0,9}=?-?)$/

/** `gfp_mask=0xcc0(GFP_KERNEL), nodemask=(null), order=0, oom_score_adj=936` */
function reachOfTrigger(rest: string): Reach {
  const fields = rest.split(/,(?: {1,2}|$)/)
  const last = fields.pop() as string
  if (!fields.every((field) => triggerFields.some((whole) => whole.test(field)))) return 'none'
  if (/^oom_(?:score_)?adj=-?\d+$/.test(last)) return 'whole'
  return triggerBegun.test(last) || triggerFields.some((whole) => whole.test(last)) ? 'begun' : 'none'
}

const taskIn = 'Task in '
const asResult = 'killed as a result of limit of '

/** `/docker/f2e1 killed as a result of limit of /docker/f2e1` (up to 4.18): paths hold no blanks. */
function reachOfTaskIn(rest: string): Reach {
  const blank = rest.indexOf(' ')
  if (blank === -1) return rest === '' || rest.startsWith('/') ? 'begun' : 'none'
  const words = rest.slice(blank + 1)
  if (!rest.startsWith('/') || !(asResult.startsWith(words) || words.startsWith(asResult))) return 'none'
  const path = words.slice(asResult.length)
  return path === '' ? 'begun' : /^\/\S*$/.test(path) ? 'whole' : 'none'
}

/** `constraint=…,task_memcg=PATH,task=COMM,pid=N,uid=N`: no blank before the command's name. */
function reachOfSummary(rest: string): Reach {
  const at = rest.lastIndexOf(',task=')
  const fields = at === -1 ? rest : rest.slice(0, at)
  // Where another such message begins, this one has ended.
  if (/\s|oom-kill:/.test(fields)) return 'none'
  if (at === -1) return 'begun'
  const named = rest.slice(at + ',task='.length)
  const end = /,(?:$|p(?:$|i(?:$|d(?:$|=(?<pid>\d{0,10})(?:$|,(?:$|u(?:$|i(?:$|d(?:$|=(?<uid>\d{0,10})$)))))))))/.exec(named)
  if (end === null) return named.length <= LONGEST_NAME && !named.includes(',') ? 'begun' : 'none'
  return (end.groups?.['uid'] ?? '') !== '' ? 'whole' : 'begun'
}

const reaped = /^(?:, now anon-rss:\d{1,16}kB, file-rss:\d{1,16}kB, shmem-rss:\d{1,16}kB)/
const scored = /^(?: score \d{1,7} or sacrifice child)/
const sample = new Map([
  [reaped, ', now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB'],
  [scored, ' score 0 or sacrifice child'],
])

/** Whether `text` is the begin of a message's end that is always the same but for its numbers. */
function reachOfFields(text: string, whole: RegExp): Reach {
  if (whole.exec(text)?.[0] === text) return 'whole'
  const plain = text.replace(/\d+/g, '0')
  return (sample.get(whole) as string).startsWith(plain) ? 'begun' : 'none'
}

/** `, UID 48` of RHEL 7, which stands before the figures. */
const user = /^, (?:U|UI|UID|UID \d{0,10})$/
const figure = /^,? (?:total-vm|vsz|anon-rss|file-rss|shmem-rss|pgtables|oom_score_adj|UID):-?\d{1,16}(?:kB)?/
const names = ['total-vm:', 'vsz:', 'anon-rss:', 'file-rss:', 'shmem-rss:', 'pgtables:', 'oom_score_adj:', 'UID:', 'UID ']

/** ` total-vm:9kB, anon-rss:9kB, file-rss:9kB, shmem-rss:9kB, UID:0 pgtables:9kB oom_score_adj:0`, and `, UID 48, total-vm:…` of RHEL 7. */
function reachOfFigures(text: string): Reach {
  if (user.test(text)) return 'begun'
  let rest = text.replace(/^, UID \d{1,10}(?=,)/, '')
  let last = ''
  for (let next = figure.exec(rest); next !== null; next = figure.exec(rest)) {
    last = next[0]
    rest = rest.slice(last.length)
  }
  const isKb = /rss|total-vm|vsz|pgtables/.test(last)
  // `anon-rss:123` or `…k`: the rest of the unit is still to come
  if (isKb && !last.endsWith('kB')) return rest === '' || rest === 'k' ? 'begun' : 'none'
  // Up to 4.4 the line ends with the pages of files, up to 4.17 with those of shared memory (and it may be cut behind any later one).
  if (rest === '') return /file-rss|shmem-rss|pgtables|oom_score_adj/.test(last) ? 'whole' : 'begun'
  const begun = /^,?(?: (?<name>\S*))?$/.exec(rest)
  if (begun === null) return 'none'
  const name = begun.groups?.['name'] ?? ''
  return names.some((own) => own.startsWith(name)) || /^[a-zA-Z_-]+:-$/.test(name) ? 'begun' : 'none'
}

/** A message that was put together: the line with it, and the line behind its last. */
export interface Whole {
  readonly text: string
  readonly to: number
  /** A blank may have stood where a name was broken. */
  readonly guessed: boolean
}

/** What web archives and printed pages put before the rest of a line. */
const arrow = /^\s*(?:[\u21aa\u2937\u21b3\u21b5\u23ce]|\u2514[\u2500\u2192>]{1,3}|\u00bb)\s*|(?:\\|\u21a9|\u21b5|\u23ce)$/g

const unmarked = (text: string): string => text.trimEnd().replace(arrow, '').trimEnd()

/**
 * The message that begins in line `at` and was broken anywhere, by whatever broke it: each piece must go on as the message does, and the last one must end it. Where it
 * goes on with a blank as well as without (in a command's name), `isGapless` tells. `null`: there is none.
 */
export function wholeMessageAt(lines: readonly TextLine[], at: number, starts: LineStarts, isGapless: Gapless): Whole | null {
  const first = lines[at] as TextLine
  const begin = beginIn(first.text, starts)
  if (begin === -1) return null
  let before = first
  // A front that stands alone keeps the blank behind it: the message begins in the next line.
  const head = unmarked(first.text)
  let text = begin > head.length ? `${head} ` : head
  let whole: Whole | null = null
  let guessed = false
  for (let next = at + 1; next < lines.length && next <= at + MOST_PIECES; next += 1) {
    const line = lines[next] as TextLine
    const piece = line.text.trim().replace(arrow, '').trim()
    if (piece === '' || line.from !== before.to || /\w/.test(line.text.slice(0, starts.frontEnd(line.text)))) break
    const joined = [text + piece, `${text} ${piece}`].filter((own) => reachOf(own.slice(begin)) !== 'none')
    if (joined.length === 0) break
    const how = joined.length > 1 ? isGapless(text.slice(begin), piece, next) : { gapless: true, sure: true }
    text = (how.gapless ? joined[0] : joined[1]) as string
    guessed ||= !how.sure
    if (reachOf(text.slice(begin)) === 'whole') whole = { text, to: next + 1, guessed }
    before = line
  }
  return whole
}

/** Whether nothing stood between what has come of a message and its next piece, which is line `next`; and whether something tells. */
export type Gapless = (message: string, piece: string, next: number) => { readonly gapless: boolean; readonly sure: boolean }

const searched =
  /invoked oom-killer: |Task in \/|(?:Memory cgroup out of memory|Out of memory(?: \(oom_kill_allocating_task\))?|No available memory \(MPOL_BIND\)): Kill|Killed process |oom-kill:constraint=|oom_reaper: reaped/

/** Where in a line one of the messages begins: by its words, as the rest behind the line's front, or behind a front that is the whole line; −1 where none does. */
function beginIn(text: string, starts: LineStarts): number {
  const found = text.search(searched)
  // A trigger's line begins with the name before its words: where they begin the line, it stands in the line above.
  if (found !== -1) return text.slice(0, found).trim() === '' && text.startsWith(trigger, found) ? -1 : found
  const front = starts.frontEnd(text)
  const tag = /^\s*(?:(?:[\w.-]{1,253} )?kernel:)?\s*(?:\[ *\d+\.\d{6}\])?\s*/.exec(text.slice(front))?.[0].length ?? 0
  const rest = unmarked(text.slice(front + tag))
  if (rest === '' && front > 0) return unmarked(text).length + 1
  return rest.length >= 2 && reachOf(rest) === 'begun' ? front + tag : -1
}
