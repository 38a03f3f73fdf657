import { POD_KEYS } from '../describe-pod.ts'
import { indentOf, JOINED } from './clean-lines.ts'

/** Lines laid out as kubectl prints them: level-0 keys at column 0, containers at 2, their fields at 4, what is inside a field at 6. */
export interface Layout {
  readonly lines: readonly string[]
  /** The index among the given lines that each stands for; a heading that was cut off stands for the line below it. */
  readonly places: readonly number[]
  /** How many of the given lines belong to the description. */
  readonly taken: number
  /** Something in it tells how a container ended or stands. */
  readonly tells: boolean
}

/** Name of a container whose block has lost its head. */
export const NAMELESS = '?'

/** Fields of a container in `kubectl describe pod`, 1.5 to 1.36, and what is inside each. */
const CONTAINER_KEYS: Readonly<Record<string, Zone>> = {
  'Container ID': 'plain',
  Image: 'plain',
  'Image ID': 'plain',
  Port: 'plain',
  Ports: 'plain',
  'Host Port': 'plain',
  'Host Ports': 'plain',
  SeccompProfile: 'plain',
  'Target Container': 'plain',
  Command: 'words',
  Args: 'words',
  State: 'state',
  'Last State': 'state',
  Ready: 'plain',
  'Restart Count': 'plain',
  Limits: 'amounts',
  Requests: 'amounts',
  Liveness: 'plain',
  Readiness: 'plain',
  Startup: 'plain',
  'Environment Variables from': 'words',
  'Environment Variables': 'words',
  Environment: 'words',
  Mounts: 'words',
  Devices: 'words',
}
const STATE_KEYS: ReadonlySet<string> = new Set(['Reason', 'Message', 'Exit Code', 'Signal', 'Started', 'Finished'])
const GROUPS: ReadonlySet<string> = new Set(['Init Containers', 'Containers', 'Ephemeral Containers'])
/** Keys that stand only behind the containers: they end the list of volumes, too, whose own keys are like a pod's. */
const BEHIND: ReadonlySet<string> = new Set([
  'Conditions',
  'Readiness Gates',
  'Volumes',
  'QoS Class',
  'Node-Selectors',
  'Tolerations',
  'Topology Spread Constraints',
  'Events',
])
/** What a container's block begins with, of whatever version. */
const FIRST_FIELD = /^(?:Container ID|Image|State|Last State|Ports?|Limits|Command|Args):/
const KEY = /^(?<key>[A-Z][A-Za-z0-9 ()-]{0,80}?):(?:\s+(?<value>\S.*)?)?$/
const CONTAINER = /^(?<name>[a-z0-9][a-z0-9.-]{0,252}):$/
const AMOUNT = /^[a-z0-9][a-z0-9./-]*: *\d[\w.]*$/
/** `[  12.3] …`, `2026-11-24T…`, `Nov 24 06:59:32 …`, `I1124 06:59:32.1 …`, `<4>…`: a log's line is no part of a description. */
export const LOG_LINE =
  /^(?:\[ *\d+\.\d+\]|\[[A-Z][a-z]{2} [A-Z][a-z]{2}|\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |[IWEF]\d{4} \d\d:|<\d{1,3}>|time="|\{")/

/** So many arguments or variables may stand before the container's next key. */
const BARE_WORDS = 24

type Zone = 'top' | 'group' | 'plain' | 'state' | 'amounts' | 'words' | 'volumes' | 'events'

/**
 * Lays a described pod, or any part of one, out anew. Chats and tickets collapse blanks, indent whole blocks and lose the heads: which key stands below
 * which is known from the keys themselves.
 */
export function laidOut(given: readonly string[]): Layout {
  const made = openSheet(given)
  let index = 0
  for (; index < given.length; index += 1) {
    const line = given[index] ?? ''
    if (line === JOINED) {
      made.put('', index)
      made.lastKnown = index
      continue
    }
    if (line.trim() === '') {
      if (!goesOn(given, index, made)) break
      made.put('', index)
      continue
    }
    if (!takeLine(given, index, made)) break
  }
  return { lines: made.lines, places: made.places, taken: made.lastKnown + 1, tells: made.tells }
}

interface Sheet {
  readonly lines: string[]
  readonly places: number[]
  zone: Zone
  inContainer: boolean
  hasGroup: boolean
  /** Fields seen since the container began: the same field again is the next one. */
  fields: Set<string>
  tells: boolean
  /** Index of the last line that was surely part of it. */
  lastKnown: number
  /** Indentation of the last line with a known key. */
  indent: number
  put(text: string, index: number): void
}

function openSheet(given: readonly string[]): Sheet {
  const lines: string[] = []
  const places: number[] = []
  return {
    lines,
    places,
    zone: 'top',
    inContainer: false,
    hasGroup: false,
    fields: new Set(),
    tells: false,
    lastKnown: -1,
    indent: indentOf(given[0] ?? ''),
    put(text, index) {
      lines.push(text)
      places.push(index)
    },
  }
}

/** Behind an empty line the description goes on only with one of its own keys, or with the table of events. */
function goesOn(given: readonly string[], index: number, sheet: Sheet): boolean {
  const next = given
    .slice(index + 1, index + 4)
    .find((line) => line.trim() !== '')
    ?.trim()
  if (next === undefined) return false
  const key = KEY.exec(next)?.groups?.['key'] ?? ''
  if (key === 'Name') return false
  return POD_KEYS.has(key) || CONTAINER_KEYS[key] !== undefined || (sheet.zone === 'state' && STATE_KEYS.has(key))
}

/** `false`: the line is no part of a description. */
function takeLine(given: readonly string[], index: number, sheet: Sheet): boolean {
  const line = given[index] ?? ''
  const text = line.trim()
  if (LOG_LINE.test(text)) return false
  const groups = KEY.exec(text)?.groups
  const key = groups?.['key'] ?? ''
  const value = groups?.['value'] ?? ''
  if (sheet.zone !== 'volumes' && sheet.zone !== 'events') {
    if (GROUPS.has(key) && value === '') return takeGroup(sheet, key, index)
    if (isContainer(given, index)) return takeContainer(sheet, text.slice(0, -1), index)
    if (sheet.zone === 'state' && STATE_KEYS.has(key)) return known(sheet, `      ${key}: ${value}`, index, line)
    if (CONTAINER_KEYS[key] !== undefined) return takeField(sheet, key, value, index, line)
  }
  if (takesKey(sheet, key)) return takeTop(sheet, key, value, index, line)
  return takeInner(sheet, text, index, line) || takesBare(given, index, sheet)
}

function known(sheet: Sheet, text: string, index: number, line: string): true {
  sheet.put(text, index)
  sheet.lastKnown = index
  sheet.indent = indentOf(line)
  return true
}

function takeGroup(sheet: Sheet, key: string, index: number): true {
  Object.assign(sheet, { zone: 'group', inContainer: false, hasGroup: true, lastKnown: index })
  sheet.put(`${key}:`, index)
  return true
}

function isContainer(given: readonly string[], index: number): boolean {
  if (!CONTAINER.test((given[index] ?? '').trim())) return false
  return FIRST_FIELD.test((given[index + 1] ?? '').trim())
}

function takeContainer(sheet: Sheet, name: string, index: number): true {
  if (!sheet.hasGroup) sheet.put('Containers:', index)
  Object.assign(sheet, { zone: 'plain', inContainer: true, hasGroup: true, fields: new Set(), lastKnown: index })
  sheet.put(`  ${name}:`, index)
  return true
}

function takeField(sheet: Sheet, key: string, value: string, index: number, line: string): true {
  if (!sheet.inContainer || sheet.fields.has(key)) takeContainer(sheet, NAMELESS, index)
  sheet.fields.add(key)
  sheet.zone = CONTAINER_KEYS[key] ?? 'plain'
  if (sheet.zone === 'state' && value !== '') sheet.tells = true
  return known(sheet, `    ${key}: ${value}`.trimEnd(), index, line)
}

/** A volume has keys like a pod's (`Name:`, `Type:`): only what stands behind all volumes ends their list. */
const takesKey = (sheet: Sheet, key: string): boolean =>
  POD_KEYS.has(key) &&
  (sheet.zone === 'volumes' || sheet.zone === 'events' ? BEHIND.has(key) : sheet.zone !== 'state' || !STATE_KEYS.has(key))

function takeTop(sheet: Sheet, key: string, value: string, index: number, line: string): boolean {
  // a second head is the next pod's
  if (key === 'Name' && sheet.lastKnown >= 0) return false
  if (BEHIND.has(key)) Object.assign(sheet, { inContainer: false, hasGroup: false })
  sheet.zone = key === 'Volumes' ? 'volumes' : key === 'Events' ? 'events' : 'top'
  return known(sheet, `${key}: ${value}`.trimEnd(), index, line)
}

/** A label or an annotation. */
const PAIR = /^[\w./-]{1,300}(?:=|: )/

/**
 * Where a chat took all indentation away, arguments and variables stand like keys: they belong to the container if its next key is near. So do a pod's labels
 * and annotations, each on its own line.
 */
function takesBare(given: readonly string[], index: number, sheet: Sheet): boolean {
  const line = (given[index] ?? '').trim()
  const isPair = sheet.zone === 'top' && PAIR.test(line)
  if (!(sheet.zone === 'words' || isPair) || sheet.indent > 0) return false
  const keys = given.slice(index + 1, index + BARE_WORDS).map((one) => KEY.exec(one.trim())?.groups?.['key'] ?? '')
  const next = keys.some((key) => (isPair ? POD_KEYS.has(key) : CONTAINER_KEYS[key] !== undefined))
  return next && known(sheet, `      ${line}`, index, given[index] ?? '')
}

/** What stands below a key and is none itself: arguments, variables, mounts, labels, conditions. */
function takeInner(sheet: Sheet, text: string, index: number, line: string): boolean {
  if (sheet.lastKnown === -1) return false
  if (text === '...' || text === '…') return known(sheet, '', index, line)
  // `grep -A5` parts its finds
  if (text === '--') {
    sheet.inContainer = false
    return known(sheet, '', index, line)
  }
  const below = indentOf(line) > 0 && indentOf(line) >= Math.min(sheet.indent, 1)
  if (sheet.zone === 'amounts' && AMOUNT.test(text)) return known(sheet, `      ${text}`, index, line)
  if (sheet.zone === 'events' || sheet.zone === 'group' || sheet.zone === 'state' || !below) return false
  if (sheet.zone === 'words') sheet.put(`      ${text}`, index)
  else if (sheet.zone === 'volumes') sheet.put(text.endsWith(':') ? `  ${text}` : `    ${text}`, index)
  else sheet.put(`  ${text}`, index)
  sheet.lastKnown = index
  return true
}
