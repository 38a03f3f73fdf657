import { limitSourceOf, managerOf, ownerOf } from '../../kube/owner.ts'
import type { ObjectEvent } from '../../model/event.ts'
import type { PodSnapshot } from '../../model/snapshot.ts'
import { bytesOfQuantity } from '../../units/bytes.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { podEnd } from '../pod-end.ts'
import { describedContainers } from './describe-container.ts'
import { type EventOwner, eventsOf, fieldsOf, pairsOf, type Section, sectionOf, sectionsOf, sectionValue } from './describe-lines.ts'
import { qosClassOf } from './manifest-pod.ts'
import { firstLines, hasHeading, newFacts, type Page, pageOf, quoteAt, toldAt } from './page.ts'
import { parseRfc1123 } from './times.ts'

/** Level-0 keys of kubectl describe pod, 1.5 to 1.36 (staging/src/k8s.io/kubectl/pkg/describe). */
export const POD_KEYS: ReadonlySet<string> = new Set([
  'Name',
  'Namespace',
  'Priority',
  'Priority Class Name',
  'PriorityClassName',
  'Runtime Class Name',
  'Service Account',
  'Node',
  'Start Time',
  'Labels',
  'Annotations',
  'Status',
  'Termination Grace Period',
  'Reason',
  'Message',
  'SeccompProfile',
  'Security Policy',
  'IP',
  'IPs',
  'Controlled By',
  'Controllers',
  'Created By',
  'NominatedNodeName',
  'Resources',
  'Init Containers',
  'Containers',
  'Ephemeral Containers',
  'Readiness Gates',
  'Conditions',
  'Volumes',
  'QoS Class',
  'Node-Selectors',
  'Tolerations',
  'Topology Spread Constraints',
  'Events',
])

const POD_HEAD = /^Name:\s+\S+$/
const BELONGS = /^(?:Namespace|Priority|Node|Status|Service Account|Start Time|Controlled By|QoS Class|IP):\s/

export const describePod: DocumentReader = {
  id: 'describe-pod',
  title: 'Description of pods',
  writtenBy: 'kubectl describe pod, oc describe pod',
  seen: 'real',
  sniff(head) {
    const lines = firstLines(head, 400)
    const start = lines.findIndex((line, at) => POD_HEAD.test(line.trimEnd()) && /^Namespace:\s+\S/.test(lines[at + 1] ?? ''))
    if (start === -1 || start > 20 || hasHeading(lines.slice(0, start))) return 'none'
    const rest = lines.slice(start)
    const proofs = ['Node:', 'Status:', 'Start Time:', 'Containers:', 'IP:', 'QoS Class:', 'Priority:', 'Service Account:']
    const count = proofs.filter((proof) => rest.some((line) => line.startsWith(proof))).length
    return count >= 4 ? 'strong' : count >= 2 && rest.some((line) => /^(?:Node|Containers):/.test(line)) ? 'weak' : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const facts = newFacts()
    for (const [from, to] of podRanges(page)) {
      const described = describedPod(page, from, to)
      facts.snapshots.push(described.pod)
      facts.events.push(...described.events)
    }
    return facts
  },
}

/** Several pods stand in one file, two blank lines apart: each begins at `Name:` followed by a key of a pod. */
function podRanges(page: Page): [number, number][] {
  const starts: number[] = []
  for (const [index, line] of page.lines.entries()) {
    if (POD_HEAD.test(line.trimEnd()) && BELONGS.test(page.lines[index + 1] ?? '')) starts.push(index)
  }
  return starts.map((start, at) => [start, starts[at + 1] ?? page.lines.length])
}

