import type { LossMark } from '../../model/event.ts'
import type { Finding } from '../../model/finding.ts'
import type { PlacedEvent } from '../../model/incident.ts'
import { code, count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule } from './scene.ts'

const SENTENCES: Readonly<Record<LossMark['what'], string>> = {
  'printk-dropped': 'The kernel dropped messages before they were read',
  'callbacks-suppressed': 'The kernel suppressed messages by its rate limit',
  'journal-missed': 'journald missed kernel messages',
  'kmsg-overrun': 'The kernel’s buffer was overrun and messages were lost',
  'syslog-lost': 'syslog lost messages',
  elision: 'Somebody left lines out of this text',
}

/** Lines known to be lost among which kills may have been. One finding a kind and source. */
export const eventsLost: FindingRule = (scene) => {
  const groups = new Map<string, PlacedEvent<LossMark>[]>()
  for (const placed of scene.of('loss')) {
    if (placed.event.of === 'others') continue
    const key = `${placed.event.quotes[0]?.source ?? ''}\0${placed.event.what}\0${placed.event.subject ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), placed])
  }
  const relevant = scene.timeline.incidents.length > 0
  return [...groups.values()].flatMap((group): readonly Finding[] => {
    const [first] = group
    if (first === undefined || (!relevant && first.event.of !== 'kill-reports')) return []
    const sum = group.reduce((total, { event }) => total + (event.count ?? 0), 0)
    const many = sum > 0 ? say` (${count(sum)})` : say``
    const subject = first.event.subject === null ? say`` : say` of ${code(first.event.subject)}`
    return [
      {
        id: 'events-lost',
        statement: say`${SENTENCES[first.event.what]}${subject}${many}: ${consequence(first.event)}.`,
        workload: null,
        evidence: evidence(group.slice(0, 3).map(({ event }) => event.quotes[0] ?? null)),
      },
    ]
  })
}

/** The kernel's limit is on its reports; "Killed process" is printed without one (mm/oom_kill.c). */
function consequence({ of }: LossMark): string {
  if (of === 'kill-reports') return 'reports are missing, and of those kills only their own line is there'
  if (of === 'node-services') return 'what became of kills may be missing'
  return 'there may have been more kills than the log shows'
}
