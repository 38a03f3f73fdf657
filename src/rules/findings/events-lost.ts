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
    if (!mayHideKills(placed.event)) continue
    const key = `${placed.event.quotes[0]?.source ?? ''}\0${placed.event.what}\0${placed.event.subject ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), placed])
  }
  const relevant = scene.timeline.incidents.length > 0
  return [...groups.values()].flatMap((group): readonly Finding[] => {
    const [first] = group
    if (first === undefined || (!relevant && !isAboutKills(first.event.subject))) return []
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

/**
 * Rate limits are per caller: those of audit, the network and of other programs' messages take no line of a kill away (kernel lib/ratelimit.c; journald's limit
 * is per unit and never for the kernel; imuxsock's per process).
 */
function mayHideKills({ what, subject }: LossMark): boolean {
  if (what === 'callbacks-suppressed') return subject === null || isAboutKills(subject)
  if (what === 'journal-missed') return subject === null || ofNodeServices.test(subject)
  if (what === 'syslog-lost') return subject === null || subject !== 'imuxsock'
  return true
}

const ofNodeServices = /kernel|kubelet|k3s|rke2|containerd|crio|docker/

/** The kernel's limit is on its reports; "Killed process" is printed without one (mm/oom_kill.c). */
function consequence({ what, subject }: LossMark): string {
  if (what === 'callbacks-suppressed' && subject !== null) return 'reports are missing, and of those kills only their own line is there'
  if (what === 'journal-missed' && subject !== null && !/kernel/.test(subject)) return 'what became of kills may be missing'
  return 'there may have been more kills than the log shows'
}

const isAboutKills = (subject: string | null): boolean => subject !== null && /oom|pagefault/.test(subject)
