import type { LogRecord } from '../model/record.ts'
import { BRACKET_CLOSE, BRACKET_OPEN, BYTE_ORDER_MARK, COLON, COMMA, LESS, SPACE, TAB } from '../units/characters.ts'
import { digitsEnd } from '../units/scan-time.ts'
import { type FoundStamp, readCtimeStamp, readIsoStamp, readSyslogStamp } from '../units/stamp.ts'
import { isCertainText } from './fronts/kernel-text.ts'
import { isKernelTag } from './kernel-tag.ts'
import { type Head, priorityOf } from './record.ts'

/** Host and speaker after a stamp. */
export interface Speaker {
  readonly host: string | null
  readonly identifier: string | null
  readonly pid: number | null
  readonly writer: LogRecord['writer']
  readonly severity: number | null
  readonly end: number
}

/** BusyBox syslogd and syslog-ng templates put facility and level in front. */
const facilityShape = /(?<facility>[a-z]{2,8}\d?)\.(?<level>emerg|panic|alert|crit|err|error|warn|warning|notice|info|debug) +/y
const levels: Readonly<Record<string, number>> = {
  emerg: 0,
  panic: 0,
  alert: 1,
  crit: 2,
  err: 3,
  error: 3,
  warn: 4,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
}
const notHosts = /^(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|CRITICAL|FATAL|SEVERE|PANIC)$/i

/** The kernel's clock right behind another (`dmesg | ts`: `Nov 24 07:04:29 [813452.204111] text`) is no host. */
const beginsStamp = /^\[(?:\d{1,10}\.\d{6}\])?$/

/** Severity of syslog's level names (`warn`, `err` …), or `null`. */
export const syslogLevel = (name: string): number | null => levels[name] ?? null

/**
 * Reads `host tag[pid]: ` at `start`, or `tag[pid]: ` without a host. With `tagless`, a host alone will do (`host last message repeated 3 times`).
 * Only `kernel` may be the kernel, and even that is what a line says of itself: `logger -t kernel` says it too. Any other name is a program.
 */
export function readSpeaker(text: string, start: number, tagless: boolean): Speaker | null {
  const blank = text.indexOf(' ', start)
  const hostEnd = blank === -1 ? text.length : blank
  // A first word with a colon at its end is the tag: there is no host.
  const bare = text.charCodeAt(hostEnd - 1) === COLON || text.startsWith('kernel:', start) ? readTag(text, start, false) : null
  if (bare !== null && (bare.pid !== null || bare.identifier === 'kernel' || tagless)) return bare
  if (blank === -1 || hostEnd === start) return null
  const host = text.slice(start, hostEnd)
  if (
    host.length > 255 ||
    host.endsWith(':') ||
    host.includes('|') ||
    host.includes('\t') ||
    host.endsWith(']') ||
    notHosts.test(host) ||
    beginsStamp.test(host)
  )
    return null
  let at = hostEnd + 1
  while (text.charCodeAt(at) === SPACE) at += 1
  const plain = readTag(text, at, true)
  // `Nov 24 07:04:29 CET 2026: text`, as date prints it: no host and no program.
  if (plain !== null) return /^20\d\d$/.test(plain.identifier ?? '') ? null : spokenOn(plain, host)
  facilityShape.lastIndex = at
  const facility = facilityShape.exec(text)?.groups
  if (facility === undefined) return tagless ? { host, identifier: null, pid: null, writer: 'unknown', severity: null, end: at } : null
  const tag = readTag(text, facilityShape.lastIndex, true)
  if (tag === null) return null
  return {
    ...tag,
    host,
    writer: writerBehind(facility, tag),
    severity: syslogLevel(facility['level'] as string),
  }
}

/**
 * BusyBox klogd hands the kernel's lines on as `user.warn kernel:` where glibc's syslog() takes LOG_KERN (0) for none given (sysklogd/klogd.c says so), so the
 * facility does not tell; `user.notice` is what `logger -t kernel` writes.
 */
function writerBehind({ facility, level }: Readonly<Record<string, string | undefined>>, tag: Speaker): LogRecord['writer'] {
  if (facility === 'kern') return 'kernel'
  return facility === 'user' && level !== 'notice' && tag.identifier === 'kernel' && tag.pid === null ? 'unknown' : 'userspace'
}

/** Written out: a spread costs more here than all the rest of reading a line. */
function spokenOn({ identifier, pid, writer, severity, end }: Speaker, host: string): Speaker {
  return { host, identifier, pid, writer, severity, end }
}

const tagLength = 200

/**
 * `tag:`, `tag[pid]:`; before a blank, the end or a `[`, and after `kernel` before anything. Identifiers in a journal may hold blanks (`blanks`): only with a pid
 * behind are they told from text.
 */
