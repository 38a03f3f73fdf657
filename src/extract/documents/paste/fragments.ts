import { podEnd } from '../../pod-end.ts'
import { eventsTable } from '../events-table.ts'
import { readJsonStream } from '../json-tree.ts'
import { eventOfManifest, isEvent } from '../manifest-event.ts'
import { manifestJson } from '../manifest-json.ts'
import { isPod, podOfManifest } from '../manifest-pod.ts'
import { newFacts, type Page, quoteAt } from '../page.ts'
import { runtimeInspect } from '../runtime-inspect.ts'
import { beginsUnit } from '../systemctl.ts'
import { type Quoter, quoterOf, type Tree } from '../tree.ts'
import { columnsOf, deathInCells } from './cells.ts'
import { type Command, podOfCommand } from './commands.ts'
import { consoleRows, stackedCells } from './console-rows.ts'
import { LOG_LINE } from './describe-layout.ts'
import { describedNode, describedPart } from './described-fragments.ts'
import { killedInTasks } from './ecs-tasks.ts'
import { type EventsOwner, eventOfRow, isEventsHeader, nobody, ownerInRows } from './event-rows.ts'
import type { Block, FragmentReader } from './fragment.ts'
import { goMapsOf, holdsGoMap } from './go-map.ts'
import { beginsJson, isWorthReading, jsonEnd } from './json-block.ts'
import { isPodsHeader, podOfRow } from './pod-rows.ts'
import { dockerStateAt, namedEndAt, paneAt } from './state-lines.ts'
import { podsOfParts, podWithout } from './status-parts.ts'
import { treesOfBlock, yamlBlockAt } from './yaml-block.ts'

/** `Events:` of a description, a table of events, or rows of either without a header. */
const eventRows: FragmentReader = (block, from) => {
  const { page } = block
  const first = page.lines[from] ?? ''
  const headed = /^\s*Events:(?:\s+<none>)?$/.test(first) || isEventsHeader(first)
  if (!headed && eventOfRow(page, from, nobody) === null) return null
  const to = rowsEnd(block, from)
  // an aligned table has columns that its rows alone do not show
  if (eventsTable.sniff(first, '') === 'strong') {
    const table = block.readWhole('kubectl-events', from, to)
    if (table.events.length > 0) return { to, facts: table }
  }
  const owner = ownerInRows(page, from, to, ownerAbove(block))
  const facts = newFacts()
  for (let index = from; index < to; index += 1) {
    const event = eventOfRow(page, index, owner)
    if (event !== null) facts.events.push(event)
  }
  return { to, facts }
}

function ownerAbove({ command, owner }: Block): EventsOwner {
  if (owner.name !== null) return owner
  if (command?.resource === 'node' && command.name !== null)
    return { kind: 'Node', namespace: null, name: command.name, host: command.name }
  const pod = podOfCommand(command)
  return { kind: pod === null ? null : 'Pod', namespace: command?.namespace ?? null, name: pod, host: null }
}

/** Rows, headers and the lines of messages that go on below, up to an empty line or the next thing. */
function rowsEnd({ page, to }: Block, from: number): number {
  let end = from + 1
  for (; end < to; end += 1) {
    const line = page.lines[end] ?? ''
    if (isEventsHeader(line) || eventOfRow(page, end, nobody) !== null) continue
    const goesOn = /^\s{4,}\S/.test(line) && !LOG_LINE.test(line.trim())
    if (!goesOn) break
  }
  return end
}

/** Rows of `kubectl get pods`, with or without their header. */
const podRows: FragmentReader = (block, from) => {
  const { page, to, command } = block
  const facts = newFacts()
  let end = from
  for (; end < to; end += 1) {
    const pod = podOfRow(page, end, command?.namespace ?? null)
    if (pod !== null) facts.snapshots.push(pod)
    else if (!isPodsHeader(page.lines[end] ?? '')) break
  }
  return end === from ? null : { to: end, facts }
}

/** Cells of `-o custom-columns` and `-o jsonpath`. */
const cells: FragmentReader = (block, from) => {
  const columns = columnsOf(block.page.lines[from] ?? '')
  if (columns !== null) {
    block.columns = columns
    return { to: from + 1, facts: newFacts() }
  }
  const pod = deathInCells(block.page, from, block.columns, block.command)
  return pod === null ? null : { to: from + 1, facts: { ...newFacts(), snapshots: [pod] } }
}

