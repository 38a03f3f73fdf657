import { consequences, consumers, limits, patterns, selections } from './answers.ts'
import type { Term } from './define-term.ts'
import { rootCauses } from './root-causes.ts'
import { words } from './words.ts'

export type { Term } from './define-term.ts'

/** The ids of one question are looked up with their question, since `unknown` and `fragmentation` stand under several. */
export const answersOf: Readonly<Record<string, Readonly<Record<string, Term>>>> = {
  limit: limits,
  consumer: consumers,
  selection: selections,
  consequence: consequences,
  pattern: patterns,
  rootCause: rootCauses,
}

/** Other names of the same thing. */
const aliases: Readonly<Record<string, string>> = {
  gfpmask: 'gfp_mask',
  gfp_flags: 'gfp_mask',
  oomscoreadj: 'oom_score_adj',
  score: 'badness',
  oom_score: 'badness',
  memory_cgroup: 'memcg',
  cgroup: 'memcg',
  invoker: 'trigger',
  'anon-rss-bytes': 'anon-rss',
  anonrssbytes: 'anon-rss',
  filerssbytes: 'file-rss',
  shmemrssbytes: 'shmem-rss',
  totalvmbytes: 'total-vm',
  total_vm: 'total-vm',
  pgtables_bytes: 'pgtables',
  pgtablesbytes: 'pgtables',
  swapbytes: 'swapents',
  qosclass: 'qos',
  guaranteed: 'qos',
  burstable: 'qos',
  besteffort: 'qos',
  137: 'exit-137',
  watermark: 'watermarks',
  min: 'watermarks',
  pressure: 'psi',
  tmpfs: 'shared-memory',
  shmem: 'shared-memory',
  slab: 'kernel-slab',
  'oom-killed': 'oomkilled',
  constraint_memcg: 'constraint',
  constraint_none: 'constraint',
  reaper: 'oom_reaper',
}

/** Every term that `explain` knows, sorted. */
export function termNames(): readonly string[] {
  const all = new Set(Object.keys(words))
  for (const table of Object.values(answersOf)) for (const id of Object.keys(table)) if (id !== 'unknown') all.add(id)
  return [...all].sort()
}

/** What a field, flag or answer means, from the same texts that the report uses; `null` for an unknown term (see `nearTerms`). */
export function explainTerm(name: string): Term | null {
  const key = name.trim().toLowerCase().replace(/[\s]+/g, '_')
  if (key === '') return null
  for (const candidate of [key, key.replaceAll('_', '-'), key.replaceAll('-', '_'), aliases[key] ?? '']) {
    for (const table of [words, ...Object.values(answersOf)]) {
      const found = Object.hasOwn(table, candidate) ? table[candidate] : undefined
      if (found !== undefined && candidate !== 'unknown') return found
    }
  }
  return null
}

/** Up to five known terms that look like `name`, the nearest first. */
export function nearTerms(name: string): readonly string[] {
  const wanted = squeeze(name)
  if (wanted === '') return []
  return termNames()
    .map((term) => ({ term, distance: distanceOf(wanted, squeeze(term)) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance || (a.term < b.term ? -1 : 1))
    .slice(0, 5)
    .map(({ term }) => term)
}

const squeeze = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 40)

/** Edits between two words; a word that holds the other is near. */
function distanceOf(a: string, b: string): number {
  if (b.includes(a) || a.includes(b)) return 0.5
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] as number
}
