import type { ContainerSnapshot, ContainerState, PodSnapshot, RuntimeContainerSnapshot } from '../../../model/snapshot.ts'
import { bareContainer } from '../bare-pod.ts'
import { type Page, quoteAt } from '../page.ts'
import { parseRfc1123, parseRfc3339 } from '../times.ts'
import type { Command } from './commands.ts'
import { podWithout } from './status-parts.ts'

/** How far around a line the rest of its object is looked for. */
const AROUND = 16
const KILLED = /"OOMKilled" ?: ?true\b/
/** A line inside an object of docker's: `"ExitCode": 137,`, `"State": {`, `},` */
const FIELD = /^\s*(?:"\w+" ?: ?\S.*|[{}[\]],?)\s*$/

/** `"OOMKilled": true` of a part of `docker inspect` (`.State`, or what grep left of it): lines `from` to `to` are one object's. */
export function dockerStateAt(page: Page, index: number, command: Command | null): { to: number; found: RuntimeContainerSnapshot } | null {
  const line = page.lines[index] ?? ''
  if (!FIELD.test(line) && !/^\s*\{.*\},?$/.test(line)) return null
  const isObject = (at: number): boolean => FIELD.test(page.lines[at] ?? '')
  let to = index + 1
  while (to < page.lines.length && to < index + AROUND && isObject(to)) to += 1
  const at = page.lines.slice(index, to).findIndex((one) => KILLED.test(one))
  if (at === -1) return null
  const text = page.lines.slice(index, to).join('\n')
  const value = (key: string): string | null => new RegExp(`"${key}" ?: ?"?(?<value>[\\w.:+-]+)`).exec(text)?.groups?.['value'] ?? null
  const number = (key: string): number | null => (/^\d+$/.test(value(key) ?? '') ? Number(value(key)) : null)
  const running = value('Running')
  const isDocker = /^(?:docker|podman)$/.test(command?.program ?? '')
  return {
    to,
    found: {
      kind: 'runtime-container',
      source: page.source,
      containerId: null,
      name: isDocker ? (command?.name ?? null) : null,
      podUid: null,
      podName: null,
      namespace: null,
      runtime: command?.program === 'podman' ? 'podman' : 'docker',
      oomKilled: true,
      exitCode: running === 'true' ? null : number('ExitCode'),
      finishedUs: finishedOf(value('FinishedAt')),
      running: running === null ? null : running === 'true',
      pid: null,
      cgroupPath: null,
      limitBytes: null,
      quotes: [quoteAt(page, index + at)],
    },
  }
}

const finishedOf = (text: string | null): number | null => {
  const time = text === null ? null : parseRfc3339(text)
  return time === null || time.epochUs < 0 ? null : time.epochUs
}

/** What Lens and OpenLens show of a container that ended. */
const PANE = /^\s*Reason:\s+OOMKilled\s+-\s+exit code:\s+(?<code>\d+)\s*$/i
const FINISHED = /^\s*Finished at:\s+(?<time>\d{4}-\d\d-\d\dT\S+)\s*$/i

/** `Reason: OOMKilled - exit code: 137`, with the times below it. */
export function paneAt(page: Page, index: number): { to: number; pod: PodSnapshot } | null {
  const code = PANE.exec(page.lines[index] ?? '')?.groups?.['code']
  if (code === undefined) return null
  const below = page.lines.slice(index + 1, index + 4)
  const time = below.map((line) => FINISHED.exec(line)?.groups?.['time']).find((one) => one !== undefined)
  const state: ContainerState = {
    kind: 'terminated',
    reason: 'OOMKilled',
    message: null,
    exitCode: Number(code),
    signal: null,
    startedUs: null,
    finishedUs: finishedOf(time ?? null),
    containerId: null,
    quotes: [quoteAt(page, index)],
  }
  return { to: index + 1, pod: { ...podWithout(page.source), containers: [endedContainer(null, state)], quotes: [quoteAt(page, index)] } }
}

/** `Grund: OOMKilled`, `State: Terminated (OOMKilled), exit code 137`, `Terminated (OOMKilled)`: a name and a value, in any language. */
const NAMED =
  /^\s*(?:\p{L}+(?: \p{L}+)?(?:\s*[:：]\s*|\s{2,})(?:\p{L}+\s)?\(?OOMKilled\)?|\p{L}+ \(OOMKilled\))\s*(?:$|[,;(·|]\s*(?:\p{L}{1,12}[\s:]{1,3}){0,2}137\b)/u
/** The code of its exit, under whatever name. */
const CODE = /^\s*\p{L}[^\d\n]{0,40}\b137\s*$|137\b/u
/** The API's own keys stand in the order of the alphabet: its end before the reason, its start behind. */
const FINISHED_AT = /\bfinishedAt"?\s*:\s*"?(?<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))/
const ANY_TIME = /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]+ [+-]\d{4}/g

/**
 * What a page, a dashboard or a translated description shows of a container's end: its reason, with the exit code in the same line or near. The last of the times below
 * is its end.
 */
export function namedEndAt(page: Page, index: number): { to: number; pod: PodSnapshot } | null {
  // `"reason": "OOMKilled",`: what grep left of an object
  const line = (page.lines[index] ?? '').replaceAll('"', '').replace(/,\s*$/, '')
  if (!NAMED.test(line)) return null
  const near = page.lines.slice(Math.max(0, index - 3), index + 5)
  if (!near.some((one) => CODE.test(one))) return null
  let to = index + 1
  while (to < page.lines.length && to < index + 6 && (page.lines[to] ?? '').trim() !== '' && !/OOMKilled/.test(page.lines[to] ?? ''))
    to += 1
  const times = [...page.lines.slice(index, to).join('\n').matchAll(ANY_TIME)].flatMap(
    ([time]) => (parseRfc3339(time) ?? parseRfc1123(time))?.epochUs ?? [],
  )
  const named = near.map((one) => FINISHED_AT.exec(one)?.groups?.['time']).find((one) => one !== undefined)
  const isKeyed = near.some((one) => /\bstartedAt\b/.test(one))
  const state: ContainerState = {
    kind: 'terminated',
    reason: 'OOMKilled',
    message: null,
    exitCode: 137,
    signal: null,
    startedUs: null,
    finishedUs: named !== undefined || isKeyed ? finishedOf(named ?? null) : times.length === 0 ? null : Math.max(...times),
    containerId: null,
    quotes: [quoteAt(page, index)],
  }
  return { to: index + 1, pod: { ...podWithout(page.source), containers: [endedContainer(null, state)], quotes: [quoteAt(page, index)] } }
}

/** A container of which only its end is known. */
export const endedContainer = (name: string | null, lastState: ContainerState): ContainerSnapshot => ({
  ...bareContainer(name ?? ''),
  lastState,
})
