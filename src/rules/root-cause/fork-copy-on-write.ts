import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { bytes, code, say } from '../../text/say.ts'
import { largestFirst } from '../../units/extremes.ts'
import { commandFor } from '../advice/look-inside.ts'
import { subjectOf } from '../advice/subject.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, killLines } from '../evidence.ts'

/** A process and its fork, both of the whole size: pages written during a save are held twice (Redis BGSAVE). */
export const forkCopyOnWrite = defineRule({
  question: 'rootCause',
  id: 'fork-copy-on-write',
  title: 'A fork doubled the memory',
  needs: ['composition'],
  weight: 74,
  evaluate(facts) {
    const pair = pairOf(facts)
    if (facts.kill?.killer !== 'kernel' || pair === null) return null
    const said = facts.context.runtimes.filter(({ event }) => event.runtime === 'redis')
    // Two workers of equal size look the same: only what saves by a fork of itself is suspected of it.
    if (!savesByFork(pair.comm) && said.length === 0) return null
    return {
      confidence: 'medium',
      statement: say`Two processes named ${code(pair.comm)} of nearly the same size (${bytes(pair.sizes[0])} and ${bytes(pair.sizes[1])}): a fork shares its parent's pages until they are written, then holds them twice.`,
      evidence: evidence(pair.quotes, eventLines(said, 1), killLines(facts, 1)),
      against: null,
    }
  },
  recommend(facts) {
    const pair = pairOf(facts)
    if (pair === null) return []
    const subject = subjectOf(facts)
    const ask = 'redis-cli config get save; redis-cli config get maxmemory; redis-cli info persistence | grep -E "rdb_last|aof_last"'
    return [
      {
        text: say`Let a replica do the saves of ${code(pair.comm)}, or leave room for a second copy of ${bytes(pair.sizes[0])}: ${code('maxmemory')} at 60 % of the limit at most.`,
        why: say`During a save (or a full sync of a replica) every page that is written meanwhile is held twice.`,
        command: subject === null ? ask : commandFor(facts, subject, ask),
        when: 'now' as const,
        effect: say`The command changes nothing.`,
        lookFirst: true,
        owner: 'application' as const,
      },
    ]
  },
})

/** They save by a fork of themselves, and never run two of one data set otherwise. */
const savesByFork = (comm: string): boolean => ['redis', 'valkey', 'keydb'].some((name) => comm.startsWith(name))

export function pairOf(facts: IncidentFacts) {
  const held = facts.composition
  const [a, b] = largestFirst(facts.dump?.tasks ?? [], (row) => row.rssBytes)
  if (held === null || a?.rssBytes == null || b?.rssBytes == null || a.comm !== b.comm || a.comm === '') return null
  if (facts.dump?.tasks.filter((row) => row.comm === a.comm).length !== 2) return null
  // A child that saves keeps the size of the fork, while its parent may have grown since.
  if (b.rssBytes < a.rssBytes * (savesByFork(a.comm) ? 0.5 : 0.8) || a.rssBytes < held.usedBytes * 0.3) return null
  return { comm: a.comm, sizes: [a.rssBytes, b.rssBytes] as const, quotes: [a.quote, b.quote] }
}
