import { shipsNodeLogs } from '../../kube/speakers.ts'
import type { LogRecord } from '../../model/record.ts'
import type { WallStamp } from '../../model/stamp.ts'
import { withoutEnd } from '../../text/ends.ts'
import { SPACE, TAB } from '../../units/characters.ts'
import { readAnyStamp } from '../../units/stamp-guess.ts'
import { isKernelTag } from '../kernel-tag.ts'
import { syslogLevel } from '../syslog-line.ts'
import { type FrontPart, partsOf } from './front-parts.ts'
import { isCertainText } from './kernel-text.ts'

/** What a line's front told, and what stands behind it. */
export interface FrontMatch {
  readonly rest: string
  readonly wall: WallStamp | null
  /** µs since boot. */
  readonly uptimeUs: number | null
  readonly host: string | null
  /** The host is the name before a colon that a gatherer puts there, and may be a count of lines. */
  readonly isGathered?: true
  readonly severity: number | null
  /** The program whose tag closes the front. */
  readonly identifier: string | null
  readonly writer: LogRecord['writer']
}

/** A generalised front: the same kinds of parts in the same order. */
export interface FrontShape {
  /** Equal for fronts that differ in words and numbers only. */
  readonly key: string
  readonly parts: readonly FrontPart[]
  match(text: string): FrontMatch | null
}

export const frontShape = (front: string): FrontShape => shapeOf(partsOf(front))

/** Two fronts of one key as one: a word that differs may be any word. `null` where nothing else would tell the front from text. */
export function widened(a: FrontShape, b: FrontShape): FrontShape | null {
  if (!a.parts.some(({ kind }) => kind === 'mark' || kind === 'stamp' || kind === 'number')) return null
  return shapeOf(
    a.parts.map((part, at) => {
      const other = b.parts[at] as FrontPart
      if (part.kind !== 'word' || part.source === other.source) return part
      return { ...part, source: String.raw`[^\s|,;:()[\]<>"]{1,255}` }
    }),
  )
}

const keyOf = (parts: readonly FrontPart[]): string =>
  parts.map(({ kind, text, source }) => (kind === 'mark' ? source : text === '\t' ? '\t' : kind)).join(' ')

function shapeOf(parts: readonly FrontPart[]): FrontShape {
  const hostAt = hostPart(parts)
  const source = parts.map(({ kind, source: own }, at) => (isRead(kind, at === hostAt) ? `(${own})` : own)).join('')
  const read = parts.flatMap(({ kind }, at) => (isRead(kind, at === hostAt) ? [{ kind, isHost: at === hostAt }] : []))
  const pattern = new RegExp(`^(?:${source})`, 'iu')
  const quote = quoteAtEnd(parts)
  const boxed = parts[0]?.text === '|'
  return {
    key: keyOf(parts),
    parts,
    match(text) {
      const found = pattern.exec(text)
      if (found === null) return null
      const told = found.slice(1).map((value, at) => ({ value, ...(read[at] as (typeof read)[number]) }))
      const behind = text.slice(found[0].length)
      if (quote === '`' && isSentence(behind)) return null
      const rest = unboxed(behind, quote, boxed)
      const identifier = tagOf(found[0])
      const host = told.find(({ isHost }) => isHost)?.value ?? null
      const ofGatherer = host === null && !podAndContainer.test(found[0]) ? gathererHost(found[0], rest) : null
      const level = told.find(({ kind }) => kind === 'facility' || kind === 'level')?.value
      return {
        rest,
        wall: bestStamp(
          told.flatMap(({ kind, value }) =>
            kind === 'stamp' ? (readAnyStamp(value.replace(/(?<=\d)[,;|\t_]\s?(?=\d\d?:)/, ' '), 'received') ?? []) : [],
          ),
        ),
        uptimeUs: microsOf(told.find(({ kind }) => kind === 'uptime')?.value),
        host: podAndContainer.test(found[0]) ? null : (host ?? ofGatherer),
        ...(ofGatherer === null ? {} : { isGathered: true as const }),
        severity: level === undefined ? null : syslogLevel(level.slice(level.lastIndexOf('.') + 1).toLowerCase()),
        identifier,
        writer: isPrintedByProgram(found[0]) || (identifier !== null && beginsReport(rest)) ? 'userspace' : 'unknown',
      }
    },
  }
}

/**
 * `node17: [  100.000001] …`, `10.0.3.7: [Tue Nov 24 03:14:07 2026] …`: pdsh and clush put the machine's name before each line; a speaker's words have no clock of the
 * kernel behind it.
 */
function gathererHost(front: string, rest: string): string | null {
  const name = gathered.exec(front)?.groups?.['name'] ?? null
  const isKernels = kernelClock.test(front) || /^\[ *\d+\.\d{6}\]/.test(rest)
  return isKernels && name !== null && /[.-]|^(?!line|page|row|cpu|core|step)[a-z]+\d/i.test(name) && !notHost.test(name) ? name : null
}

const gathered =
  /^(?<name>[A-Za-z][\w.-]{0,252}|(?:\d{1,3}\.){3}\d{1,3}):[ \t]?(?:\[(?: *\d+\.\d{6}|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})\] ?)?$/
const kernelClock = /\[(?: *\d+\.\d{6}|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})\] ?$/

const isRead = (kind: FrontPart['kind'], isHost: boolean): boolean =>
  isHost || kind === 'stamp' || kind === 'uptime' || kind === 'facility' || kind === 'level'

