import type { ContainerEvent } from '../../model/event.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { refOf } from '../event-base.ts'
import { firstLines, newFacts, type Page, pageOf, quoteAt } from './page.ts'
import { momentOf, parseRfc3339, stampOf } from './times.ts'

/** `2026-11-24 07:48:03.116028624 +0000 UTC k8s.io /tasks/oom {"container_id":"…"}`: ctr events. */
const CTR =
  /^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})? [+-]\d{4} [A-Z]+) (?<namespace>\S+) \/(?<topic>(?:tasks|containers)\/[a-z-]+) (?<json>\{.*)$/
/** `2022-01-14T18:01:55.123456789Z container oom <id> (image=…, name=…)`: docker events, podman events. */
const DOCKER =
  /^(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)(?: [A-Z]+)?) container (?<what>[a-z_]+) (?<id>[0-9a-f]{12,64}) \((?<attributes>.*)\)$/

const CTR_TOPICS: Readonly<Record<string, ContainerEvent['what']>> = {
  'tasks/oom': 'oom',
  'tasks/exit': 'exit',
  'tasks/start': 'started',
  'tasks/create': 'created',
}
const DOCKER_WORDS: Readonly<Record<string, ContainerEvent['what']>> = {
  oom: 'oom',
  die: 'died',
  died: 'died',
  kill: 'killing',
  start: 'started',
  create: 'created',
  stop: 'stop-requested',
}

export const runtimeEvents: DocumentReader = {
  id: 'runtime-events',
  title: 'Events of a container runtime',
  writtenBy: 'ctr events, docker events, podman events',
  seen: 'real',
  sniff: (head) => (firstLines(head, 3).some((line) => CTR.test(line) || DOCKER.test(line)) ? 'strong' : 'none'),
  read(document) {
    const page = pageOf(document)
    const facts = newFacts()
    for (const index of page.lines.keys()) {
      const event = ctrEvent(page, index) ?? dockerEvent(page, index)
      if (event !== null) facts.events.push(event)
    }
    return facts
  },
}

function ctrEvent(page: Page, index: number): ContainerEvent | null {
  const groups = CTR.exec(page.lines[index] ?? '')?.groups
  const what = CTR_TOPICS[groups?.['topic'] ?? '']
  if (groups === undefined || what === undefined) return null
  const json = groups['json'] ?? ''
  const containerId = /"container_id":"(?<id>[^"]+)"/.exec(json)?.groups?.['id']
  // an exec's exit carries the container's id too; the container's own process has the same `id`
  const execId = /,"id":"(?<id>[^"]+)"/.exec(json)?.groups?.['id']
  if (what === 'exit' && execId !== undefined && execId !== containerId) return null
  return eventOf(page, index, groups['time'] ?? '', {
    what,
    by: 'containerd',
    target: refOf({ containerId }),
    exitCode: numberIn(json, /"exit_status":(?<n>\d+)/) ?? (what === 'exit' ? 0 : null),
    pid: numberIn(json, /"pid":(?<n>\d+)/),
  })
}

function dockerEvent(page: Page, index: number): ContainerEvent | null {
  const groups = DOCKER.exec(page.lines[index] ?? '')?.groups
  const what = DOCKER_WORDS[groups?.['what'] ?? '']
  if (groups === undefined || what === undefined) return null
  const attributes = groups['attributes'] ?? ''
  const attribute = (name: string): string | undefined => new RegExp(`(?:^|, )${name}=(?<value>[^,]*)`).exec(attributes)?.groups?.['value']
  return eventOf(page, index, groups['time'] ?? '', {
    what,
    by: groups['what'] === 'died' ? 'podman' : 'docker',
    target: refOf({
      containerId: groups['id'],
      container: attribute('io\\.kubernetes\\.container\\.name') ?? attribute('name'),
      pod: attribute('io\\.kubernetes\\.pod\\.name'),
      namespace: attribute('io\\.kubernetes\\.pod\\.namespace'),
      podUid: attribute('io\\.kubernetes\\.pod\\.uid'),
    }),
    exitCode: numberIn(attributes, /(?:^|, )(?:exitCode|containerExitCode)=(?<n>\d+)/),
    pid: null,
  })
}

const numberIn = (text: string, shape: RegExp): number | null => {
  const digits = shape.exec(text)?.groups?.['n']
  return digits === undefined ? null : Number(digits)
}

function eventOf(
  page: Page,
  index: number,
  time: string,
  parts: Pick<ContainerEvent, 'what' | 'by' | 'target' | 'exitCode' | 'pid'>,
): ContainerEvent {
  const parsed = parseRfc3339(time)
  return {
    kind: 'container',
    moment: momentOf(parsed === null ? null : stampOf(time, parsed)),
    host: null,
    bootId: null,
    writer: 'userspace',
    quotes: [quoteAt(page, index)],
    ...parts,
    reason: null,
    cause: null,
    ...(parts.what === 'stop-requested' || parts.what === 'killing' ? { stop: 'other' } : {}),
    gracePeriodSeconds: null,
  }
}
