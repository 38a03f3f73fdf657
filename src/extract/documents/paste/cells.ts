import type { ContainerSnapshot, ContainerState, PodSnapshot } from '../../../model/snapshot.ts'
import { type Page, quoteAt } from '../page.ts'
import { parseRfc1123, parseRfc3339 } from '../times.ts'
import type { Command } from './commands.ts'
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
  ['finished', /FINISH|TIME|AT$|END|WHEN/i],
  ['restarts', /RESTART/i],
]
const HEADER = /^[A-Z][A-Z_-]*(?: {1,}[A-Z][A-Z_-]*)+$/
/** A cell: a name, a number, a quantity, a time, `<none>`; no punctuation of prose. */
const CELL = /^(?:[\w./:@+=%-]+|<\w+>)$/
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/
const OOM = /^(?:OOMKilled(?:,\w*)*|(?:\w*,)+OOMKilled(?:,\w*)*)$/
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/
/** A key and its value in one cell (`reason=OOMKilled`, `"reason":"OOMKilled"`): a label of a metric, a log's field; not a cell of this kind. */
const MOST_CELLS = 14

export interface Columns {
  readonly names: readonly (string | null)[]
}

/** A heading of columns that names a state or reason beside an object; `null` for anything else. */
export function columnsOf(line: string): Columns | null {
  const text = line.trim()
  if (!HEADER.test(text)) return null
  const names = text.split(/ +/).map((word) => COLUMNS.find(([, shape]) => shape.test(word))?.[0] ?? null)
  return names.includes('reason') && (names.includes('pod') || names.includes('container')) ? { names } : null
}

/** What `-o custom-columns` and `-o jsonpath` print of a death: cells, one of which is `OOMKilled`. */
export function deathInCells(page: Page, index: number, columns: Columns | null, command: Command | null): PodSnapshot | null {
  const cells = (page.lines[index] ?? '')
    .trim()
    .replace(/^["']|["']$/g, '')
    .split(/[\s|;]+/)
  if (cells.length > MOST_CELLS || !cells.every((cell) => CELL.test(cell) || OOM.test(cell))) return null
  const at = cells.findIndex((cell) => OOM.test(cell))
  if (at === -1) return null
  const cell = (column: string): string | null => {
    const place = columns === null || columns.names.length !== cells.length ? -1 : columns.names.indexOf(column)
    const text = cells[place]
    return text === undefined || text.startsWith('<') ? null : text
  }
  const names = cells.filter((one, place) => place !== at && NAME.test(one) && /[a-z]/.test(one))
  const commanded = command?.resource === 'pod' ? command.name : null
  const pod = cell('pod') ?? commanded ?? (columns === null ? (names.find((one) => one.includes('-')) ?? null) : null)
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
    namespace: cell('namespace') ?? before ?? command?.namespace ?? null,
    name: pod ?? '',
    node: cell('node'),
    containers: [containerWith(container, state)],
    quotes: [quoteAt(page, index)],
  }
}

function containerWith(name: string | null, state: ContainerState): ContainerSnapshot {
  return {
    name: name ?? '',
    type: 'regular',
    containerId: null,
    runtime: null,
    image: null,
    command: [],
    env: {},
    limitBytes: null,
    requestBytes: null,
    state: null,
    lastState: state,
    restartCount: null,
    ready: null,
  }
}
