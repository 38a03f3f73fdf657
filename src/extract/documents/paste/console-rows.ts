import type { ObjectEvent } from '../../../model/event.ts'
import type { ContainerState, PodSnapshot } from '../../../model/snapshot.ts'
import { podOfStatus } from '../bare-pod.ts'
import { ageCell } from '../event-cells.ts'
import { objectEventOf, splitObject } from '../object-event.ts'
import { newFacts, type Page, quoteAt, toldAt } from '../page.ts'
import { said } from '../table.ts'
import { parseRfc1123, parseRfc3339, stampOf } from '../times.ts'
import { type ConsoleTable, cellsOf, consoleTableAt, guessedTable, MADE_NAME, NAME, nameOf, OOM, type Title } from './console-table.ts'
import { isEventsHeader } from './event-rows.ts'
import type { FragmentReader } from './fragment.ts'
import { isPodsHeader } from './pod-rows.ts'
import { endedContainer } from './state-lines.ts'

/** What a row below a heading says of a column; `null` where it says nothing, or where the row has other columns. */
type Cells = (title: Title) => string | null

function rowOf(line: string, { parted, titles }: ConsoleTable): Cells | null {
  if (!line.includes(parted)) return null
  const cells = cellsOf(line, parted)
  // A column of boxes to tick may stand before a row and not before its heading, or the other way round.
  const shift = [0, 1, -1].find((by) => fits(cells, titles, by))
  if (shift === undefined) return null
  return (title) => {
    const at = titles.indexOf(title)
    return at === -1 ? null : said(cells[at + shift] ?? '')
  }
}

function fits(cells: readonly string[], titles: readonly (Title | null)[], by: number): boolean {
  const under = (title: Title): string => cells[titles.indexOf(title) + by] ?? ''
  const isNamed = !titles.includes('name') || NAME.test(nameOf(under('name')) ?? '')
  const told = (['status', 'last', 'reason'] as const).find((title) => titles.includes(title))
  return cells.length + 1 >= titles.length - 1 && isNamed && told !== undefined && /^(?:[A-Z][\w:.-]*|$)/.test(under(told))
}

/** A row of pods or of containers. */
function podOfConsole(page: Page, index: number, line: string, table: ConsoleTable): PodSnapshot | null {
  const cell = rowOf(line, table)
  const first = nameOf(cell?.('name') ?? null)
  if (cell === null || first === null) return null
  const [name, qualifier] = first.includes('/') ? [first.slice(first.indexOf('/') + 1), first.slice(0, first.indexOf('/'))] : [first, null]
  const ended = [cell('status'), cell('last'), cell('reason')].map((text) => OOM.exec(text ?? '')?.groups?.['reason']).find(Boolean)
  const status = cell('status') ?? cell('reason')
  // Images and no namespace or node: the containers of one pod.
  const isContainer = table.titles.includes('image') && !/-(?:[a-z0-9]{5}|\d+)$/.test(name)
  const container = nameOf(cell('container')) ?? (isContainer ? name : null)
  const restarts = /^\d+/.exec(cell('restarts') ?? '')?.[0]
  const isDetailed = ended !== undefined && (container !== null || cell('code') !== null || OOM.test(cell('last') ?? ''))
  const reason =
    ended === undefined ? (/^[A-Z][\w:]*$/.test(status ?? '') ? status : null) : /^init:/i.test(ended) ? 'Init:OOMKilled' : 'OOMKilled'
  const pod = podOfStatus(page.source, isContainer ? '' : name, isDetailed ? null : reason)
  return {
    ...pod,
    namespace: nameOf(cell('namespace')) ?? qualifier,
    node: nameOf(cell('node')),
    restarts: restarts === undefined ? null : toldAt(page, index, Number(restarts)),
    containers: isDetailed ? [endedContainer(container, endedAs(page, index, cell))] : [],
    quotes: [quoteAt(page, index)],
  }
}

function endedAs(page: Page, index: number, cell: Cells): ContainerState {
  const time = cell('finished') ?? ''
  const code = /\b\d{1,3}\b/.exec(cell('code') ?? /exit code:? \d+/i.exec(cell('last') ?? cell('status') ?? '')?.[0] ?? '')?.[0]
  return {
    kind: 'terminated',
    reason: 'OOMKilled',
    message: null,
    exitCode: code === undefined ? null : Number(code),
    signal: null,
    startedUs: null,
    finishedUs: (parseRfc3339(time) ?? parseRfc1123(time))?.epochUs ?? null,
    containerId: null,
    quotes: [quoteAt(page, index)],
  }
}

