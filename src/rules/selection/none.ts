import { say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, lines } from '../evidence.ts'

/** Nothing was killable, the kernel panicked, or nothing was chosen because nothing was killed. */
export const noSelection = defineRule({
  question: 'selection',
  id: 'none',
  title: 'Nothing was chosen',
  needs: [],
  weight: 80,
  evaluate(facts) {
    if (facts.kill !== null || facts.incident.nature === 'dump-without-kill') return null
    if ((facts.incident.proofsBeside ?? []).length > 0) return null
    const { dump, incident } = facts
    const why =
      dump?.panic != null
        ? dump.panic.cause === 'setting'
          ? say`the kernel panicked instead of choosing a process, as it is set to`
          : say`no process could be killed, and the kernel panicked`
        : dump?.noKillable
          ? say`every process that was left is exempt (oom_score_adj −1000), or none was left`
          : incident.nature === 'refused-allocation'
            ? say`the allocation was refused, and nothing had to be killed`
            : incident.nature === 'runtime-heap'
              ? say`the program ended by itself`
              : say`the log tells of no kill`
    return {
      confidence: dump === null || dump.panic !== null || dump.noKillable ? facts.trust : 'medium',
      statement: say`No process was chosen: ${why}.`,
      evidence: evidence(lines(facts, 'panic', 'noKillable', 'header'), eventLines(facts.context.all, 2)),
      against: null,
    }
  },
})
