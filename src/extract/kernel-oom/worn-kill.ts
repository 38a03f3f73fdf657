import { killPrefixes } from './kill-prefix.ts'

/** Who died, in other marks than the kernel's: `4711 [java] total-vm:`, `4711(java), total-vm:`, `4711 "java" anon-rss:`, `4711 java total-vm:`. */
const who =
  /^(?<pid>\d{1,10})(?:\s?\((?<round>[^()]{1,20})\)|\s?\[(?<square>[^[\]]{1,20})\]|\s(?<quote>["'`])(?<quoted>[^"'`]{1,20})\k<quote>|,?\s(?<bare>[^\s()[\]"'`:]{1,15}))[,;]?\s*(?<figures>(?:total-vm|vsz|anon-rss|file-rss|shmem-rss)\s?:.*)$/is
/** What was left out, or cut off, before the words. */
const elided = /^(?:\[?(?:\.{2,}|…)\]?|<?\[?snip\]?>?)\s*/i
const figureNames = /\b(?:total-vm|vsz|anon-rss|file-rss|shmem-rss|pgtables|oom_score_adj)(?=\s?:)/gi

/**
 * A kill line as the kernel wrote it, of one that people and their programs have worn: blanks doubled or turned to tabs, the case lost, the begin cut
 * (`...cgroup out of memory: Killed process 7 (a) …`), other marks around the name or behind `Out of memory`. `null`: it is none.
 */
export function unwornKill(text: string): string | null {
  const flat = squeezed(text)
  const at = flat.search(/\bkilled process \d/i)
  if (at === -1) return null
  const prefix = prefixOf(flat.slice(0, at))
  const rest = flat.slice(at + 'killed process '.length)
  if (prefix === null) return null
  const found = who.exec(rest)?.groups
  const isKernels = flat.startsWith('Killed process ', at)
  // Programs write "killed process 12 (a)" too: without the kernel's figures another case is no kernel line.
  if (found === undefined) return isKernels ? `${prefix}Killed process ${rest}` : null
  const comm = found.round ?? found.square ?? found.quoted ?? found.bare ?? ''
  const figures = (found.figures ?? '').replace(figureNames, (name) => name.toLowerCase()).replace(/(?<=\d\s?)kb\b/gi, 'kB')
  return `${prefix}Killed process ${found.pid} (${comm.trim()}) ${figures.replace(/\buid:/i, 'UID:')}`
}

/** What the words before `Killed process` are, or are the end of; `null`: something else. */
function prefixOf(before: string): string | null {
  const words = before
    .replace(elided, '')
    .trimEnd()
    .replace(/[:.,;–-]{0,3}$/, '')
    .trimEnd()
    .toLowerCase()
  if (words === '') return ''
  for (const [prefix] of killPrefixes) {
    const own = prefix.slice(0, -2).toLowerCase()
    if (words === own) return prefix
    if (own.endsWith(words)) return /cgroup out of memory$/.test(words) ? 'Memory cgroup out of memory: ' : ''
  }
  return null
}

/** One blank where a chat or a table left tabs or several; the command keeps its own. */
function squeezed(text: string): string {
  if (!/ {2}|\t/.test(text)) return text
  const open = text.indexOf('(', text.search(/process/i))
  const close = text.lastIndexOf(')')
  const squeeze = (part: string): string => part.replace(/[ \t]+/g, ' ')
  return open === -1 || close < open ? squeeze(text) : squeeze(text.slice(0, open)) + text.slice(open, close) + squeeze(text.slice(close))
}
