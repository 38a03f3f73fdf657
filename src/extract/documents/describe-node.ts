import type { ClockSnapshot, NodePod, NodeSnapshot } from '../../model/snapshot.ts'
import { bytesOfQuantity } from '../../units/bytes.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { eventsOf, fieldsOf, type Section, sectionOf, sectionsOf, sectionValue } from './describe-lines.ts'
import { plainBootId } from './manifest-node.ts'
import { firstLines, hasHeading, newFacts, type Page, pageOf, quoteAt, toldAt } from './page.ts'
import { said, type Table, tableOf } from './table.ts'
import { parseRfc1123 } from './times.ts'

/** Level-0 keys of kubectl describe node, 1.5 to 1.36. */
const KEYS: ReadonlySet<string> = new Set([
  'Name',
  'Role',
  'Roles',
  'Labels',
  'Annotations',
  'CreationTimestamp',
  'Taints',
  'Unschedulable',
  'Lease',
  'Conditions',
  'Addresses',
  'Capacity',
  'Allocatable',
  'Node-Local ResourceSlices',
  'System Info',
  'PodCIDR',
  'PodCIDRs',
  'ProviderID',
  'ExternalID',
  'Phase',
  'Non-terminated Pods',
  'Allocated resources',
  'Events',
])

const NODE_HEAD = /^Name:\s+\S+$/
/** What stands below the name of a described node. */
export const NODE_HEAD_SECOND = /^(?:Roles?|Labels):/

export const describeNode: DocumentReader = {
  id: 'describe-node',
  title: 'Description of nodes',
  writtenBy: 'kubectl describe node, oc describe node',
  seen: 'real',
  sniff(head) {
    const lines = firstLines(head, 400)
    const start = lines.findIndex((line, at) => NODE_HEAD.test(line.trimEnd()) && NODE_HEAD_SECOND.test(lines[at + 1] ?? ''))
    if (start === -1 || start > 20 || hasHeading(lines.slice(0, start))) return 'none'
    const proofs = [
      'CreationTimestamp:',
      'Taints:',
      'Unschedulable:',
      'Conditions:',
      'Addresses:',
      'Capacity:',
      'System Info:',
      'Allocatable:',
      'Non-terminated Pods:',
      'Allocated resources:',
    ]
    return proofs.filter((proof) => lines.some((line) => line.startsWith(proof))).length >= 3 ? 'strong' : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const facts = newFacts()
    const starts: number[] = []
    for (const [index, line] of page.lines.entries()) {
      if (NODE_HEAD.test(line.trimEnd()) && NODE_HEAD_SECOND.test(page.lines[index + 1] ?? '')) starts.push(index)
    }
    for (const [at, start] of starts.entries()) {
      const sections = sectionsOf(page, start, starts[at + 1] ?? page.lines.length, KEYS)
      const name = sectionValue(sections, 'Name') ?? ''
      facts.snapshots.push(describedNode(page, sections, name), ...leaseClock(page, sectionOf(sections, 'Lease'), name))
      facts.events.push(...eventsOf(page, sectionOf(sections, 'Events'), { objectKind: 'Node', namespace: null, name, host: name }))
    }
    return facts
  },
}

function describedNode(page: Page, sections: readonly Section[], name: string): NodeSnapshot {
  const info = sectionOf(sections, 'System Info')
  const fields = info === null ? [] : fieldsOf(page, info.index + 1, info.end, 1).concat(fieldsOf(page, info.index + 1, info.end, 2))
  const about = (key: string): string | null => said(fields.find((field) => field.key === key)?.value ?? '')
  const quoted = ['Boot ID', 'Kubelet Version'].map((key) => fields.find((field) => field.key === key)?.index ?? -1)
  return {
    kind: 'node',
    source: page.source,
    name,
    capacityBytes: memoryOf(page, sectionOf(sections, 'Capacity')),
    allocatableBytes: memoryOf(page, sectionOf(sections, 'Allocatable')),
    bootId: plainBootId(about('Boot ID')),
    kernelVersion: about('Kernel Version'),
    kubeletVersion: about('Kubelet Version'),
    osImage: about('OS Image'),
    memoryPressure: pressureOf(page, sectionOf(sections, 'Conditions')),
    allocated: allocatedOf(page, sectionOf(sections, 'Allocated resources')),
    ...podsOf(page, sectionOf(sections, 'Non-terminated Pods')),
    quotes: [sectionOf(sections, 'Name')?.index ?? -1, ...quoted].filter((index) => index >= 0).map((index) => quoteAt(page, index)),
  }
}

