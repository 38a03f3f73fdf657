import type { LogRecord } from '../model/record.ts'
import {
  BRACE_OPEN,
  BRACKET_OPEN,
  DIGIT_0,
  DIGIT_9,
  LESS,
  LOWER_K,
  LOWER_L,
  LOWER_M,
  LOWER_T,
  SPACE,
  UPPER_A,
  UPPER_E,
  UPPER_F,
  UPPER_I,
  UPPER_W,
  UPPER_Z,
} from '../units/characters.ts'
import { boundedWriter } from './author.ts'
import { unwrapJson } from './cloud/inner-json.ts'
import { readCtimeHead } from './ctime-head.ts'
import { readCriHead } from './inner-cri.ts'
import { unwrapKlog } from './inner-klog.ts'
import { unwrapLogrus } from './inner-logrus.ts'
import { readKernelPrefix } from './kernel-prefix.ts'
import { priorityOf } from './record.ts'
import { readSyslogHead, syslogLevel } from './syslog-line.ts'

/** Wrappings found one inside another in the wild: docker JSON > CRI > syslog > klog is four. */
const depth = 8
const kernelNames = /^(?:kernel|klogd|klog|kmsg|dmesg|vmunix)$/

/**
 * Takes wrappings off a record's message until nothing matches: kernel stamps in syslog, klog in syslog in JSON, a CRI line inside docker's JSON.
 * The inner clock becomes `moment.wall`, the outer one `outerWall`; `origin` and `raw` stay. Who wrote it is bounded by the outermost that knows.
 */
export function unwrap(record: LogRecord): LogRecord {
  let current = record
  for (let level = 0; level < depth; level += 1) {
    const next = unwrapOnce(current)
    if (next === null) break
    const writer = boundedWriter(current.writer, next.writer)
    current = writer === next.writer ? next : { ...next, writer }
  }
  return current
}

function unwrapOnce(record: LogRecord): LogRecord | null {
  const { message } = record
  const first = message.charCodeAt(0)
  // A letter decides most lines: few characters can begin a wrapping.
  if (first === BRACKET_OPEN || first === LESS) return unwrapKernel(record)
  if (record.writer === 'kernel') return first === LOWER_K ? unwrapTag(record) : first === SPACE ? unwrapIndented(record) : null
  if (first === UPPER_I || first === UPPER_W || first === UPPER_E || first === UPPER_F) return unwrapKlog(record) ?? unwrapSyslog(record)
  if (first === LOWER_T || first === LOWER_L) return unwrapLogrus(record)
  if (first === LOWER_K) return unwrapTag(record)
  if (first === LOWER_M) return unwrapRepeated(record)
  if (first === SPACE) return unwrapIndented(record)
  if (first === BRACE_OPEN) return unwrapJson(record)
  if (first >= DIGIT_0 && first <= DIGIT_9) return unwrapCri(record) ?? unwrapSyslog(record) ?? unwrapKmsg(record)
  if (first >= UPPER_A && first <= UPPER_Z) return unwrapSyslog(record)
  return null
}

/**
 * `[uptime]`, `<N>` and caller in front of a kernel line. Only where the wrapping names the kernel or nobody as the speaker: a program may print a number
 * in brackets. Once the kernel's clock is known the text is the text, whatever it begins with.
 */
function unwrapKernel(record: LogRecord): LogRecord | null {
  const { moment, identifier, message } = record
  if (moment.uptimeUs !== null || record.writer === 'userspace') return null
  if (identifier !== null && !kernelNames.test(identifier)) return null
  const prefix = readKernelPrefix(message, 0)
  if (prefix === null) {
    // RFC 5424 and 3164 carry a priority too.
    return message.charCodeAt(0) === LESS ? unwrapSyslog(record) : unwrapCtime(record)
  }
  if (prefix.uptimeUs === null) {
    const syslog = unwrapSyslog(record)
    if (syslog !== null) return syslog
    if (record.severity !== null) return null
  }
  const told = prefix.priority === null ? null : priorityOf(prefix.priority)
  return {
    ...record,
    message: message.slice(prefix.end),
    moment: { ...moment, uptimeUs: prefix.uptimeUs },
    caller: prefix.caller ?? record.caller,
    severity: told?.severity ?? record.severity,
    writer: record.writer === 'unknown' ? (told?.writer ?? 'unknown') : record.writer,
  }
}

