import type { LogRecord } from '../model/record.ts'
import { reportsRunBackwards } from './report-order.ts'

/** A record with what it is sorted by. */
export interface Sortable {
  readonly record: LogRecord
  /** By the outermost clock, in µs; `null` sorts with the entry before it. */
  readonly timeUs: number | null
  /** Insert id, offset or cursor: compared as text of equal length, else not. */
  readonly sequence: string | null
}

/** Text held at most; beyond it what is held goes out in order, and order between two such parts is the file's. */
const heldLength = 67_108_864

/**
 * Puts entries in order: exports are often newest first, and entries with equal stamps are shuffled. Equal stamps are ordered by sequence, then by the
 * kernel's clock in the text, then as they stood (turned round, if the file runs backwards).
 */
export function openOrder(emit: (record: LogRecord) => void): { push(item: Sortable): void; flush(): void } {
  let held: Sortable[] = []
  let length = 0
  const flush = (): void => {
    const items = held
    held = []
    length = 0
    for (const { record } of inOrder(items)) emit(record)
  }
  return {
    push(item) {
      held.push(item)
      length += item.record.raw.length + 400
      if (length > heldLength) flush()
    },
    flush,
  }
}

function inOrder(items: readonly Sortable[]): Sortable[] {
  const backwards =
    runsBackwards(items) || (isOfOneTime(items) && reportsRunBackwards(items.map(({ record }) => record.message).join('\n')))
  const placed = items.map((item, index) => ({ item, index: backwards ? -index : index, timeUs: item.timeUs }))
  if (backwards) placed.reverse()
  let last: number | null = null
  for (const entry of placed) {
    entry.timeUs ??= last
    last = entry.timeUs
  }
  placed.sort(
    (a, b) => compareTime(a.timeUs, b.timeUs) || compareSequence(a.item, b.item) || compareUptime(a.item, b.item) || a.index - b.index,
  )
  return placed.map(({ item }) => item)
}

/** No stamp tells of an order: a viewer's newest line may stand first all the same. */
const isOfOneTime = (items: readonly Sortable[]): boolean => items.every(({ timeUs }) => timeUs === items[0]?.timeUs)

/** More steps down than up: the file is newest first. Equal neighbours say nothing. */
export function runsBackwards(items: readonly { readonly timeUs: number | null }[]): boolean {
  let up = 0
  let down = 0
  for (let at = 1; at < items.length; at += 1) {
    const before = items[at - 1]?.timeUs ?? null
    const now = items[at]?.timeUs ?? null
    if (before === null || now === null) continue
    if (now > before) up += 1
    else if (now < before) down += 1
  }
  return down > up
}

function compareTime(a: number | null, b: number | null): number {
  return a === null || b === null ? 0 : a - b
}

function compareUptime(a: Sortable, b: Sortable): number {
  const left = a.record.moment.uptimeUs
  const right = b.record.moment.uptimeUs
  return left === null || right === null ? 0 : left - right
}

function compareSequence(a: Sortable, b: Sortable): number {
  const left = a.sequence
  const right = b.sequence
  if (left === null || right === null || left.length !== right.length || left === right) return 0
  return left < right ? -1 : 1
}
