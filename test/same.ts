import { basename } from 'node:path'
import { analyze } from '../src/index.ts'
import type { Report } from '../src/model/report.ts'

/** Names of one variant of some evidence, and what stands for them in every variant. */
export type Places = readonly (readonly [from: string, to: string])[]

/** The report as text, without `sources` and with the places' names replaced: what must not change when the same evidence comes another way. */
export function placeless(report: Report, places: Places): string {
  const { sources: _, quietSources: __, ...rest } = report
  let text = JSON.stringify(rest, null, 1)
  for (const [from, to] of places) text = text.replaceAll(JSON.stringify(from).slice(1, -1), to)
  return text
}

/** Analyses one path and takes the name of the argument out of the report: `@` stands for it, `@!` for what comes before a member's own path. */
export const placelessReport = async (path: string, within: string): Promise<string> =>
  placeless((await analyze([path])).report, [
    ...(within === '' ? [] : [[`${basename(path)}${within}`, '@'] as const]),
    [basename(path), '@'],
  ])

/** The first lines in which two texts differ, for a message that can be read; `null` when they are the same. */
export function firstDifference(a: string, b: string): string | null {
  if (a === b) return null
  const [left, right] = [a.split('\n'), b.split('\n')]
  const at = left.findIndex((line, i) => line !== right[i])
  const line = at < 0 ? left.length : at
  const cut = (lines: readonly string[]): string =>
    lines
      .slice(Math.max(0, line - 3), line + 3)
      .map((l) => l.slice(0, 300))
      .join('\n')
  return `line ${line}:\n--- wanted\n${cut(left)}\n--- got\n${cut(right)}`
}