const indentedStamp = /^ {1,8}(?=(?:<\d{1,3}>)?\[ {0,5}\d{1,10}\.\d{6}\])/

/** `kernel:  [  12.345678] text`: more blanks than one before the kernel's own stamp, as viewers and templates leave them. */
function unwrapIndented(record: LogRecord): LogRecord | null {
  const blanks = record.identifier === null ? null : indentedStamp.exec(record.message)
  return blanks === null ? null : unwrapKernel({ ...record, message: record.message.slice(blanks[0].length) })
}

/** `dmesg -T` as a container's or a command's output. */
function unwrapCtime(record: LogRecord): LogRecord | null {
  const { moment, message } = record
  if (moment.wall?.clock === 'boot-derived') return null
  const head = readCtimeHead(message)
  if (head === null) return null
  return {
    ...record,
    message: message.slice(head.width),
    moment: { ...moment, wall: head.wall ?? moment.wall, outerWall: moment.wall ?? moment.outerWall },
    caller: head.caller ?? record.caller,
  }
}

const tagShape = /^(?:kern\.(?<level>[a-z]{3,7}) (?<host>[\w.-]{1,255}) )?kernel: ?/

/** `kernel: text`, `kern.warning host kernel: text`: what a table or a template of logs leaves of a syslog line behind a stamp of its own. */
function unwrapTag(record: LogRecord): LogRecord | null {
  if (record.identifier !== null && record.identifier !== 'kernel') return null
  const match = tagShape.exec(record.message)
  if (match === null) return null
  const { level, host } = match.groups ?? {}
  return {
    ...record,
    message: record.message.slice(match[0].length),
    identifier: 'kernel',
    host: host ?? record.host,
    severity: (level === undefined ? null : syslogLevel(level)) ?? record.severity,
    writer: level === undefined ? record.writer : 'kernel',
  }
}

const repeatedShape = /^message repeated \d{1,9} times: \[ ?(?<text>.*)\]$/s

/** rsyslog's word for lines that were all the same; the first of them may be in the file before. */
function unwrapRepeated(record: LogRecord): LogRecord | null {
  const text = repeatedShape.exec(record.message)?.groups?.['text']
  return text === undefined ? null : { ...record, message: text }
}

// `4,1200,184033118201,-;text`: /dev/kmsg as a container's output (see kmsg.ts)
const kmsgShape = /^(?<priority>\d{1,3}),\d{1,20},(?<micros>\d{1,16}),[-c+][^;\s]{0,80};/

function unwrapKmsg(record: LogRecord): LogRecord | null {
  if (record.identifier !== null || record.moment.uptimeUs !== null) return null
  const match = kmsgShape.exec(record.message)
  const g = match?.groups
  if (!match || !g || Number(g['priority']) > 191) return null
  const moment = { ...record.moment, uptimeUs: Number(g['micros']) }
  return { ...record, message: record.message.slice(match[0].length), moment, ...priorityOf(Number(g['priority'])) }
}

/** A whole syslog line as the message of something that names no speaker (a container's output, a cloud export, a console). */
function unwrapSyslog(record: LogRecord): LogRecord | null {
  if (record.identifier !== null || record.moment.uptimeUs !== null) return null
  const head = readSyslogHead(record.message)
  if (head === null) return null
  return {
    ...record,
    message: record.message.slice(head.width),
    moment: { ...record.moment, wall: head.wall ?? record.moment.wall, outerWall: record.moment.wall ?? record.moment.outerWall },
    identifier: head.identifier ?? null,
    pid: head.pid ?? record.pid,
    host: head.host ?? record.host,
    severity: head.severity ?? record.severity,
    writer: head.writer ?? record.writer,
  }
}

function unwrapCri(record: LogRecord): LogRecord | null {
  const head = readCriHead(record.message)
  if (head === null) return null
  return {
    ...record,
    message: record.message.slice(head.end),
    moment: { ...record.moment, wall: head.wall, outerWall: record.moment.wall ?? record.moment.outerWall },
    writer: 'container',
    fields: { ...record.fields, stream: head.stream },
  }
}