/** `The node was low on resource: memory. Threshold quantity: …`: a pod's status message by itself, as `-o jsonpath='{.status.message}'` prints it. */
const EVICTION = /^\s*(?:[Mm]essage:\s+)?["']?(?=The node (?:was low on resource: [\w-]+\.|had condition: \[))/

const evictionMessage: FragmentReader = (block, from) => {
  const line = block.page.lines[from] ?? ''
  if (!EVICTION.test(line)) return null
  const quote = quoteAt(block.page, from)
  const pod = { ...podWithout(block.page.source), name: block.command?.resource === 'pod' ? (block.command.name ?? '') : '' }
  const message = line.replace(EVICTION, '').trim().replace(/["']$/, '')
  const known = {
    ...pod,
    namespace: block.command?.namespace ?? null,
    phase: 'Failed',
    reason: 'Evicted',
    message,
    ...podEnd('Evicted', message),
    quotes: [quote],
  }
  return { to: from + 1, facts: { ...newFacts(), snapshots: [known] } }
}

/** A pod, an event or a part of a pod's status as JSON. */
const jsonPart: FragmentReader = (block, from) => {
  const { page } = block
  if (!beginsJson(page.lines[from] ?? '')) return null
  const to = Math.min(block.to, jsonEnd(page.lines.slice(0, block.to), from))
  const text = page.lines.slice(from, to).join('\n')
  if (manifestJson.sniff(text, '') === 'strong') return { to, facts: block.readWhole('kubernetes-json', from, to) }
  if (runtimeInspect.sniff(text, '') === 'strong') {
    const facts = block.readWhole('runtime-inspect', from, to)
    if (facts.snapshots.length > 0) return { to, facts }
  }
  if (!isWorthReading(text)) return null
  const facts = newFacts()
  const quoter = quoterOfRaw(page, text, from)
  readJsonStream(text, { object: (tree) => takeTree(tree, quoter, page.source, facts), broken: () => {} })
  return facts.snapshots.length + facts.events.length === 0 ? null : { to, facts: ofCommand(facts, block.command) }
}

/** The same as YAML; whole objects are their own reader's. */
const yamlPart: FragmentReader = (block, from) => {
  const { page } = block
  const found = yamlBlockAt(page.lines.slice(0, block.to), from)
  if (found === null) return null
  if (found.whole) return { to: found.to, facts: block.readWhole('kubernetes-yaml', from, found.to) }
  const lines = page.lines.slice(from, found.to)
  const starts = [0]
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1)
  const quoter = quoterOfRaw(page, lines.join('\n'), from)
  const facts = newFacts()
  for (const tree of treesOfBlock(lines, (index) => starts[index] ?? 0)) takeTree(tree, quoter, page.source, facts)
  return facts.snapshots.length + facts.events.length === 0 ? null : { to: found.to, facts: ofCommand(facts, block.command) }
}

/** `systemctl status` of a unit, up to its processes: the journal's lines below them are a log. */
const unitStatus: FragmentReader = (block, from) => {
  if (!beginsUnit(block.page.lines.slice(from, from + 2))) return null
  let to = from + 1
  while (to < block.to && /^\s+\S/.test(block.page.lines[to] ?? '')) to += 1
  return { to, facts: block.readWhole('systemctl', from, to) }
}

/** A part of docker's inspection, or a viewer's pane that tells how a container ended. */
const endedState: FragmentReader = ({ page, command }, from) => {
  const state = dockerStateAt(page, from, command)
  if (state !== null) return { to: state.to, facts: { ...newFacts(), snapshots: [state.found] } }
  const pane = paneAt(page, from)
  return pane === null ? null : { to: pane.to, facts: { ...newFacts(), snapshots: [pane.pod] } }
}

const namedEnd: FragmentReader = ({ page, command }, from) => {
  const found = namedEndAt(page, from)
  if (found === null) return null
  return { to: found.to, facts: ofCommand({ ...newFacts(), snapshots: [found.pod] }, command) }
}

const goMap: FragmentReader = ({ page, command }, from) => {
  const line = page.lines[from] ?? ''
  if (!holdsGoMap(line)) return null
  const facts = newFacts()
  for (const tree of goMapsOf(line)) takeTree(tree, quoterOfRaw(page, line, from), page.source, facts)
  return facts.snapshots.length === 0 ? null : { to: from + 1, facts: ofCommand(facts, command) }
}

/** What a part does not say, the command that printed it may. */
function ofCommand(facts: ReturnType<typeof newFacts>, command: Command | null): ReturnType<typeof newFacts> {
  const name = podOfCommand(command)
  const named = (snapshot: (typeof facts.snapshots)[number]): typeof snapshot =>
    snapshot.kind === 'pod' && snapshot.name === '' && name !== null
      ? { ...snapshot, name, namespace: snapshot.namespace ?? command?.namespace ?? null }
      : snapshot
  return { ...facts, snapshots: facts.snapshots.map(named) }
}

function takeTree(tree: Tree, quoter: Quoter, source: string, facts: ReturnType<typeof newFacts>): void {
  if (isPod(tree)) facts.snapshots.push(podOfManifest(tree, quoter, source))
  else if (isEvent(tree)) facts.events.push(eventOfManifest(tree, quoter))
  else facts.snapshots.push(...podsOfParts(tree, quoter, source), ...killedInTasks(tree, quoter, source))
}

/** Quotes are the lines as they stand, whatever was cleaned off them for reading. */
function quoterOfRaw(page: Page, text: string, from: number): Quoter {
  const quoter = quoterOf(page.source, text, page.firstLine + from)
  const raw = page.relaid?.raw ?? page.lines
  return {
    quote(at) {
      const quote = quoter.quote(at)
      const line = quote.line === null ? undefined : raw[quote.line - page.firstLine]
      return line === undefined ? quote : { ...quote, text: line }
    },
  }
}

/** Asked in this order at each line; the first that takes it has it. */
export const fragmentReaders: readonly FragmentReader[] = [
  jsonPart,
  describedNode,
  describedPart,
  consoleRows,
  eventRows,
  podRows,
  unitStatus,
  endedState,
  goMap,
  yamlPart,
  evictionMessage,
  cells,
  stackedCells,
  namedEnd,
]
