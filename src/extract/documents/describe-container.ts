import type { ContainerSnapshot, ContainerState } from '../../model/snapshot.ts'
import { bytesOfQuantity } from '../../units/bytes.ts'
import { isInitKill } from '../told-death.ts'
import { fieldsOf, type Section, sectionOf } from './describe-lines.ts'
import { splitContainerId, wholeNumber } from './manifest-pod.ts'
import { type Page, quoteAt, toldAt } from './page.ts'
import { maskArguments, memoryVariable } from './secrets.ts'
import { said } from './table.ts'
import { parseRfc1123 } from './times.ts'

/** Containers of a described pod: name at 2 blanks, fields at 4, what is inside a field at 6. */
export function describedContainers(page: Page, sections: readonly Section[]): ContainerSnapshot[] {
  const regular = group(page, sections, 'Containers', 'regular')
  const started = regular.some((container) => container.state !== null && container.state.kind !== 'waiting')
  const init = group(page, sections, 'Init Containers', 'init').map((container) =>
    // describe does not print an init container's restart policy; one that runs beside the others is a sidecar
    started && container.state?.kind === 'running' ? { ...container, type: 'sidecar' as const } : container,
  )
  return [...init, ...regular, ...group(page, sections, 'Ephemeral Containers', 'ephemeral')]
}

function group(page: Page, sections: readonly Section[], key: string, type: ContainerSnapshot['type']): ContainerSnapshot[] {
  const section = sectionOf(sections, key)
  if (section === null) return []
  return fieldsOf(page, section.index + 1, section.end, 2)
    .filter((field) => field.value === '')
    .map((field) => describedContainer(page, field, type))
}

function describedContainer(page: Page, container: Section, type: ContainerSnapshot['type']): ContainerSnapshot {
  const fields = fieldsOf(page, container.index + 1, container.end, 4)
  const field = (...keys: readonly string[]): Section | null => fields.find((one) => keys.includes(one.key)) ?? null
  const id = splitContainerId(said(field('Container ID')?.value ?? ''))
  const restarts = field('Restart Count')
  const count = restarts === null ? null : wholeNumber(restarts.value)
  const ready = field('Ready')?.value
  return {
    name: container.key,
    type,
    containerId: id.id,
    runtime: id.runtime,
    image: said(field('Image')?.value ?? ''),
    command: maskArguments([...linesOf(page, field('Command')), ...linesOf(page, field('Args'))]),
    env: environment(page, field('Environment', 'Environment Variables')),
    limitBytes: memoryOf(page, field('Limits')),
    requestBytes: memoryOf(page, field('Requests')),
    state: stateOf(page, field('State')),
    lastState: stateOf(page, field('Last State')),
    restartCount: restarts === null || count === null ? null : toldAt(page, restarts.index, count),
    ready: ready === 'True' ? true : ready === 'False' ? false : null,
  }
}

/** One argument a line at 6 blanks; what follows at other indentation is the rest of an argument of several lines. */
function linesOf(page: Page, field: Section | null): string[] {
  if (field === null) return []
  return page.lines.slice(field.index + 1, field.end).flatMap((line) => (line.startsWith('      ') ? [line.slice(6).trimEnd()] : []))
}

function environment(page: Page, field: Section | null): Record<string, string> {
  const kept: Record<string, string> = {}
  if (field === null) return kept
  for (const variable of fieldsOf(page, field.index + 1, field.end, 6)) {
    const value = memoryVariable(variable.key, variable.value)
    if (value !== null) kept[variable.key] = value
  }
  return kept
}

function memoryOf(page: Page, field: Section | null): ContainerSnapshot['limitBytes'] {
  const memory = field === null ? undefined : fieldsOf(page, field.index + 1, field.end, 6).find((one) => one.key === 'memory')
  const bytes = memory === undefined ? null : bytesOfQuantity(memory.value)
  return memory === undefined || bytes === null ? null : toldAt(page, memory.index, bytes)
}

const KINDS: Readonly<Record<string, ContainerState['kind']>> = { Running: 'running', Waiting: 'waiting', Terminated: 'terminated' }

function stateOf(page: Page, field: Section | null): ContainerState | null {
  const kind = KINDS[field?.value ?? '']
  if (field === null || kind === undefined) return null
  const inside = fieldsOf(page, field.index + 1, field.end, 6)
  const value = (key: string): string | null => said(inside.find((one) => one.key === key)?.value ?? '')
  const told = ['Reason', 'Exit Code', 'Signal', 'Started', 'Finished', 'Message']
  return {
    kind,
    reason: value('Reason'),
    message: value('Message'),
    exitCode: wholeNumber(value('Exit Code') ?? ''),
    signal: wholeNumber(value('Signal') ?? ''),
    startedUs: parseRfc1123(value('Started') ?? '')?.epochUs ?? null,
    finishedUs: parseRfc1123(value('Finished') ?? '')?.epochUs ?? null,
    containerId: null,
    initKilled: isInitKill(value('Message') ?? ''),
    quotes: [field.index, ...inside.filter((one) => told.includes(one.key)).map((one) => one.index)].map((index) => quoteAt(page, index)),
  }
}
