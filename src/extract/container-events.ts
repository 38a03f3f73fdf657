import type { ContainerEvent, ContainerRef } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { containerEvent } from './container-event.ts'
import { numberOf, refOf } from './event-base.ts'
import { leadingStamp, momentWith } from './inner-time.ts'
import { lineExtractor } from './line-extractor.ts'

type Attributes = Readonly<Record<string, string | undefined>>

/** Verbs of `docker events` and `podman events` that matter here; an exec's `exec_die` is not the container's. */
const verbs: Readonly<Record<string, ContainerEvent['what']>> = {
  oom: 'oom',
  die: 'died',
  died: 'died',
  kill: 'killing',
  start: 'started',
}

/**
 * `2022-01-14T18:01:55.123456789Z container die 25a3… (exitCode=137, execDuration=12, image=…, name=web)` (docker);
 * `2024-01-31 12:00:00.123456789 +0000 UTC container died 25a3… (image=…, name=web, …)` (podman, its journal entries with ` m=+0.1` after the zone).
 */
const textShape = /^(?:[A-Z]{3,5} )?(?:m=\S+ )?container (?<verb>oom|died?|kill|start) (?<id>[0-9a-f]{12,64}) \((?<attributes>.*)\)$/

function readText(record: LogRecord): ContainerEvent | null {
  const stamped = leadingStamp(record.message)
  const found = textShape.exec(stamped?.rest ?? record.message)?.groups
  if (found === undefined) return null
  const attributes: Record<string, string> = {}
  for (const pair of (found['attributes'] ?? '').split(', ')) {
    const equals = pair.indexOf('=')
    if (equals > 0) attributes[pair.slice(0, equals)] = pair.slice(equals + 1)
  }
  const podman = found['verb'] === 'died' || record.identifier === 'podman'
  const dated = { ...record, moment: momentWith(record, stamped?.stamp ?? null) }
  return eventOf(dated, podman ? 'podman' : 'docker', found['verb'] ?? '', found['id'] ?? '', attributes)
}

/** `docker events --format json`: `{"status":"oom","id":"25a3…","Type":"container","Action":"oom","Actor":{"ID":…,"Attributes":{…}},"timeNano":…}`. */
interface DockerEvent {
  readonly Type?: string
  readonly Action?: string
  readonly Actor?: { readonly ID?: string; readonly Attributes?: Attributes }
  readonly timeNano?: number
}

function readJson(record: LogRecord): ContainerEvent | null {
  const event = parsed(record.message)
  const { Action: action, Actor: actor } = event ?? {}
  if (event?.Type !== 'container' || action === undefined || actor?.ID === undefined) return null
  const epochUs = typeof event.timeNano === 'number' ? Math.floor(event.timeNano / 1000) : null
  const stamp =
    epochUs === null
      ? null
      : ({
          text: String(event.timeNano),
          epochUs,
          localUs: null,
          hasYear: true,
          offsetMinutes: 0,
          zoneName: null,
          precisionUs: 1,
          clock: 'emitted',
        } as const)
  return eventOf({ ...record, moment: momentWith(record, stamp) }, 'docker', action, actor.ID, actor.Attributes ?? {})
}

function parsed(text: string): DockerEvent | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as DockerEvent) : null
  } catch {
    return null
  }
}

function eventOf(record: LogRecord, by: 'docker' | 'podman', verb: string, id: string, attributes: Attributes): ContainerEvent | null {
  const what = verbs[verb]
  if (what === undefined) return null
  const signal = attributes['signal']
  return containerEvent(record, by, what, refOfLabels(id, attributes), {
    exitCode: numberOf(attributes['exitCode'] ?? attributes['containerExitCode']),
    cause: what === 'killing' && signal !== undefined ? `signal ${signal}` : null,
  })
}

/** dockershim and cri-dockerd label their containers with the pod's names; else the container has a name of its own. */
function refOfLabels(containerId: string, attributes: Attributes): ContainerRef {
  return refOf({
    containerId,
    container: attributes['io.kubernetes.container.name'] ?? attributes['name'],
    pod: attributes['io.kubernetes.pod.name'],
    namespace: attributes['io.kubernetes.pod.namespace'],
    podUid: attributes['io.kubernetes.pod.uid'],
  })
}

/** `docker events` and `podman events`, text and JSON, also as podman's journal entries. */
export const containerEvents = lineExtractor(
  'container-events',
  ['container oom ', 'container die', 'container kill ', 'container start ', '"Action":"oom"', '"Action":"die"', '"Action":"kill"'],
  (record) => {
    if (record.writer === 'kernel') return null
    return record.message.startsWith('{') ? readJson(record) : readText(record)
  },
  { literals: ['container die', 'container kill ', 'container start ', '"Action":"die"', '"Action":"kill"'] },
)
