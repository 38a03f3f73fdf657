import type { LogRecord } from '../../model/record.ts'
import { SPACE, TAB } from '../../units/characters.ts'
import { isKernelTag } from '../kernel-tag.ts'
import { unwrap } from '../unwrap.ts'
import { partsOf } from './front-parts.ts'
import { type FrontShape, frontShape, widened } from './front-shape.ts'
import { openGathererNames } from './gatherer-names.ts'
import { beforeHeader, certainTextAt } from './kernel-text.ts'
import { isNoFront, isPlainFront } from './plain-front.ts'

/** Takes fronts off that no wrapping knows by name. They are learned from the texts behind them. */
export interface Fronts {
  push(record: LogRecord): void
  flush(): void
  /** Whether a line begins with a front that was learned. */
  knows(text: string): boolean
  /** Records are held back until more of them tell what the front is. */
  readonly holding: boolean
  /** Records that a front was taken off. */
  readonly count: number
}

type Emit = (record: LogRecord) => void

/** Fronts of one source: hosts and levels of a mixed paste. */
const mostShapes = 12
/** A report's next certain line comes within so many lines of its head. */
const mostHeld = 16
/** Fronts that are no plain ones are believed when so many lines have them. */
const enough = 3
const mostCandidates = 64

/** What printk and its readers put before the text themselves, behind a front: they are read as everywhere. */
const inner = /(?:(?:^|(?<=[\s|,;:\t>\])"`]))kernel: ?)?(?:<\d{1,3}>)?(?:\[ {0,5}\d{1,10}\.\d{6}\](?: ?\[ {0,8}[TC]\d{1,10}\])? {0,2})?$/

export function openFronts(emit: Emit): Fronts {
  const shapes: FrontShape[] = []
  const candidates = new Map<string, number>()
  const names = openGathererNames()
  let held: LogRecord[] = []
  let count = 0
  /** The gatherer's name before the line that was freed last. */
  let gathered: string | null = null

  const stripped = (record: LogRecord): LogRecord | null => {
    for (const [index, shape] of shapes.entries()) {
      const found = shape.match(record.message)
      if (found === null) continue
      if (index > 0) shapes.unshift(...shapes.splice(index, 1))
      count += 1
      gathered = found.isGathered === true ? found.host : null
      return unwrap(withoutFront(record, found.isGathered === true && names.areCounts ? { ...found, host: null } : found))
    }
    gathered = null
    return null
  }
  const freed = (record: LogRecord): LogRecord | null => stripped(record) ?? stripped(asItStands(record))
  const add = (shape: FrontShape): void => {
    const same = shapes.findIndex(({ key }) => key === shape.key)
    const wide = same === -1 ? null : widened(shapes[same] as FrontShape, shape)
    if (wide !== null) shapes.splice(same, 1)
    shapes.unshift(wide ?? shape)
    shapes.length = Math.min(shapes.length, mostShapes)
  }
  const learn = (front: string, isSure = false): void => {
    if (front === '' || isNoFront(front)) return
    const shape = frontShape(front)
    const seen = (candidates.get(shape.key) ?? 0) + 1
    if (candidates.size < mostCandidates || seen > 1) candidates.set(shape.key, seen)
    if (isSure || isPlainFront(shape.parts) || seen >= enough) add(shape)
  }
  const release = (): void => {
    const waiting = held
    held = []
    for (const record of waiting) emit((isOpen(record) || isGapped(record) ? freed(record) : null) ?? record)
  }
  /** The freed record; `null`: it waits until more lines tell whether the names before them are machines'. */
  const named = (record: LogRecord): LogRecord | null => {
    const known = freed(record)
    if (known === null || gathered === null || names.isSure) return known
    names.see(gathered, known.moment)
    // It is freed once more, here or when it has waited.
    count -= 1
    return names.isSure ? freed(record) : null
  }
  /** The record as it is given out; `null`: it waits for others. */
  const read = (record: LogRecord): LogRecord | null => {
    const at = certainTextAt(record.message)
    if (at === 0) return record
    const known = named(record)
    if (known !== null || gathered !== null) return known
    if (at === -1) return held.length > 0 || hidesName(record.message) ? null : record
    const front = record.message.slice(0, at).replace(inner, '')
    if (front === '' || isNoFront(front)) return record
    learn(front, record.moment.uptimeUs !== null && !/\s/.test(front))
    return named(record)
  }
  const hold = (record: LogRecord): void => {
    held.push(record)
    if (held.length < mostHeld) return
    for (const { message } of held) learn(guessedFront(message))
    release()
  }
  return {
    push(record) {
      // Others' lines stand between those of a report: they wait in their place.
      const isAsked = isOpen(record) || (isGapped(record) && (shapes.length > 0 || !record.message.includes('+0x')))
      const now = isAsked ? read(record) : held.length > 0 ? null : record
      if (now === null) return hold(record)
      release()
      emit(now)
    },
    flush() {
      for (const { message } of held) learn(guessedFront(message))
      release()
    },
    knows: (text) => shapes.some((shape) => shape.match(text) !== null),
    get holding() {
      return held.length > 0
    },
    get count() {
      return count
    },
  }
}

/** A vendor's marks behind the kernel's clock, cpu and task: `[  48.120311] .(3)[71:kswapd0]text` (MediaTek). A program may be called `(sd-pam)` or `<script>`. */
const taskMark = /^[(.<-]\S{0,8}\[\d{1,7}:/

/** Nobody has told yet who speaks or when the kernel said it. */
const isOpen = (record: LogRecord): boolean =>
  record.identifier === null &&
  record.writer !== 'userspace' &&
  record.message !== '' &&
  (record.moment.uptimeUs === null || taskMark.test(record.message))

/** More than the one blank behind the kernel's clock or tag: columns of a page or a terminal, if all lines of a report have them. A stack's lines begin with one of their own. */
function isGapped({ identifier, writer, message }: LogRecord): boolean {
  const first = message.charCodeAt(0)
  return (first === SPACE || first === TAB) && writer !== 'userspace' && (identifier === null || isKernelTag(identifier))
}

/** The line before a wrapping was seen in it: behind a stamp, `anon 123` may look like a host and its text. */
const asItStands = (record: LogRecord): LogRecord =>
  record.lineCount > 1 || record.raw === record.message
    ? record
    : { ...record, message: record.raw, host: null, moment: { wall: null, outerWall: null, uptimeUs: null } }

/** A trigger's line whose words before `invoked` are no command's name: too many, or with a front's marks. */
function hidesName(message: string): boolean {
  const name = beforeHeader(message)
  return name !== null && (name.length > 15 || /^[\s>|[<*"`-]|[|,;\t]/.test(name) || /\d/.test(name) || name.includes(' '))
}

/** The front of a trigger's line alone: what stands before its last word, if that is plainly one. */
function guessedFront(message: string): string {
  const before = /oom-killer: .*gfp_mask=(?:0x)?\d/.test(message) ? beforeHeader(message) : null
  const name = before === null ? null : /(?:^|[\s|>,;])[^\s|>,;]{1,15}$/.exec(before)
  if (before === null || name === null) return ''
  const front = before.slice(0, name.index + name[0].search(/[^\s|>,;]/)).replace(inner, '')
  return front.trim() === '' || !isPlainFront(partsOf(front)) ? '' : front
}

function withoutFront(record: LogRecord, found: NonNullable<ReturnType<FrontShape['match']>>): LogRecord {
  const { moment } = record
  return {
    ...record,
    message: found.rest,
    moment: {
      ...moment,
      uptimeUs: found.uptimeUs ?? moment.uptimeUs,
      wall: found.wall ?? moment.wall,
      outerWall: found.wall === null ? moment.outerWall : (moment.wall ?? moment.outerWall),
    },
    host: (moment.uptimeUs === null ? found.host : null) ?? record.host,
    severity: found.severity ?? record.severity,
    identifier: found.identifier ?? record.identifier,
    writer: found.writer === 'userspace' ? 'userspace' : record.writer,
  }
}
