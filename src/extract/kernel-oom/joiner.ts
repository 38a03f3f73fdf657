import type { Item } from './item.ts'
import { elapsedUs, type TextLine } from './line.ts'
import { readLine } from './read-line.ts'

export interface ReadLine {
  readonly line: TextLine
  readonly item: Item | null
}

export interface Joiner {
  push(line: TextLine, emit: (read: ReadLine) => void): void
  flush(emit: (read: ReadLine) => void): void
  /** True while a line is held back: the next one may complete it. */
  readonly holding: boolean
}

/** Kinds whose line may go on in the next: a newline in a name, a record over its limit, a line wrapped by a pager or a mail. */
const extendable = new Set<Item['kind']>([
  'task-in',
  'kill',
  'summary',
  'row',
  'zone',
  'node',
  'buddy',
  'header',
  'stack-head',
  'table-head',
  'stats-head',
])

/**
 * Puts lines together again that belong to one message. A fragment is a text that fits no shape and makes the line before it say more. Holds
 * back one line at most.
 */
export function createJoiner(): Joiner {
  let held: ReadLine | null = null
  let stray: TextLine | null = null

  const release = (emit: (read: ReadLine) => void): void => {
    if (held !== null) emit(held)
    held = null
  }

  const push = (line: TextLine, emit: (read: ReadLine) => void): void => {
    let read: ReadLine = { line, item: readLine(line.text) }
    if (held !== null && (read.item === null || read.item.kind === 'stat')) {
      const joined = join(held, line)
      if (joined !== null) {
        held = joined
        return
      }
    }
    release(emit)
    if (stray !== null && read.item?.kind === 'header') read = withStray(stray, read) ?? read
    else if (stray !== null && read.item === null) read = mended(stray, line) ?? read
    stray = read.item === null ? line : null
    if (read.item !== null && extendable.has(read.item.kind)) held = read
    else emit(read)
  }
  return {
    push,
    flush: release,
    get holding() {
      return held !== null || (stray !== null && torn.test(stray.text))
    },
  }
}

const isSameMessage = (a: TextLine, b: TextLine): boolean =>
  a.record === b.record || (a.moment.uptimeUs !== null && a.moment.uptimeUs === b.moment.uptimeUs && isNext(a, b))

function isNext(a: TextLine, b: TextLine): boolean {
  const [from, to] = [a.quotes.at(-1), b.quotes[0]]
  return from?.line == null || to?.line == null || (to.line > from.line && to.line - from.line <= 3)
}

/** `evil` + `Out of me invoked oom-killer: …`: the head of a name with a newline in it. */
function withStray(stray: TextLine, read: ReadLine): ReadLine | null {
  if (read.item?.kind !== 'header' || read.item.comm === null || !isSameMessage(stray, read.line)) return null
  if (stray.text.length + 1 + read.item.comm.length > 15) return null
  const line = merged(stray, read.line, '\n')
  const item = readLine(line.text)
  return item?.kind === 'header' ? { line, item } : null
}

/** A line that will prove a kill when its other half comes. */
const torn = /^(?:Out of [Mm]emory[^:]{0,40}: |Memory cgroup out of memory: )?(?:Kill(?:ed)? process|oom-kill:|oom_reaper: )/

/** Kinds that a line torn before its first figure can become: `Out of memory: Kill process 197 (a) score 896 or sacrifice` + `child`. */
const mendable = new Set<Item['kind']>([
  'kill',
  'choice',
  'reaped',
  'summary',
  'header',
  'counter',
  'zone',
  'node',
  'buddy',
  'hugepages',
  'group',
])

function mended(stray: TextLine, line: TextLine): ReadLine | null {
  if (!isNear(stray, line) || line.text.trim() === '') return null
  for (const between of ['', ' ']) {
    const whole = merged(stray, line, between)
    const item = readLine(whole.text)
    if (item !== null && mendable.has(item.kind)) return { line: whole, item }
  }
  return null
}

