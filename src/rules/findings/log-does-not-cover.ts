import type { Phrase } from '../../model/diagnosis.ts'
import type { Coverage } from '../../model/incident.ts'
import { code, instant, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule } from './scene.ts'

/** OOMKilled in a status, and no kernel line of it: the log does not reach there, lost it, or is of another machine (§1.3). */
export const logDoesNotCover: FindingRule = (scene) =>
  scene.timeline.incidents.flatMap((incident) => {
    const kill = incident.kills.find((one) => one.killer === 'kernel' && one.dump === null)
    if (kill === undefined) return []
    const who = kill.workload?.pod ?? kill.target?.pod ?? kill.workload?.container ?? kill.workload?.unit ?? kill.comm ?? incident.host
    const told = kill.target?.pod != null ? say`the status of ${code(kill.target.pod)}` : say`the input`
    return [
      {
        id: 'log-does-not-cover',
        statement: say`No kernel line tells of the out-of-memory kill${who === null || kill.target?.pod != null ? say`` : say` of ${code(who)}`} that ${told} reports: ${why(incident.coverage, kill.at.epochUs)}.`,
        workload: kill.workload,
        evidence: evidence(kill.evidence.slice(0, 3)),
      },
    ]
  })

function why(coverage: Coverage, at: number | null): Phrase {
  const { kernel, kernelFromUs, kernelToUs } = coverage
  if (!kernel) return say`there is no kernel log of that node in the input`
  if (at !== null && kernelFromUs !== null && at < kernelFromUs) return say`the kernel log begins only at ${instant(kernelFromUs)}`
  if (at !== null && kernelToUs !== null && at > kernelToUs) return say`the kernel log ends at ${instant(kernelToUs)}`
  return say`the kernel log in the input has no such line: lines were lost, or it is of another boot or machine`
}