/** `  RenewTime:       Tue, 24 Nov 2026 13:21:20 +0530`: a live kubelet renews every 10 s, so the output is little younger than this. */
function leaseClock(page: Page, section: Section | null, host: string): ClockSnapshot[] {
  const field = section === null ? undefined : fieldsOf(page, section.index + 1, section.end, 2).find((one) => one.key === 'RenewTime')
  const renewed = field === undefined ? null : parseRfc1123(field.value)
  if (field === undefined || renewed === null) return []
  return [
    {
      kind: 'clock',
      source: page.source,
      host,
      bootId: null,
      capturedUs: null,
      capturedAfterUs: toldAt(page, field.index, renewed.epochUs),
      uptimeSeconds: null,
      bootUs: null,
      zone: null,
      offsetMinutes: null,
    },
  ]
}

/** `  memory:  986188Ki`; one blank of indentation up to 1.9. */
function memoryOf(page: Page, section: Section | null): NodeSnapshot['capacityBytes'] {
  for (let index = section === null ? 0 : section.index + 1; index < (section?.end ?? 0); index += 1) {
    const quantity = /^ {1,2}memory: +(?<quantity>\S+)\s*$/.exec(page.lines[index] ?? '')?.groups?.['quantity']
    const bytes = quantity === undefined ? null : bytesOfQuantity(quantity)
    if (bytes !== null) return toldAt(page, index, bytes)
  }
  return null
}

function pressureOf(page: Page, section: Section | null): NodeSnapshot['memoryPressure'] {
  let table: Table | null = null
  for (let index = section === null ? 0 : section.index + 1; index < (section?.end ?? 0); index += 1) {
    const line = page.lines[index] ?? ''
    if (/^\s+Type\s+Status\b/.test(line)) table = tableOf(line)
    else if (table !== null && /^\s+MemoryPressure\s/.test(line)) {
      return {
        status: table.cell(line, 'Status'),
        reason: said(table.cell(line, 'Reason')),
        quote: quoteAt(page, index),
      }
    }
  }
  return null
}

/** `  analytics  spark-exec-17  3 (37%)  0 (0%)  14Gi (92%)  0 (0%)  41m`: requests and limits of CPU, then of memory; `Age` came with 1.15. */
const POD_ROW =
  /^ {2}(?<namespace>[a-z0-9][-a-z0-9]{0,62}) +(?<name>[a-z0-9][-a-z0-9.]{0,252}) +\S+ \(\d+%\) +\S+ \(\d+%\) +(?<request>\S+) \(\d+%\) +(?<limit>\S+) \(\d+%\)/

function podsOf(page: Page, section: Section | null): { readonly pods?: readonly NodePod[] } {
  if (section === null) return {}
  const pods = page.lines.slice(section.index + 1, section.end).flatMap((line, at) => {
    const row = POD_ROW.exec(line)?.groups
    if (row === undefined) return []
    const { namespace = '', name = '', request = '', limit = '' } = row
    const quote = quoteAt(page, section.index + 1 + at)
    return [{ namespace, name, requestBytes: bytesOfQuantity(request), limitBytes: bytesOfQuantity(limit), quote }]
  })
  return { pods }
}

/** `172Mi (19%)` */
const SHARE = /(?<quantity>[^\s()]{1,40}) \((?<percent>\d{1,9})%\)/g

/**
 * `  memory  172Mi (19%)  282Mi (32%)`; up to 1.11 one row for all: `CPU Requests  CPU Limits  Memory Requests  Memory Limits`. Percent are of
 * Allocatable and cut to whole numbers.
 */
function allocatedOf(page: Page, section: Section | null): NodeSnapshot['allocated'] {
  let old = false
  for (let index = section === null ? 0 : section.index + 1; index < (section?.end ?? 0); index += 1) {
    const line = page.lines[index] ?? ''
    if (/Memory Requests\s+Memory Limits/.test(line)) old = true
    const shares = [...line.matchAll(SHARE)].map((match) => match.groups ?? {})
    const [requests, limits] = old ? shares.slice(2) : shares
    const isRow = old ? shares.length === 4 : /^\s+memory\s/.test(line)
    if (!isRow || requests === undefined) continue
    return {
      requestsBytes: bytesOfQuantity(requests['quantity'] ?? ''),
      limitsBytes: bytesOfQuantity(limits?.['quantity'] ?? ''),
      requestsPercent: percentOf(requests['percent']),
      limitsPercent: percentOf(limits?.['percent']),
      quote: quoteAt(page, index),
    }
  }
  return null
}

const percentOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text))