const merged = (a: TextLine, b: TextLine, between: string): TextLine => ({
  ...a,
  // A pager that wraps at a blank leaves it at the end of the line.
  text: a.text + (between === ' ' && /\s$/.test(a.text) ? '' : between) + b.text,
  quotes: a.quotes[0]?.line !== null && a.quotes.at(-1)?.line === b.quotes[0]?.line ? a.quotes : [...a.quotes, ...b.quotes],
})

function join(held: ReadLine, line: TextLine): ReadLine | null {
  if (held.item === null || line.text.trim() === '' || !isNear(held.line, line)) return null
  if (held.item.kind === 'row') return joinRow(held, line)
  for (const between of separators(held, line)) {
    const candidate = merged(held.line, between === '' ? line : { ...line, text: line.text.trimStart() }, between)
    const item = readLine(candidate.text)
    if (item !== null && item.kind === held.item.kind && weightOf(item) > weightOf(held.item)) return { line: candidate, item }
  }
  return null
}

function isNear(a: TextLine, b: TextLine): boolean {
  if (a.record === b.record) return true
  if (a.caller !== b.caller) return false
  const elapsed = elapsedUs(a.moment, b.moment)
  return isNext(a, b) && (elapsed === null || Math.abs(elapsed) <= 1_000_000)
}

function separators(held: ReadLine, line: TextLine): readonly string[] {
  const text = held.line.text
  // A path has no blank and no newline in it (the kernel refuses one): only a terminal breaks it.
  if (held.item?.kind === 'task-in') return /^[\w./:@\\-]+$/.test(line.text.trim()) ? [''] : []
  if (held.item?.kind === 'zone' || held.item?.kind === 'node' || held.item?.kind === 'buddy' || held.item?.kind === 'stats-head') {
    return /(?:kB|KB|\)|yes|no|\s)$/.test(text) ? [' ', ''] : ['', ' ']
  }
  // The record limit cuts an `oom-kill:` line anywhere; a newline can only stand in the command, at the end.
  const inName = held.item?.kind === 'summary' ? text.lastIndexOf(',task=') > text.lastIndexOf(',task_memcg=') : true
  if (isSameMessage(held.line, line) && inName) return ['\n', '', ' ']
  return /[,)]$|kB$|\d$/.test(text) && held.item?.kind !== 'summary' ? [' ', '', '\n'] : ['', ' ', '\n']
}

/** A row is whole without its name, so a fragment counts only in the same message, or where the name is missing. */
function joinRow(held: ReadLine, line: TextLine): ReadLine | null {
  if (held.item?.kind !== 'row' || line.text.length > 200) return null
  const nameless = /^[\s\d-]*$/.test(held.item.rest)
  const inMessage = isSameMessage(held.line, line) && line.text.length < 15
  if (!nameless && !inMessage) return null
  const candidate = merged(held.line, line, inMessage ? '\n' : ' ')
  const item = readLine(candidate.text)
  return item?.kind === 'row' ? { line: candidate, item } : null
}

/** How much a line says: joining must make it say more. */
function weightOf(item: Item): number {
  switch (item.kind) {
    case 'kill':
      return (item.complete ? 100 : 0) + Object.values(item).filter((v) => v !== null).length
    case 'summary':
      return (
        (item.complete ? 100 : 0) + (item.pid === null ? 0 : 10) + countValues(item.readings[0] ?? {}) + pathLength(item.readings[0]) / 1e6
      )
    case 'zone':
    case 'node':
      return Object.keys(item.values).length + (item.allUnreclaimable === null ? 0 : 1)
    case 'buddy':
      return item.blocks.length + (item.totalBytes === null ? 0 : 1)
    case 'header':
      return countValues(item)
    case 'stack-head':
      return (item.complete ? 10 : 0) + (item.release === null ? 0 : 1)
    case 'table-head':
      return item.columns.length + (item.complete ? 1 : 0)
    case 'stats-head':
      return Object.keys(item.values ?? {}).length
    case 'task-in':
      return item.limit === null ? 0 : item.limit.length
    default:
      return 0
  }
}

const countValues = (object: object): number => Object.values(object).filter((v) => v !== null).length
const pathLength = (reading: { oomMemcg: string | null; taskMemcg: string | null } | undefined): number =>
  (reading?.oomMemcg?.length ?? 0) + (reading?.taskMemcg?.length ?? 0)
