import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { stemOf } from '../../text/names.ts'
import { bytes, code, count, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { byShare, ofWhat } from './held.ts'
import { manyPods } from './pods.ts'
import { isAnonymous, isOneOfTwo, largestShare } from './process-share.ts'

/** Anonymous memory of many processes, none of which holds half of it. */
export const manyProcesses = defineRule({
  question: 'consumer',
  id: 'many-processes',
  title: 'The sum of many processes',
  needs: [],
  weight: 60,
  evaluate(facts) {
    const held = facts.composition
    if (held === null) return manyPods(facts)
    if (!isAnonymous(held) || held.processes < 2) return null
    const own = largestShare(facts, held)
    const [top] = held.groups
    if (own === null || (own.ofAnon >= 0.5 && !isOneOfTwo(held)) || top === undefined) return null
    // A table that explains less than half of it (cut, or filtered) does not show who held the rest.
    const listed = facts.dump?.tasks.reduce((sum, row) => sum + (row.rssBytes ?? 0) + (row.swapBytes ?? 0), 0) ?? 0
    if (listed < held.main.bytes * 0.5) return null
    const total = held.scope === 'memcg' ? held.usedBytes : held.totalBytes
    const many =
      top.count > 1
        ? say`${count(top.count)} processes named ${code(top.comm)} ${together(residentOf(facts, top.comm), top.bytes, total)}`
        : held.second === null
          ? say`the largest, ${code(own.comm)}, held ${bytes(own.bytes)}`
          : say`the largest are ${code(own.comm)} with ${bytes(own.bytes)} and ${code(held.second.row.comm)} with ${bytes(held.second.bytes)}`
    const complete = facts.dump?.tasksComplete === true
    const confidence = byShare(facts, held.main.share)
    // Whose memory lies on a node or in a zone is not printed: one alone may hold half of it, unless none is that large.
    const open = held.scope === 'part' && own.ofAnon >= 0.5
    return {
      confidence: confidence === 'high' && (!complete || open || held.from === 'tasks') ? 'medium' : confidence,
      statement: open
        ? say`Memory of processes took ${bytes(held.main.bytes)}, ${percent(held.main.bytes / total)} of ${ofWhat(held)}; on the whole machine ${many}: how much of each lay there is not printed.`
        : say`${count(held.processes)} processes together held ${bytes(held.main.bytes)} of memory of their own, ${percent(held.main.bytes / total)} of ${ofWhat(held)}; ${many}.`,
      evidence: evidence(
        counterLines(facts, 'anon', 'total_rss', 'rss', 'active_anon'),
        [own.quote],
        killLines(facts, 1),
        lines(facts, 'memory', 'tableHead'),
      ),
      against: null,
    }
  },
})

/** What they share is counted once for each: a sum above what there is tells nothing, and what is theirs alone is told instead. */
const together = (resident: number, own: number, total: number) =>
  resident > total ? say`held ${bytes(own)} of it` : say`had ${bytes(resident)} resident together`

/** Resident memory of all processes of one name, as the table by name shows it. */
const residentOf = (facts: IncidentFacts, comm: string): number =>
  facts.dump?.tasks.reduce((sum, row) => sum + (isNamed(row.comm, comm) ? (row.rssBytes ?? 0) : 0), 0) ?? 0

/** `worker*` stands for `worker-1`, `worker-2` …: a crowd whose names end in numbers. */
const isNamed = (comm: string, name: string): boolean => comm === name || (name.endsWith('*') && stemOf(comm) === name.slice(0, -1))
