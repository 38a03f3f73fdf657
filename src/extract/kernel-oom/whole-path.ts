import type { Draft } from './draft.ts'
import { isElided } from './summary.ts'

/** A path as the kernel printed it: one that was cut or shortened is that other path of the report which begins and ends like it, or unknown. */
export function wholePath(draft: Draft, path: string | null): string | null {
  if (path === null || !isElided(path)) return path
  const [, start = '', end = ''] = /^(?<start>.*?)(?:\.{3}|…|<snip>|>$)(?<end>.*)$/s.exec(path) ?? []
  if (start.length + end.length < 4) return null
  const others = [
    draft.groupPath,
    draft.taskIn?.limit,
    draft.taskIn?.task,
    draft.limitReached,
    ...draft.stats.map((s) => s.path),
    ...summaryPaths(draft),
  ]
  return others.find((other) => other != null && !isElided(other) && other.startsWith(start) && other.endsWith(end)) ?? null
}

const summaryPaths = (draft: Draft): (string | null)[] => draft.summary?.readings.flatMap((r) => [r.oomMemcg, r.taskMemcg]) ?? []
