import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { victimOf } from '../../facts/names.ts'
import { adjustmentOf } from '../../kernel/badness.ts'
import type { Phrase, Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { giveRoom } from '../advice/give-room.ts'
import { lookInside } from '../advice/look-inside.ts'
import { runtimeOf } from '../advice/runtimes/index.ts'
import { subjectOf } from '../advice/subject.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { tableConfidence } from '../selection/table.ts'
import { type Giant, giantOf, isOneOfMany } from './claims.ts'

/** The largest process is protected by its adjustment, holds more than it was promised, and something else was killed for it. */
export const shieldedGiant = defineRule({
  question: 'rootCause',
  id: 'shielded-giant',
  title: 'A protected process holds the memory',
  needs: ['scores'],
  weight: 78,
  evaluate(facts) {
    const giant = giantOf(facts)
    const victim = facts.scores.victim
    if (giant === null || victim === null) return null
    const share = giant.share === null ? say`` : say`, ${percent(Math.min(1, giant.share))} of what was in use`
    return {
      confidence: isOneOfMany(giant) ? 'low' : giant.share === null || giant.by === 'kubelet' ? 'medium' : tableConfidence(facts),
      statement: say`${code(giant.task.row.comm)} (PID ${giant.task.row.pid}) held ${bytes(giant.bytes)}${share}. ${shieldOf(facts, giant)}; ${victimOf(facts)} with ${bytes(victim.row.rssBytes ?? 0)} and an oom_score_adj of ${adjustmentOf(victim.row) ?? 0} was killed ${diesLater(facts, giant) ? 'before it' : 'instead'}.`,
      evidence: evidence([giant.task.row.quote, victim.row.quote], killLines(facts, 1)),
      against: againstIt(giant),
    }
  },
  recommend(facts) {
    const giant = giantOf(facts)
    if (giant !== null && runtimeOf(giant.task.row.comm, '')?.vital === true) return giveRoom(facts, giant.task.row.comm, giant.bytes)
    if (giant === null) return []
    const seen = giant.by === 'own' && subjectOf(facts)?.pid === giant.task.row.pid ? lookInside(facts) : []
    return [
      boundIt(giant, diesLater(facts, giant)),
      ...seen,
      ...(giant.by === 'own' && giant.adj < 0 && !diesLater(facts, giant) ? [takeBack(giant)] : []),
    ]
  },
})

function againstIt(giant: Giant): Phrase | null {
  if (giant.share === null) return say`The log has no memory counters to hold it against.`
  return giant.by === 'kubelet'
    ? say`A Guaranteed pod holds no more than it requested: then those without requests took the rest. Its request is not in the log.`
    : null
}

/** The giant is among the next victims of the same shortage. */
const diesLater = ({ incident }: IncidentFacts, { task }: Giant): boolean => incident.kills.some(({ pid }) => pid === task.row.pid)

function shieldOf(facts: IncidentFacts, giant: Giant): Phrase {
  if (diesLater(facts, giant))
    return say`Its oom_score_adj of ${giant.adj} spared it at first, and it was killed later in the same shortage`
  switch (giant.by) {
    case 'kubelet':
      return say`Its oom_score_adj of ${giant.adj} is set by the kubelet (a Guaranteed or node-critical pod) and kept it alive`
    case 'burstable':
      return say`Its oom_score_adj of ${giant.adj}, from a memory request below what it held, kept it alive`
    case 'own':
      return giant.adj >= 0
        ? say`It was spared because the adjustment of what was killed is higher than its own (${giant.adj})`
        : say`Its oom_score_adj of ${giant.adj} kept it alive`
  }
}

function boundIt(giant: Giant, isDead: boolean): Recommendation {
  const comm = code(giant.task.row.comm)
  const where =
    giant.by === 'own'
      ? say`Give ${comm} a memory limit of its own (its unit's ${code('MemoryMax=')} or its container's)`
      : say`Give the pod of ${comm} a memory limit in its manifest, or lower the one it has`
  const why =
    giant.by === 'kubelet'
      ? say`The kubelet sets oom_score_adj ${giant.adj} for such pods at every start: only the limit binds them.`
      : giant.adj >= 0
        ? say`Others are killed before it, and what has no limit grows at their cost.`
        : say`What is never killed and has no limit grows at the cost of everything else.`
  return {
    text: say`${where}: it held ${bytes(giant.bytes)}. Find out first whether it needs that or grew.`,
    why,
    command: isDead ? null : `cat /proc/${giant.task.row.pid}/cgroup; grep -E 'VmRSS|VmHWM|VmSwap' /proc/${giant.task.row.pid}/status`,
    when: 'now',
    effect: isDead
      ? say`A limit below what it needs kills it again.`
      : say`Changes nothing: the process still lives, and its cgroup names its pod or unit. A limit below what it holds kills it.`,
    lookFirst: true,
    owner: 'platform',
  }
}

function takeBack(giant: Giant): Recommendation {
  return {
    text: say`Raise the oom_score_adj of ${code(giant.task.row.comm)} from ${giant.adj} (in its unit: ${code('OOMScoreAdjust=')}), unless it must outlive everything else.`,
    why: say`While the largest process is spared, the kernel kills many small ones and frees little.`,
    command: `systemctl status ${giant.task.row.pid} --no-pager`,
    when: 'prevent',
    effect: say`The command changes nothing: it names the unit.`,
    lookFirst: true,
    owner: 'platform',
  }
}
