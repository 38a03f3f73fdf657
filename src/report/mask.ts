import type { AnyReport } from '../model/report.ts'
import { maskSecrets } from '../text/secrets.ts'

/** Fields whose strings are ours or times: they hold no secret, and are compared by others. */
const ours = new Set([
  'id',
  'incident',
  'related',
  'format',
  'kind',
  'time',
  'firstTime',
  'lastTime',
  'confidence',
  'pattern',
  'killer',
  'when',
])

/**
 * The report with the secrets in its strings masked: quoted lines, excerpts, command lines, sentences, commands, warnings, the timeline. Done once, on the whole report,
 * so that no reader or rule can forget it; the rules are `text/secrets.ts`.
 */
export function masked<R extends AnyReport>(report: R): R {
  return walk(report, '') as R
}

/** What holds no secret stays the same object: a report of a large log is large itself. */
function walk(value: unknown, key: string): unknown {
  if (typeof value === 'string') return ours.has(key) ? value : maskSecrets(value)
  if (Array.isArray(value)) return walkList(value, key)
  return typeof value !== 'object' || value === null ? value : walkObject(value as Readonly<Record<string, unknown>>)
}

function walkList(list: readonly unknown[], key: string): readonly unknown[] {
  let changed: unknown[] | null = null
  for (let at = 0; at < list.length; at += 1) {
    const walked = walk(list[at], key)
    if (walked === list[at]) continue
    changed ??= [...list]
    changed[at] = walked
  }
  return changed ?? list
}

function walkObject(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let changed: Record<string, unknown> | null = null
  for (const key of Object.keys(object)) {
    const walked = walk(object[key], key)
    if (walked === object[key]) continue
    changed ??= { ...object }
    changed[key] = walked
  }
  return changed ?? object
}
