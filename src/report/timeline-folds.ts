import type { Draft } from './row-of.ts'

/** So many rows that say the same are one. */
const fewest = 4

/** What repeats in a crash loop and tells nothing new each time. Kills and ends of containers stay: each is a death of its own. */
const mayFold = (kind: string): boolean =>
  /^(?:container-(?:started|created|back-off|probe-failed|killing|kill-failed|stop-requested)|unit-(?:started|restart-scheduled|stopped)|kubernetes-event|node-|lines-lost)/.test(
    kind,
  )

/** `container app of pod shop/cart started (12 times in 40 min)`: repeated rows are one at the place of the first, with the places of all. */
export function folded(rows: readonly Draft[]): Draft[] {
  const groups = new Map<string, Draft[]>()
  let isAfter = false
  for (const row of rows) {
    isAfter ||= row.row.kind === 'kill'
    if (!mayFold(row.row.kind)) continue
    // what led to the first kill is not told together with what came of it
    const key = `${isAfter} ${row.row.kind} ${row.row.host ?? ''} ${wordsOf(row)}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  const all = [...groups].filter(([, group]) => group.length >= fewest)
  const first = new Map(all.map(([key, group]) => [group[0], foldOf(group, key.startsWith('true'))]))
  const later = new Set(all.flatMap(([, group]) => group.slice(1)))
  return rows.filter((row) => !later.has(row)).map((row) => first.get(row) ?? row)
}

/** A start after a kill is another one. */
const again = (text: string): string => text.replace(/(?<= started)$/, ' again')

/** Counters go on while the fact repeats, and so does the wait between restarts: `(CrashLoopBackOff, back-off 40s)`. */
const wordsOf = ({ row }: Draft): string =>
  row.text.replace(
    row.kind === 'container-back-off' ? / \((?:CrashLoopBackOff|back-off)[^()]*\)$/ : /, counter at \d+$| \(\d+ times\)$/,
    '',
  )

function foldOf(group: readonly Draft[], isAfter: boolean): Draft {
  const [head, last] = [group[0] as Draft, group.at(-1) as Draft]
  const places = group.flatMap(({ row }) => [{ source: row.source, line: row.line }, ...row.alsoIn])
  const alsoIn = places.filter((p, i) => i > 0 && places.findIndex((o) => o.source === p.source && o.line === p.line) === i)
  const spanUs = head.at.epochUs === null || last.at.epochUs === null ? null : last.at.epochUs - head.at.epochUs
  return {
    ...head,
    row: {
      ...head.row,
      text: `${isAfter ? again(wordsOf(head)) : wordsOf(head)} (${group.length} times${spanUs === null ? '' : ` in ${spanText(spanUs)}`})`,
      alsoIn,
    },
  }
}

/** In whole units: 40 s, 40 min, 3 h, 2 d. */
function spanText(us: number): string {
  const seconds = Math.round(us / 1e6)
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}
