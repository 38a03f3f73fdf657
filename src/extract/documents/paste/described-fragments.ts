import { isEvictionMessage } from '../../pod-end.ts'
import { NODE_HEAD_SECOND } from '../describe-node.ts'
import { describedPod, POD_KEYS } from '../describe-pod.ts'
import { newFacts, type Page } from '../page.ts'
import { podOfCommand } from './commands.ts'
import { LOG_LINE, laidOut, NAMELESS } from './describe-layout.ts'
import type { FragmentReader } from './fragment.ts'
import { isPodsHeader } from './pod-rows.ts'

const POD_HEAD = /^\s*Name:\s+\S+$/
const CONTAINERS = /^\s*(?:Init |Ephemeral )?Containers:$/
const STATE = /^\s*(?:Last )?State:\s+(?:Terminated|Running|Waiting)$/

/** A described pod, or any part of one. */
export const describedPart: FragmentReader = (block, from) => {
  const { page, to } = block
  const line = page.lines[from] ?? ''
  const next = page.lines.slice(from + 1, from + 4)
  const headed = POD_HEAD.test(line) && next.some((one) => /^\s*(?:Namespace|Priority|Node|Status|Service Account):/.test(one))
  const evicted = beginsEviction(page.lines.slice(from, from + 12))
  const begins = headed || evicted || CONTAINERS.test(line) || STATE.test(line) || beginsContainer(line, next[0] ?? '')
  if (!begins) return null
  const layout = laidOut(page.lines.slice(from, to))
  if (layout.taken < 2 || !(layout.tells || headed || evicted)) return null
  const raw = page.relaid?.raw ?? page.lines
  const sheet: Page = {
    source: page.source,
    path: page.path,
    lines: layout.lines,
    firstLine: page.firstLine,
    relaid: { places: layout.places.map((place) => from + place), raw },
  }
  const { pod } = describedPod(sheet, 0, layout.lines.length)
  const named = pod.name === '' ? podOfCommand(block.command) : null
  const known = { ...pod, name: pod.name || (named ?? ''), namespace: pod.namespace ?? block.command?.namespace ?? null }
  const containers = known.containers.map((c) => (c.name === NAMELESS ? { ...c, name: '' } : c))
  block.owner = { kind: 'Pod', namespace: known.namespace, name: known.name || null, host: known.node }
  return { to: from + layout.taken, facts: { ...newFacts(), snapshots: [{ ...known, containers }] } }
}

/** `Status: Failed`, `Reason: Evicted`, `Message: The node was low on resource: …`, from any key of a pod's on. */
function beginsEviction(lines: readonly string[]): boolean {
  const values = lines.map((line) => /^\s*(?<key>[A-Z][\w ]{0,40}):\s+(?<value>\S.*)$/.exec(line)?.groups ?? null)
  const end = values.findIndex((found) => found === null || !POD_KEYS.has(found['key'] ?? ''))
  const at = values.findIndex((found) => found?.['key'] === 'Reason' && found['value'] === 'Evicted')
  const message = values[at + 1]
  return at !== -1 && (end === -1 || at + 1 < end) && message?.['key'] === 'Message' && isEvictionMessage(message['value'] ?? '')
}

const beginsContainer = (line: string, next: string): boolean =>
  /^\s*[a-z0-9][a-z0-9.-]*:$/.test(line) && /^\s*(?:Container ID:|Image:|(?:Last )?State:\s+(?:Terminated|Running|Waiting)$)/.test(next)

/** What a description's own lines, all of which begin with a capital or a blank, never are: JSON, YAML, a table of events, pairs. */
const OTHER_HEAD = /^(?:[{[]|[a-z]\w*(?::|=)|(?:NAMESPACE +)?LAST SEEN )/

export const describedNode: FragmentReader = (block, from) => {
  const { page } = block
  if (!POD_HEAD.test(page.lines[from] ?? '') || !NODE_HEAD_SECOND.test(page.lines[from + 1] ?? '')) return null
  let to = from + 1
  while (
    to < block.to &&
    !LOG_LINE.test(page.lines[to] ?? '') &&
    !isPodsHeader(page.lines[to] ?? '') &&
    !OTHER_HEAD.test(page.lines[to] ?? '') &&
    !POD_HEAD.test(page.lines[to] ?? '')
  )
    to += 1
  return { to, facts: block.readWhole('describe-node', from, to) }
}
