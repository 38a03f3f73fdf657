import type { UnitEvent } from '../../model/event.ts'
import type { Told } from '../../model/snapshot.ts'
import { bytesOfSize } from '../../units/bytes.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { type Facts, firstLines, newFacts, type Page, pageOf, quoteAt, toldAt } from './page.ts'
import { maskArguments } from './secrets.ts'
import { momentOf, parseDateLine } from './times.ts'

/** `× report-generator.service - Nightly report generator`; the mark is `●`, `○`, `×`, `↻` or `*` by state and terminal. */
const UNIT_HEAD = /^[●○×↻*x] (?<unit>\S+\.(?:service|scope|slice|socket|mount|target|timer|swap))(?: - .*)?$/
/** `     Active: failed (Result: oom-kill) since Tue 2026-11-24 01:59:11 EST; 15s ago` */
const ACTIVE =
  /^\s+Active: (?<state>[a-z-]+)(?: \((?<detail>[^)]*)\))?(?: since (?<since>[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+); .*)?$/
/** `     Memory: 41.5M (max: 64.0M, available: 22.4M, peak: 63.9M)`; older: `(limit: 64.0M)`. */
const MEMORY = /^\s+Memory: (?<now>\S+)(?: \((?<details>[^)]*)\))?$/
const FIELD = /^\s+(?<key>Loaded|Main PID|Tasks|CGroup|Duration|Docs|Process|CPU): (?<value>.*)$/
/** `systemctl show`, also as a block of properties by itself. */
const PROPERTY = /^(?<key>[A-Z][A-Za-z0-9]+)=(?<value>.*)$/
const KEPT: ReadonlySet<string> = new Set([
  'Result',
  'NRestarts',
  'OOMPolicy',
  'OOMScoreAdjust',
  'ExecMainCode',
  'ExecMainStatus',
  'ExecMainPID',
  'MainPID',
  'ControlGroup',
  'MemoryMax',
  'MemoryHigh',
  'MemoryLimit',
  'MemorySwapMax',
  'MemoryCurrent',
  'MemoryPeak',
  'ManagedOOMMemoryPressure',
  'ManagedOOMSwap',
  'ManagedOOMMemoryPressureLimit',
  'ActiveState',
  'SubState',
  'Restart',
  'Slice',
])

/** Whether `systemctl status` of a unit begins at the first of these lines. */
export const beginsUnit = ([first = '', second = '']: readonly string[]): boolean =>
  UNIT_HEAD.test(first) && /^\s+(?:Loaded|Active|Follow): /.test(second)

export const systemctl: DocumentReader = {
  id: 'systemctl',
  title: 'State of systemd units',
  writtenBy: 'systemctl status, systemctl show',
  seen: 'real',
  mixed: () => true,
  sniff(head) {
    const lines = firstLines(head, 12)
    if (lines.some((_, at) => beginsUnit(lines.slice(at, at + 2)))) return 'strong'
    const properties = lines.filter((line) => PROPERTY.test(line))
    return properties.length >= 3 && properties.some((line) => /^(?:Id|Result|ActiveState|ControlGroup|MainPID|MemoryMax)=/.test(line))
      ? 'strong'
      : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const facts = newFacts()
    const values: Record<string, Told<string>> = {}
    readStatus(page, values, facts)
    readProperties(page, values, facts)
    if (Object.keys(values).length > 0) facts.snapshots.push({ kind: 'setting', source: document.source, host: null, values })
    return facts
  },
}

function readStatus(page: Page, values: Record<string, Told<string>>, facts: Facts): void {
  let unit: string | null = null
  for (const [index, line] of page.lines.entries()) {
    const head = UNIT_HEAD.exec(line)?.groups?.['unit']
    if (head !== undefined) unit = head
    if (unit === null || head !== undefined) continue
    const active = ACTIVE.exec(line)?.groups
    if (active !== undefined) {
      values[`unit.${unit}.Active`] = toldAt(page, index, [active['state'], active['detail']].filter(Boolean).join(' '))
      const failed = failedEvent(page, index, unit, active)
      if (failed !== null) facts.events.push(failed)
    }
    const memory = MEMORY.exec(line)?.groups
    if (memory !== undefined) readMemory(page, index, unit, memory, values)
    const field = FIELD.exec(line)?.groups
    if (field !== undefined) {
      const value = maskArguments((field['value'] ?? '').split(' ')).join(' ')
      values[`unit.${unit}.${(field['key'] ?? '').replace(' ', '')}`] = toldAt(page, index, value)
    }
  }
}