function readTag(text: string, start: number, blanks: boolean): Speaker | null {
  let words = 1
  let at = start
  for (; at < text.length && at - start < tagLength; at += 1) {
    const c = text.charCodeAt(at)
    if (c === BRACKET_OPEN || c === COLON || c === BRACKET_CLOSE || c === TAB) break
    if (c !== SPACE) continue
    words += 1
    if (!blanks || words > 4) return null
  }
  // A comma parts cells of a table.
  if (at === start || text.charCodeAt(start) === SPACE || text.charCodeAt(start) === COMMA) return null
  const identifier = text.slice(start, at)
  if (text.charCodeAt(at) === BRACKET_OPEN) {
    const close = digitsEnd(text, at + 1, 10)
    if (close === at + 1 || text.charCodeAt(close) !== BRACKET_CLOSE || text.charCodeAt(close + 1) !== COLON) return null
    return tagged(text, identifier, Number(text.slice(at + 1, close)), close + 2)
  }
  return text.charCodeAt(at) !== COLON || words > 1 ? null : tagged(text, identifier, null, at + 1)
}

/** What a kernel's report says before a colon: with these no program is named. */
const reportWords = /^(?:CPU|Pid|PID|Comm|Mem-[Ii]nfo|oom_reaper|oom-kill|memory(?:\+swap)?|kmem|swap|RIP|RSP|RAX|RBP|Code|CR2|ORIG_RAX)$/

/** A facility with its level where the tag was lost: `kern.warn: `, `user.warn: `. */
const facilityTag = /^(?:kern|user)\.(?:emerg|alert|crit|err|error|warn|warning|notice|info|debug)$/i

/** Cisco's switches write of the kernel `%KERN-3-SYSTEM_MSG: text - kernel` (NX-OS, System Messages Reference). */
const ciscoTag = /^%KERN-[0-7]-[A-Z_]{1,30}$/

function tagged(text: string, told: string, pid: number | null, end: number): Speaker | null {
  const next = text.charCodeAt(end)
  const isKernel = isKernelTag(told) || (told.length <= 12 && facilityTag.test(told)) || (told.startsWith('%') && ciscoTag.test(told))
  const identifier = pid === null && isKernel ? 'kernel' : told
  if (pid === null && identifier.length <= 11 && reportWords.test(identifier)) return null
  if (!(next === SPACE || next === BRACKET_OPEN || Number.isNaN(next)) && identifier !== 'kernel') return null
  return { host: null, identifier, pid, writer: writerOf(identifier, pid), severity: null, end: next === SPACE ? end + 1 : end }
}

function writerOf(identifier: string, pid: number | null): LogRecord['writer'] {
  if (identifier === 'kernel' && (pid === null || pid === 0)) return 'unknown'
  return identifier === 'klogd' || identifier === 'klog' ? 'unknown' : 'userspace'
}

/** Puts stamp and speaker together; exactly what lies before the text is its width. */
export function headOf(found: FoundStamp, speaker: Speaker): Head {
  const { end, identifier, pid, host, writer, severity } = speaker
  return { width: end, wall: found.stamp, identifier, pid, host, writer, severity }
}

const priorityShape = /<(?<priority>\d{1,3})>(?<version>\d{1,2} )?/y

/** Any syslog line: RFC 3164 and 5424, with or without priority, with ISO stamps. `null` when it is none. */
export function readSyslogHead(text: string): Head | null {
  let at = 0
  let told: ReturnType<typeof priorityOf> | null = null
  if (text.charCodeAt(0) === LESS) {
    priorityShape.lastIndex = 0
    const g = priorityShape.exec(text)?.groups
    if (g === undefined || Number(g['priority']) > 191) return null
    at = priorityShape.lastIndex
    told = priorityOf(Number(g['priority']))
    if (g['version'] !== undefined) return readRfc5424(text, at, told)
  }
  const head = readIsoHead(text, at) ?? readClassicHead(text, at)
  return head === null || told === null ? head : { ...head, ...told }
}

/** `2026-05-01T10:00:00.123456+02:00 host tag: `. A tag is needed: many programs begin their lines with such a stamp. */
export function readIsoHead(text: string, start: number): Head | null {
  const found = readIsoStamp(text, start, 'received')
  if (found === null) return null
  const at = blanksEnd(text, found.end)
  const speaker = readSpeaker(text, at, false)
  // `2026-05-01 10:00:00 host kernel: `: templates and NAS boxes write it so, but so do countless programs: only for the kernel's name.
  if (text[start + 10] !== 'T') return speaker?.identifier === 'kernel' && speaker.host !== null ? headOf(found, speaker) : null
  if (speaker !== null && isReportsOwn(speaker, text, at)) return null
  return speaker === null ? readRfc5424Fields(text, at, found) : headOf(found, speaker)
}

/** `Nov 24 07:04:29 Call Trace:`, `… Hardware name: QEMU`: neither host nor tag, but the text of a kernel's report at once. */
const isReportsOwn = ({ pid, identifier }: Speaker, text: string, at: number): boolean =>
  pid === null && identifier !== 'kernel' && isCertainText(text, at)

