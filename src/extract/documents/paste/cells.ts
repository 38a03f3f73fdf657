import type { ContainerState, PodSnapshot } from '../../../model/snapshot.ts'
import { type Page, quoteAt } from '../page.ts'
import { parseRfc1123, parseRfc3339 } from '../times.ts'
import type { Command } from './commands.ts'
import { endedContainer } from './state-lines.ts'
import { podWithout } from './status-parts.ts'

/** Headings of `-o custom-columns=…` are what somebody typed: the words that they choose. */
const COLUMNS: readonly (readonly [string, RegExp])[] = [
  ['namespace', /^(?:NAMESPACE|NS)$/i],
  ['container', /^(?:CONTAINERS?|CNT|CTR|CONTAINER[ _-]?NAME)$/i],
  ['pod', /^(?:NAME|POD|PODS|POD[ _-]?NAME)$/i],
  ['reason', /REASON|STATE|STATUS|TERMINAT|LAST/i],
  ['code', /EXIT|CODE/i],
  ['node', /^(?:NODE|HOST)/i],
  ['limit', /^(?:LIMIT|MEM)/i],
  ['started', /^START/i],
  ['finished', /FINISH|TIME|AT$|END|WHEN/i],
  ['restarts', /RESTART/i],
]
/** What a program's log calls its own fields: the rest of such a line is its word for somebody else's state. */
const LOG_KEY = /^(?:time(?:stamp)?|ts|level|lvl|severity|msg|message|caller|logger)$/i
const KEYED = /^(?<key>[A-Za-z][\w.-]{0,40})=(?<value>[^\s"'=]+)$/
/** A cell: a name, a number, a quantity, a time, `<none>`; no punctuation of prose. */
const CELL = /^(?:[\w./:@+=%-]+|<\w+>)$/
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/
/** `{.metadata.namespace}/{.metadata.name}`, `pod/NAME`: a pod's name has a dash, an image's first part none. */
const QUALIFIED = /^(?:pods?|(?<namespace>[a-z0-9][-a-z0-9]{0,62}))\/(?<pod>[a-z0-9][a-z0-9.]*-[-a-z0-9.]{0,250})$/
/** One container's reason, or a list of them: `OOMKilled`, `Completed,OOMKilled`. */
const OOM = { test: (cell: string): boolean => /^[\w,]+$/.test(cell) && cell.split(',').includes('OOMKilled') }
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/
/** `3 days`, `2 hours ago`: an age, as dashboards print it. */
const AGE = /^(?:sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?|years?)$/i
const isAge = (cells: readonly string[], place: number): boolean =>
  /^(?:\d+[ysmhd])+$/.test(cells[place] ?? '') ||
  (AGE.test(cells[place] ?? '') && /^\d+$/.test(cells[place - 1] ?? '')) ||
  (cells[place] === 'ago' && isAge(cells, place - 1))
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/
/** More is a sentence. */
const MOST_CELLS = 10

export interface Columns {
  readonly names: readonly (string | null)[]
}

/** A heading of columns that names a state or reason beside an object; `null` for anything else. */
export function columnsOf(line: string): Columns | null {
  const words = cellsOf(line)
  if (words.length < 2 || !words.every((word) => /^[A-Z][A-Z_-]*$/.test(word) || (/[|,]/.test(line) && /^[A-Za-z][\w-]*$/.test(word))))
    return null
  const names = words.map((word) => COLUMNS.find(([, shape]) => shape.test(word))?.[0] ?? null)
  return names.includes('reason') && (names.includes('pod') || names.includes('container')) ? { names } : null
}

/** `reason=OOMKilled exitCode=137 pod=cart-0`: a row whose every cell brings its own heading. */
function keyedRow(cells: readonly string[]): (Columns & { readonly values: string[] }) | null {
  const found = cells.map((cell) => KEYED.exec(cell.replace(/[,;]$/, ''))?.groups)
  const names = found.map((groups) => COLUMNS.find(([, shape]) => shape.test(groups?.['key'] ?? ''))?.[0] ?? null)
  if (found.length < 2 || names.includes(null) || found.some((groups) => LOG_KEY.test(groups?.['key'] ?? ''))) return null
  return { names, values: found.map((groups) => groups?.['value'] ?? '') }
}

/** `cart-6d5b7c8d9-x2x4p: OOMKilled (exit 137)`: another word before a colon may be a label or a heading. */
const NAMED_POD =
  /^(?<name>(?:[a-z0-9][-a-z0-9]{0,62}\/)?[a-z0-9][-a-z0-9.]{0,200}-[bcdfghjklmnpqrstvwxz2456789]{5})(?::| ->| =>| →)(?= OOMKilled\b)/

/** What `-o custom-columns` and `-o jsonpath` print of a death: cells, one of which is `OOMKilled`. */
export function deathInCells(page: Page, index: number, heading: Columns | null, command: Command | null): PodSnapshot | null {
  const line = (page.lines[index] ?? '')
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/^(?:[-*•]|\d{1,3}[.)]) +/, '')
    .replace(NAMED_POD, '$<name>')
    .replace(/ \((?:exit )?(?:code:? )?(?=137\)$)|(?<= \(.{0,11}137)\)$/g, ' ')
  const row = /\s/.test(line) ? keyedRow(cellsOf(line)) : null
  const columns = row ?? heading
  const cells = row?.values ?? cellsOf(line)
  if (cells.length > MOST_CELLS || isSentence(cells, line, columns) || !cells.every((cell) => CELL.test(cell) || OOM.test(cell)))
    return null
  const at = cells.findIndex((cell) => OOM.test(cell))
  if (at === -1) return null
  const cell = (column: string): string | null => {
    const place = columns === null || columns.names.length !== cells.length ? -1 : columns.names.indexOf(column)
    const text = cells[place]
    return text === undefined || text.startsWith('<') ? null : text
  }
  // A pod's address stands before its node.
  const isNode = (place: number): boolean => columns === null && ADDRESS.test(cells[place - 1] ?? '')
  const names = cells.filter((one, place) => place !== at && !isAge(cells, place) && !isNode(place) && NAME.test(one) && /[a-z]/.test(one))
  const commanded = command?.resource === 'pod' ? command.name : null
  const qualified = QUALIFIED.exec(columns === null ? (cells[0] ?? '') : (cell('pod') ?? ''))?.groups
  const pod = qualified?.['pod'] ?? cell('pod') ?? commanded ?? (columns === null ? (names.find((one) => one.includes('-')) ?? null) : null)
  // One word alone is a death only below the command that asked for it.
  if (pod === null && cell('container') === null) return null
  const others = names.filter((one) => one !== pod)
  const before =
    columns === null && others.length > 0 && cells.indexOf(others[0] ?? '') < cells.indexOf(pod ?? '') ? (others[0] ?? null) : null
  const time = cell('finished') ?? cells.find((one) => TIME.test(one)) ?? ''
  const finishedUs = (parseRfc3339(time) ?? parseRfc1123(time))?.epochUs ?? null
  const code = cell('code') ?? cells.find((one) => one === '137') ?? null
  const state: ContainerState = {
    kind: 'terminated',
    reason: 'OOMKilled',
    message: null,
    exitCode: code !== null && /^\d+$/.test(code) ? Number(code) : null,
    signal: null,
    startedUs: null,
    finishedUs,
    containerId: null,
    quotes: [quoteAt(page, index)],
  }
  const container = cell('container') ?? (columns === null && before === null ? (others[0] ?? null) : null)
  return {
    ...podWithout(page.source),
    namespace: cell('namespace') ?? qualified?.['namespace'] ?? before ?? command?.namespace ?? null,
    name: pod ?? '',
    node: cell('node') ?? cells.find((_, place) => isNode(place)) ?? null,
    containers: [endedContainer(container, state)],
    quotes: [quoteAt(page, index)],
  }
}

/** Cells of a row, parted by blanks, bars or, where there is no blank, by commas. */
const cellsOf = (line: string): string[] =>
  line
    .trim()
    .split(/\s/.test(line.trim()) ? /[\s|]+/ : /[|,;]+/)
    .filter((cell) => cell !== '')

/** Words that stand between others in a sentence, and never in a row. */
const PROSE =
  /^(?:the|an?|was|were|is|are|got|been|and|or|of|in|on|by|at|to|pods?|containers?|status|reason|why|when|with|because|not|no)$/i

/** More plain words than a namespace and a container's name, or a word of prose: that is a sentence, and its author's word. */
function isSentence(cells: readonly string[], line: string, columns: Columns | null): boolean {
  if (columns !== null && columns.names.length === cells.length) return false
  if (cells.some((cell) => PROSE.test(cell))) return true
  const plain = cells.filter((cell, place) => /^[A-Za-z]+[.:]?$/.test(cell) && !OOM.test(cell) && !isAge(cells, place)).length
  return plain > (/\s{2,}|\||\t|,/.test(line) ? 2 : 1)
}