/** A row of events. */
function eventOfConsole(page: Page, index: number, line: string, table: ConsoleTable): ObjectEvent | null {
  if (!table.titles.includes('message') || !table.titles.includes('reason')) return null
  const cell = rowOf(line, table)
  const reason = cell?.('reason') ?? null
  const message = cell?.('message') ?? null
  if (cell === null || reason === null || message === null || !/^[A-Z]\w*$/.test(reason)) return null
  // `pod/cart-0`, `Pod: cart-0`, `Pod cart-0`
  const object = splitObject((cell('object') ?? '').replace(/^(?<kind>[A-Za-z]+)(?::\s*|\s+)(?=\S)/, '$<kind>/').split(/\s/, 1)[0] ?? '')
  const age = cell('age') ?? ''
  const time = parseRfc3339(age)
  // `2 minutes ago`; a month is none of kubectl's units
  const seen = ageCell(age.replace(/^(?<count>\d+)\s?(?<unit>[smhd])(?!o)[a-z]*(?: ago)?$/i, '$<count>$<unit>'))
  return objectEventOf({
    reason,
    message,
    quotes: [quoteAt(page, index)],
    type: cell('type'),
    objectKind: object.kind,
    name: object.name,
    namespace: object.kind === 'Node' ? null : nameOf(cell('namespace')),
    wall: time === null ? null : stampOf(age, time),
    ageSeconds: seen.age?.seconds ?? null,
    ageResolutionSeconds: seen.age?.resolution ?? null,
  })
}

/** A row of which a cell has several lines (labels, one below the other): with those that go on, as many cells as the heading. */
function wholeRow(
  raw: readonly string[],
  from: number,
  to: number,
  { parted, titles }: ConsoleTable,
): { readonly line: string; readonly end: number } {
  const count = (line: string): number => line.split(parted).length
  let [line, end] = [raw[from] ?? '', from + 1]
  while (end < to && end < from + 8 && count(line) < titles.length && count(raw[end] ?? '') < titles.length) {
    const joined = `${line}\n${raw[end]}`
    if (count(joined) > titles.length) break
    line = joined
    end += 1
  }
  return count(line) === titles.length ? { line, end } : { line: raw[from] ?? '', end: from + 1 }
}

/** Rows of a web console's table, as a browser copies them: below their heading, or one by itself. */
export const consoleRows: FragmentReader = ({ page, to }, from) => {
  const raw = page.relaid?.raw ?? page.lines
  const first = page.lines[from] ?? ''
  if (isEventsHeader(first) || isPodsHeader(first)) return null
  const headed = consoleTableAt(raw[from] ?? '')
  const table = headed ?? ((raw[from] ?? '').includes('\t') ? guessedTable(raw[from] ?? '') : null)
  if (table === null) return null
  const facts = newFacts()
  let end = headed === null ? from : from + 1
  while (end < to && (raw[end] ?? '').includes(table.parted)) {
    const row = wholeRow(raw, end, headed === null ? end + 1 : to, table)
    const event = eventOfConsole(page, end, row.line, table)
    const pod = event === null ? podOfConsole(page, end, row.line, table) : null
    if (event !== null) facts.events.push(event)
    // A row of several lines is all of them.
    const quotes = Array.from({ length: row.end - end }, (_, by) => quoteAt(page, end + by))
    if (pod !== null) facts.snapshots.push({ ...pod, quotes })
    end = row.end
    if (headed === null) break
  }
  return facts.snapshots.length + facts.events.length === 0 ? null : { to: end, facts }
}

/** A cell on a line of its own: a word or three. */
const CELL = /^\s*[\w./:@+%()-]{1,60}(?: [\w./:@+%()-]{1,30}){0,2}\s*$/
/** Rows whose cells stand one below the other, as tables made of boxes are copied (Lens): looked for so far above and below the state. */
const MOST_STACKED = 12

export const stackedCells: FragmentReader = ({ page }, from) => {
  const raw = page.relaid?.raw ?? page.lines
  if (!/^\s*(?:Init:)?OOMKilled\s*$/.test(raw[from] ?? '')) return null
  const isCell = (at: number): boolean => CELL.test(raw[at] ?? '')
  const isName = (at: number): boolean => MADE_NAME.test(nameOf((raw[at] ?? '').trim()) ?? '')
  let [first, last] = [from, from]
  while (first > 0 && first > from - MOST_STACKED && isCell(first - 1) && !isName(first)) first -= 1
  if (!isName(first)) {
    first = from
    while (last + 1 < raw.length && last < from + MOST_STACKED && isCell(last + 1)) last += 1
  }
  const line = raw.slice(first, last + 1).join('\t')
  const table = guessedTable(line)
  const pod = table === null ? null : podOfConsole(page, from, line, table)
  return pod === null ? null : { to: from + 1, facts: { ...newFacts(), snapshots: [pod] } }
}
