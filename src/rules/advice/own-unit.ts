import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { changesBefore } from '../changes.ts'
import { roundDown, systemdSize } from './sizes.ts'
import type { Suggestion } from './suggest.ts'

/** Units that only start what others wrote: a limit of theirs is shared by all that they start. */
const STARTERS: ReadonlySet<string> = new Set(['cron.service', 'crond.service', 'cronie.service', 'anacron.service', 'atd.service'])

/** `MemoryHigh=` at this share of `MemoryMax=`: the job is slowed down before it is killed. */
const HIGH = 0.8

/** A job of cron is given a unit of its own instead of raising what all jobs share; nothing where the unit is the program's own. */
export function unitOfItsOwn(facts: IncidentFacts, suggestion: Extract<Suggestion, { kind: 'size' }>): Recommendation | null {
  const unit = facts.limitCgroup?.unit ?? null
  const comm = facts.composition?.largest?.row.comm ?? facts.kill?.comm ?? null
  if (unit === null || comm === null || !STARTERS.has(unit)) return null
  const job = changesBefore(facts).find(({ what }) => what === 'job') ?? null
  const size = suggestion.bytes
  const front = `systemd-run --scope -p MemoryHigh=${systemdSize(roundDown(size * HIGH))} -p MemoryMax=${systemdSize(size)}`
  return {
    text: say`Give ${job === null ? say`the job that runs ${code(comm)}` : say`the job ${code(job.name)}`} a unit of its own instead of raising ${code(unit)}: put ${code(front)} in front of its command, or make a timer of it. It may then use ${bytes(size)}.`,
    why: say`All jobs share the limit of ${code(unit)}, and when one of them reaches it the kernel may kill another.`,
    command: `grep -rn -e ${shellWord(comm)} /etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily /var/spool/cron`,
    when: 'now',
    effect: say`The command changes nothing: it finds where the job stands. In force from its next run.`,
    lookFirst: true,
    owner: 'platform',
  }
}