/** The pod that lines `from` to `to` describe; a fragment without its head has the empty name. */
export function describedPod(page: Page, from: number, to: number): { pod: PodSnapshot; events: ObjectEvent[] } {
  const sections = sectionsOf(page, from, to, POD_KEYS)
  const name = sectionValue(sections, 'Name') ?? ''
  const namespace = sectionValue(sections, 'Namespace')
  const node = (sectionValue(sections, 'Node') ?? '').split('/')[0] || null
  const owner: EventOwner = { objectKind: 'Pod', namespace, name, host: null }
  const events = eventsOf(page, sectionOf(sections, 'Events'), owner)
  const annotations = pairsOf(page, sectionOf(sections, 'Annotations'), ': ')
  const status = sectionValue(sections, 'Status')
  const reason = sectionValue(sections, 'Reason') ?? (status?.startsWith('Terminating') === true ? 'Terminating' : null)
  const message = messageOf(page, sectionOf(sections, 'Message'))
  const pod: PodSnapshot = {
    kind: 'pod',
    source: page.source,
    namespace,
    name,
    // describe prints no uid, but the kubelet's back-off events do
    uid: events.find((event) => event.uid !== null)?.uid ?? null,
    configHash: annotations['kubernetes.io/config.hash'] ?? annotations['kubernetes.io/config.mirror'] ?? null,
    node,
    owner: ownerOf({ controller: controllerOf(sections), labels: pairsOf(page, sectionOf(sections, 'Labels'), '=') }),
    managedBy: managerOf(pairsOf(page, sectionOf(sections, 'Labels'), '=')),
    openshift: annotations['openshift.io/scc'] !== undefined,
    limitSource: limitSourceOf(annotations),
    qosClass: qosClassOf(sectionValue(sections, 'QoS Class')),
    // `Terminating (lasts 5m)` stands in for the phase of a pod that is being deleted
    phase: status === null || status.startsWith('Terminating') ? null : status,
    reason,
    message,
    ...podEnd(reason, message),
    startUs: parseRfc1123(sectionValue(sections, 'Start Time') ?? '')?.epochUs ?? null,
    deletionUs: null,
    ...podResources(page, sectionOf(sections, 'Resources')),
    containers: describedContainers(page, sections),
    memoryVolumes: memoryVolumes(page, sections),
    diskVolumes: diskVolumes(page, sections),
    restartPolicy: null,
    quotes: [from, ...['Reason', 'Message'].map((key) => sectionOf(sections, key)?.index ?? -1)]
      .filter((index) => index >= 0)
      .map((index) => quoteAt(page, index)),
  }
  return { pod, events }
}

function messageOf(page: Page, section: Section | null): string | null {
  if (section === null || section.value === '') return null
  return [section.value, ...page.lines.slice(section.index + 1, section.end)].join('\n').trimEnd()
}

function controllerOf(sections: readonly Section[]): { kind: string; name: string } | null {
  const [kind, name] = (sectionValue(sections, 'Controlled By', 'Controllers') ?? '').split('/')
  return kind === undefined || name === undefined ? null : { kind, name }
}

function podResources(page: Page, section: Section | null): Pick<PodSnapshot, 'limitBytes' | 'requestBytes'> {
  const memory = (group: string): PodSnapshot['limitBytes'] => {
    if (section === null) return null
    const field = fieldsOf(page, section.index + 1, section.end, 2).find((one) => one.key === group)
    const inside = field === undefined ? undefined : fieldsOf(page, field.index + 1, field.end, 4).find((one) => one.key === 'memory')
    const bytes = inside === undefined ? null : bytesOfQuantity(inside.value)
    return inside === undefined || bytes === null ? null : toldAt(page, inside.index, bytes)
  }
  return { limitBytes: memory('Limits'), requestBytes: memory('Requests') }
}

/** `Volumes:` has `Medium: Memory` for a tmpfs. */
function memoryVolumes(page: Page, sections: readonly Section[]): PodSnapshot['memoryVolumes'] {
  const section = sectionOf(sections, 'Volumes')
  if (section === null) return []
  const volumes: PodSnapshot['memoryVolumes'][number][] = []
  for (const volume of fieldsOf(page, section.index + 1, section.end, 2)) {
    const fields = fieldsOf(page, volume.index + 1, volume.end, 4)
    const medium = fields.find((field) => field.key === 'Medium')
    if (medium === undefined || medium.value !== 'Memory') continue
    const size = fields.find((field) => field.key === 'SizeLimit')
    volumes.push({
      name: volume.key,
      sizeLimitBytes: size === undefined ? null : bytesOfQuantity(size.value),
      quotes: [volume.index, medium.index, ...(size === undefined ? [] : [size.index])].map((index) => quoteAt(page, index)),
    })
  }
  return volumes
}

/** `Type:       EmptyDir (a temporary directory that shares a pod's lifetime)`, with an empty `Medium:` where it lies on disk. */
function diskVolumes(page: Page, sections: readonly Section[]): NonNullable<PodSnapshot['diskVolumes']> {
  const section = sectionOf(sections, 'Volumes')
  if (section === null) return []
  return fieldsOf(page, section.index + 1, section.end, 2).flatMap((volume) => {
    const fields = fieldsOf(page, volume.index + 1, volume.end, 4)
    const type = fields.find((field) => field.key === 'Type')
    const onDisk = type?.value.startsWith('EmptyDir') === true && fields.find((field) => field.key === 'Medium')?.value !== 'Memory'
    return onDisk ? [{ name: volume.key, quotes: [volume.index, type.index].map((index) => quoteAt(page, index)) }] : []
  })
}