/** A stamp with a zone says more than one without, one with a year more than one without. */
function bestStamp(stamps: readonly WallStamp[]): WallStamp | null {
  return stamps.find(({ epochUs }) => epochUs !== null) ?? stamps.find(({ hasYear }) => hasYear) ?? stamps[0] ?? null
}

const microsOf = (seconds: string | undefined): number | null => (seconds === undefined ? null : Math.round(Number(seconds) * 1_000_000))

/** The quoting mark that the text stands in: a cell of a table (`…,"text"`), inline code. */
function quoteAtEnd(parts: readonly FrontPart[]): string | null {
  const last = parts.at(-1)?.text
  return last === '"' || last === '`' || last === "'" ? last : null
}

/** Inline code with words behind it is somebody's sentence about such a line. */
const isSentence = (behind: string): boolean => /`(?=[^`]*[a-z]{2})/i.test(behind)

const isBlank = (code: number): boolean => code === SPACE || code === TAB

/** Takes off what closes a cell behind the text. */
function unboxed(text: string, quote: string | null, boxed: boolean): string {
  if (boxed) {
    const body = withoutEnd(text, isBlank)
    return body.endsWith('|') ? withoutEnd(body.slice(0, -1), isBlank) : text
  }
  const end = quote === null ? -1 : text.lastIndexOf(quote)
  if (end === -1 || quote === null) return text
  const inner = text.slice(0, end)
  return quote === '"' ? inner.replaceAll('""', '"') : inner
}

/** Who hands the kernel's text on: a logger of old, an emulator's guest. */
const kernelRelay = /^(?:klogd|guest)$/i
const notHost =
  /^(?:\/?kernel|kern|vmunix|klogd|guest|out|err|stdout|stderr|user|log|logs|messages|syslog|dmesg|console|root|localhost\.?|redacted|host|message|received|v?cpu-?\d+|thread-?\d*|main|worker-?\d+|kmsg[\w-]*|dmesg[\w-]*|[\w-]*(?:-reader|-agent|-collector|-exec-\d+))$/i

/**
 * The part that names a host: a name with a digit, a dot or a dash, or one between a stamp and the kernel's tag. A name before a colon is as well a speaker's, and
 * `node-1 |` a container's of docker compose.
 */
function hostPart(parts: readonly FrontPart[]): number {
  const isTag = (at: number): boolean => parts[at + 1]?.text === '[' && parts[at + 2]?.kind === 'number'
  const names = parts.filter(({ kind, text }, at) => kind === 'word' && !notHost.test(text) && !isTag(at))
  // `pod container text`: several names and no stamp are no host.
  if (names.length > 1 && !parts.some(({ kind }) => kind === 'stamp')) return -1
  const tagged = parts.findIndex(
    ({ kind, text }) => (kind === 'word' && (isKernelTag(text) || kernelRelay.test(text))) || kind === 'facility',
  )
  return parts.findIndex(({ kind, text }, at) => {
    if (kind !== 'word' || notHost.test(text) || isTag(at) || !/^[A-Za-z][\w.-]{0,252}$/.test(text)) return false
    const next = parts[at + 1]?.text.trim() === '' ? parts[at + 2]?.text : parts[at + 1]?.text
    if (next === '|' && /[-_]\d+$/.test(text)) return false
    if (next === ':' && tagged <= at) return false
    // `WARN [main] c.e.Kernel - text`: the logger of a Java program.
    if (next === '-' && parts.some((part) => part.kind === 'level')) return false
    return /[\d.-]/.test(text) || (tagged > at && parts.slice(0, at).some((part) => part.kind === 'stamp'))
  })
}

/** `node7 | earlyoom[600]: `: a tag with a pid is a program's name, unless that is one who hands the kernel's text on. */
function tagOf(front: string): string | null {
  const name = /(?:^|[\s|,;:>"])(?<name>[A-Za-z][\w.-]{0,47})\[\d{1,10}\]: ?$/.exec(front)?.groups?.['name'] ?? null
  return name === null || isKernelTag(name) || kernelRelay.test(name) || shipsNodeLogs(name) ? null : name
}

/** A report's text, the kernel's stamp before it or not. */
const beginsReport = (rest: string): boolean => isCertainText(rest, /^(?:<\d{1,3}>)?(?:\[ *\d+\.\d+\] {0,2})?/.exec(rest)?.[0].length ?? 0)

/** A ReplicaSet's pod and its container; machines of some clusters bear such names, too, but the kernel's tag follows those. */
const podAndContainer =
  /^(?:\S+ [›>] )?[a-z0-9-]+-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5} (?:[›>] )?(?!kernel|kern\b|vmunix|klogd)[a-z0-9][a-z0-9-]{0,62} (?=\D|\d{4}-|$)/

/** `[pod/x/y] `, `web-6d5f7c9b8d-x2x4z app ` (stern): somebody's output, unless it is a reader of the kernel's log that prints it. */
function isPrintedByProgram(front: string): boolean {
  if (
    !/(?:^|[[\s"{,(])(?:pods?|containers?)[/=:]|\b(?:pod|container)(?:_name|Name)?"?[=:]|\bstd(?:out|err) [FP]\b/i.test(front) &&
    !podAndContainer.test(front)
  )
    return false
  return !/kmsg|dmesg|kernel-?log|node-?logs?\b/i.test(front)
}
