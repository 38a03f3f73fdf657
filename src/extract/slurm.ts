import type { UserspaceKillEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { kib } from '../units/bytes.ts'
import { numberOf } from './event-base.ts'
import { killEvent } from './kill-event.ts'
import { lineExtractor } from './line-extractor.ts'

/**
 * `slurmstepd: error: Detected 1 oom-kill event(s) in StepId=123.batch. Some of your processes may have been killed by the cgroup out-of-memory handler.`
 * (≥ 20.02; before `… in step 123.batch cgroup. …`). The kernel did that, Slurm counts it.
 */
const detectedShape =
  /(?<reason>Detected (?<count>\d+) oom[-_]kill event\(?s?\)? in (?:StepId=|step )(?<step>[\w.+]+?)\.?(?: cgroup\.|\s|$).*)/
/** `slurmstepd: error: Job 123 exceeded memory limit (2097152 > 1048576), being killed` (jobacct_gather; KB), `Step 123.0 exceeded memory limit …`. */
const exceededShape =
  /(?<reason>(?<what>Job|Step|StepId=|JobId=)\s?(?<step>[\d_]+(?:\.\w+)?) exceeded (?:virtual )?memory limit \((?<used>\d+) > (?<limit>\d+)\), being killed)/

const jobOf = (step: string | undefined): Pick<UserspaceKillEvent, 'job'> => {
  const job = /^\d+/.exec(step ?? '')?.[0]
  return job === undefined ? {} : { job }
}

function read(record: LogRecord): UserspaceKillEvent | null {
  if (record.writer === 'kernel') return null
  const detected = detectedShape.exec(record.message)?.groups
  if (detected !== undefined) {
    const { reason = null, step } = detected
    return killEvent(record, 'slurm', {
      processes: numberOf(detected['count']),
      monitored: `StepId=${step}`,
      ...jobOf(step),
      reason,
      signal: 'SIGKILL',
      echo: true,
    })
  }
  const exceeded = exceededShape.exec(record.message)?.groups
  if (exceeded === undefined) return null
  return killEvent(record, 'slurm', {
    monitored: `${exceeded['step']?.includes('.') ? 'StepId' : 'JobId'}=${exceeded['step']}`,
    ...jobOf(exceeded['step']),
    reason: exceeded['reason'] ?? null,
    usageBytes: kib(Number(exceeded['used'])),
    memTotalBytes: kib(Number(exceeded['limit'])),
  })
}

/** Slurm's step daemon, in its log or in a job's own output. */
export const slurm = lineExtractor(
  'slurm',
  ['oom-kill event', 'oom_kill event', 'exceeded memory limit', 'exceeded virtual memory limit'],
  read,
)
