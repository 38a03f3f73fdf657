import { withoutStar } from '../../text/names.ts'
import { bytes, code, count, percent, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { boundRuntime } from '../advice/bound-runtime.ts'
import { runtimeOf } from '../advice/runtimes/index.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { crowdOf, ownContainer, rowsOf } from './too-many-workers.ts'

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
    const comm = withoutStar(crowd.comm)
    const runtime = runtimeOf(comm, '')
    const setting = runtime?.number ?? null
    const bound = runtime?.heapless === true ? [] : boundRuntime(facts)
    return [
      {
        text: say`Find out who starts so many ${code(comm)} processes, and why they do not end (a job that overlaps itself, a retry loop, a parallelism without a limit).`,
        why: say`${count(crowd.count)} of them were there at once: their parent tells where they come from.`,
        // By the name's beginning: `worker` is in `kworker` too, and each of a crowd may have a number of its own in its name.
        command: `ps -eo ppid=,comm= | awk -v name=${shellWord(comm)} 'index(substr($0, index($0, $2)), name) == 1 { print $1 }' | sort | uniq -c | sort -rn | head  # number, parent`,
        when: 'now' as const,
        effect: say`Changes nothing.`,
        owner: 'platform' as const,
      },
      // What governs their number is said below: for a job that ends, and by who has a setting for it.
      ...(bound.length > 0 && (runtime?.ends === true || setting !== null)
        ? []
        : [
            {
              text: say`Cap how many ${code(crowd.comm)} may run at once: by the program's own option, ${code('flock -n')} for a job, ${code('TasksMax=')} of its unit, or a limit of pids.`,
              why: say`No memory limit fits what is started without a limit on its number.`,
              command: 'systemctl show -p TasksMax -p TasksCurrent user.slice system.slice',
              when: 'prevent' as const,
              effect: say`The command changes nothing.`,
              lookFirst: true,
              owner: 'application' as const,
            },
          ]),
      ...ownContainer(facts),
      ...bound,
    ]
  },
})
