import { detectFormat, formats, unwrap } from '../../formats/index.ts'
import type { LogRecord } from '../../model/record.ts'
import { instantText } from '../../text/values.ts'

/** A quoted line taken apart for the reader: who spoke when, and what was said. */
export interface Quoted {
  /** The front of the line as it stands, or what a JSON record tells of time, host and program; `null` where there is none. */
  readonly stamp: string | null
  readonly message: string
  /** Stamp and message together are the whole line; what is not (a JSON record) is shown beside it. */
  readonly isWhole: boolean
}

/** `    "MESSAGE" : "memory: usage 81920kB, …",`: the text of a record that stands on many lines; other members are understood by their keys. */
const jsonKey = /^[ \t]{0,200}"(?:MESSAGE|message|msg|log|line|body|_raw|textPayload)"[ \t]{0,20}:[ \t]{0,20}(?=")/
/** `    MESSAGE=memory: usage 81920kB, …` of journalctl -o verbose and export. */
const verboseMember = /^[ \t]{0,200}MESSAGE=(?<value>.*)$/

const plainFormat = formats.find(({ id }) => id === 'plain')
const context = { source: '', host: null }

/** `formatId` is that of the line's source; where it does not fit (a part of a bundle, a damaged line) the line tells its wrapping itself. */
export function quotedOf(text: string, formatId: string | null): Quoted {
  const member = memberOf(text)
  if (member !== null) return { stamp: stampOf(member, member.message), message: member.message, isWhole: false }
  const known = formats.find(({ id }) => id === formatId)
  const record = (known === undefined ? null : recordIn(text, known)) ?? recordIn(text, detectFormat([text]))
  const message = record?.message.trim() ?? ''
  if (record === null || message === '' || message === text.trim()) return { stamp: null, message: text.trim(), isWhole: true }
  const at = text.lastIndexOf(message)
  // Only what is left of the message at the end of the line is a front; in a JSON record both ends are wrapping.
  if (at > 0 && at + message.length === text.trimEnd().length && !text.trimStart().startsWith('{'))
    return { stamp: text.slice(0, at).trim(), message, isWhole: true }
  return { stamp: stampOf(record, message), message, isWhole: false }
}

function memberOf(text: string): LogRecord | null {
  const key = jsonKey.exec(text)?.[0]
  const inner = key === undefined ? verboseMember.exec(text)?.groups?.['value'] : stringIn(text.slice(key.length).trimEnd())
  return inner === undefined || inner === null || plainFormat === undefined ? null : recordIn(inner, plainFormat)
}

/** Of a member's value, with or without the comma behind it. */
function stringIn(value: string): string | null {
  try {
    const parsed: unknown = JSON.parse(value.endsWith(',') ? value.slice(0, -1) : value)
    return typeof parsed === 'string' ? parsed : null
  } catch {
    return null
  }
}

function recordIn(text: string, format: (typeof formats)[number]): LogRecord | null {
  const found: LogRecord[] = []
  const decoder = format.decoder(context)
  const isOf = decoder.push({ text, number: 1, offset: 0 }, (record) => found.push(record))
  decoder.flush((record) => found.push(record))
  return isOf && found.length === 1 && found[0] !== undefined ? unwrap(found[0]) : null
}

/** `2026-11-24 07:13:37.898689 UTC node-7 systemd[1]`: what the record knows, no more. */
function stampOf({ moment, host, identifier, pid }: LogRecord, message: string): string | null {
  const { wall, uptimeUs } = moment
  const when =
    wall === null
      ? uptimeUs === null
        ? null
        : `[${(uptimeUs / 1e6).toFixed(6).padStart(12)}]`
      : wall.epochUs === null
        ? wall.text
        : utcOf(wall)
  const who = identifier === null || message.startsWith(`${identifier}:`) ? null : `${identifier}${pid === null ? '' : `[${pid}]`}`
  const parts = [when, host, who].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(' ')
}

const utcOf = ({ epochUs, precisionUs }: { readonly epochUs: number | null; readonly precisionUs: number }): string =>
  instantText(epochUs ?? 0, precisionUs >= 1_000_000 ? 0 : precisionUs >= 1000 ? 3 : 6)