/** A unit that stands as failed of the OOM killer is the mark of its death, with the time of the failure. */
function failedEvent(page: Page, index: number, unit: string, active: Readonly<Record<string, string | undefined>>): UnitEvent | null {
  const result = /Result: (?<result>[a-z-]+)/.exec(active['detail'] ?? '')?.groups?.['result']
  if (active['state'] !== 'failed' || result === undefined) return null
  return {
    kind: 'unit',
    what: 'failed',
    unit,
    result,
    memoryPeakBytes: null,
    restartCounter: null,
    pid: null,
    moment: momentOf(stampOfSince(active['since'] ?? '')),
    host: null,
    bootId: null,
    writer: 'userspace',
    quotes: [quoteAt(page, index)],
  }
}

/** `Tue 2026-11-24 01:59:11 EST` in the words of date. */
function stampOfSince(since: string): ReturnType<typeof parseDateLine> {
  const groups = /^(?<day>[A-Z][a-z]{2}) (?<date>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d) (?<zone>\S+)$/.exec(since)?.groups
  if (groups === undefined) return null
  const [year, month, day] = (groups['date'] ?? '').split('-')
  const name = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][Number(month) - 1]
  const stamp = parseDateLine(`${groups['day']} ${name} ${Number(day)} ${groups['time']} ${groups['zone']} ${year}`)
  return stamp === null ? null : { ...stamp, text: since }
}

function readMemory(
  page: Page,
  index: number,
  unit: string,
  groups: Readonly<Record<string, string | undefined>>,
  values: Record<string, Told<string>>,
): void {
  const keys: Readonly<Record<string, string>> = {
    max: 'MemoryMax',
    limit: 'MemoryMax',
    high: 'MemoryHigh',
    peak: 'MemoryPeak',
    'swap max': 'MemorySwapMax',
  }
  const put = (key: string, size: string): void => {
    const bytes = bytesOfSize(size)
    if (bytes !== null) values[`unit.${unit}.${key}`] ??= toldAt(page, index, String(bytes))
  }
  put('MemoryCurrent', groups['now'] ?? '')
  for (const part of (groups['details'] ?? '').split(', ')) {
    const [name, size] = part.split(': ')
    const key = keys[name ?? '']
    if (key !== undefined) put(key, size ?? '')
  }
}

/** Blocks of `Key=Value`; `Id=` may stand anywhere in its block. */
function readProperties(page: Page, values: Record<string, Told<string>>, facts: Facts): void {
  let block: { key: string; value: Told<string> }[] = []
  let unit: string | null = null
  let killed: { readonly index: number; since?: string } | null = null
  const told = new Set(facts.events.map((event) => (event.kind === 'unit' ? event.unit : null)))
  const close = (): void => {
    // exact figures of `show` overrule the rounded ones of `status`
    if (unit !== null) for (const { key, value } of block) values[`unit.${unit}.${key}`] = value
    // `Result=oom-kill` stands until the unit is started anew
    if (unit !== null && killed !== null && !told.has(unit)) {
      const failed = failedEvent(page, killed.index, unit, { state: 'failed', detail: 'Result: oom-kill', since: killed.since })
      if (failed !== null) facts.events.push(failed)
    }
    block = []
    unit = null
    killed = null
  }
  for (const [index, line] of page.lines.entries()) {
    const groups = PROPERTY.exec(line)?.groups
    if (line === 'Result=oom-kill') killed = { index }
    if (groups?.['key'] === 'InactiveEnterTimestamp' && killed !== null) killed.since = groups['value'] ?? ''
    if (groups === undefined) close()
    else if (groups['key'] === 'Id') unit = groups['value'] ?? null
    else if (KEPT.has(groups['key'] ?? '')) block.push({ key: groups['key'] ?? '', value: toldAt(page, index, groups['value'] ?? '') })
  }
  close()
}
