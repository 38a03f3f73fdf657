import type { KillPrefix } from './item.ts'

/** What stands before `Killed process`, and which killer it is (mm/oom_kill.c, mm/memcontrol.c of all eras). */
export const killPrefixes: readonly (readonly [string, KillPrefix])[] = [
  ['Memory cgroup out of memory: ', 'memcg'],
  ['Out of memory (oom_kill_allocating_task): ', 'allocating-task'],
  ['Out of memory (out_of_memory): ', 'global'],
  ['Out of memory: ', 'global'],
  ['Out of Memory: ', 'global'],
  ['No available memory (MPOL_BIND): ', 'mpol-bind'],
  ['No available memory in cpuset: ', 'cpuset'],
]

/** `OOM[12]: ` stands before the prefix in a proposed patch. */
export function splitPrefix(text: string): { prefix: KillPrefix | null; rest: string } {
  const start = text.replace(/^OOM\[\d+\]: /, '')
  for (const [words, prefix] of killPrefixes) if (start.startsWith(words)) return { prefix, rest: start.slice(words.length) }
  return { prefix: null, rest: start }
}