// Photon's and VCSA's files: RFC 5424 without priority and version, `2026-05-01T10:00:00.123Z host kernel - - -  text`
const bareFieldsShape = /\S{1,255} (?<app>\S{1,48}) (?:-|\d{1,10}) - (?=- |\[)/y

function readRfc5424Fields(text: string, start: number, found: FoundStamp): Head | null {
  bareFieldsShape.lastIndex = start
  const app = bareFieldsShape.exec(text)?.groups?.['app']
  if (app === undefined) return null
  const writer = app === 'kernel' || app === '-' ? 'unknown' : 'userspace'
  const head = readFields(text, start, { severity: null, writer })
  return head === null ? null : { ...head, wall: found.stamp, width: blanksEnd(text, head.width) }
}

/** `Jul 15 23:44:32 host kernel: `, with a year or fraction too. */
export function readClassicHead(text: string, start: number): Head | null {
  const found = readSyslogStamp(text, start, 'received')
  if (found === null) return readLogreadHead(text, start)
  const at = blanksEnd(text, found.end)
  const speaker = readMetalogSpeaker(text, at) ?? readSpeaker(text, at, true)
  if (speaker === null || isReportsOwn(speaker, text, at)) return null
  return headOf(found, speaker)
}

// Metalog: `Mar  9 14:22:07 [kernel] text`
const metalogShape = /\[(?<name>[A-Za-z][\w.-]{0,40})\] /y

function readMetalogSpeaker(text: string, start: number): Speaker | null {
  metalogShape.lastIndex = start
  const name = metalogShape.exec(text)?.groups?.['name']
  if (name === undefined) return null
  return { host: null, identifier: name, pid: null, writer: writerOf(name, null), severity: null, end: metalogShape.lastIndex }
}

/** OpenWrt's logread: `Sun Mar  9 14:22:07 2025 kern.warn kernel: text`; facility and level stand without a host. */
function readLogreadHead(text: string, start: number): Head | null {
  const colon = text.indexOf(':', start)
  if (colon === -1 || colon - start > 20 || text.charCodeAt(colon + 3) !== COLON) return null
  const found = readCtimeStamp(text, start, 'received')
  if (found === null) return null
  facilityShape.lastIndex = found.end + 1
  const facility = facilityShape.exec(text)?.groups
  const tag = facility === undefined ? null : readTag(text, facilityShape.lastIndex, true)
  if (facility === undefined || tag === null) return null
  return headOf(found, { ...tag, writer: writerBehind(facility, tag), severity: syslogLevel(facility['level'] as string) })
}

// `<4>1 2026-11-24T02:54:33.585252-05:00 host app procid msgid [sd] text`, RFC 5424 section 6
const fieldsShape = /(?<host>\S{1,255}) (?<app>\S{1,48}) (?<procid>\S{1,128}) (?<msgid>\S{1,32}) /y

export function readRfc5424(text: string, start: number, told: ReturnType<typeof priorityOf>): Head | null {
  const found = readIsoStamp(text, start, 'received')
  const stampEnd = found?.end ?? (text.startsWith('- ', start) ? start + 1 : -1)
  const head = stampEnd === -1 ? null : readFields(text, stampEnd + 1, told)
  return head === null ? null : { ...head, wall: found?.stamp ?? null }
}

function readFields(
  text: string,
  start: number,
  told: { readonly writer: LogRecord['writer']; readonly severity: number | null },
): Head | null {
  fieldsShape.lastIndex = start
  const g = fieldsShape.exec(text)?.groups
  if (g === undefined) return null
  let at = structuredDataEnd(text, fieldsShape.lastIndex)
  if (at === -1) return null
  if (text.charCodeAt(at) === SPACE) at += 1
  if (text.charCodeAt(at) === BYTE_ORDER_MARK) at += 1
  const given = (value: string | undefined): string | null => (value === undefined || value === '-' ? null : value)
  const pid = given(g['procid'])
  return {
    width: at,
    host: given(g['host']),
    identifier: given(g['app']),
    pid: pid !== null && /^\d{1,10}$/.test(pid) ? Number(pid) : null,
    ...told,
  }
}

/** Index after `-` or `[id a="b\]"]…`; −1 when it is neither. */
function structuredDataEnd(text: string, start: number): number {
  if (text[start] === '-') return start + 1
  let at = start
  while (text[at] === '[') {
    let quoted = false
    for (at += 1; at < text.length; at += 1) {
      const c = text[at]
      if (c === '\\') at += 1
      else if (c === '"') quoted = !quoted
      else if (c === ']' && !quoted) break
    }
    at += 1
  }
  return at === start ? -1 : Math.min(at, text.length)
}

function blanksEnd(text: string, start: number): number {
  let at = start
  while (text.charCodeAt(at) === SPACE) at += 1
  return at
}
