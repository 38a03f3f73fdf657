import { bytes, code, count, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { crowdOf, rowsOf } from './too-many-workers.ts'

/** Hundreds of tasks of one name: a fork bomb, make -j without a number, cron jobs that pile up. */
export const runawayParallelism = defineRule({
  question: 'rootCause',
  id: 'runaway-parallelism',
  title: 'Runaway parallelism',
  needs: ['composition'],
  weight: 73,
  evaluate(facts) {
    const crowd = crowdOf(facts)
    if (facts.kill?.killer !== 'kernel' || crowd === null || crowd.count < 100) return null
    const share = crowd.bytes / facts.composition.usedBytes
    if (share < 0.3) return null
    return {
      confidence: share >= 0.7 && facts.composition.main.id === 'anon' ? facts.trust : 'medium',
      statement: say`${count(crowd.count)} processes named ${code(crowd.comm)} ran at once and held ${bytes(crowd.bytes)} (${percent(Math.min(1, share))} of what was in use).`,
      evidence: evidence(rowsOf(facts, crowd.comm), lines(facts, 'tableHead', 'memory'), killLines(facts, 1)),
      against: null,
    }
  },
  recommend(facts) {
    const crowd = crowdOf(facts)
    if (crowd === null) return []
    return [
      {
        text: say`Cap how many ${code(crowd.comm)} may run at once (there were ${count(crowd.count)}), by the program's own option or a pids limit.`,
        why: say`What is started without bound has no memory limit that fits.`,
        command: 'systemctl show -p TasksCurrent -p TasksMax; cat /sys/fs/cgroup/pids.max',
        when: 'now' as const,
      },
    ]
  },
})
