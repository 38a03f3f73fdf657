import { LESS } from '../units/characters.ts'
import { prefixedFormat } from './prefixed-format.ts'
import { type Head, priorityOf } from './record.ts'
import { readIsoHead, readRfc5424 } from './syslog-line.ts'

const front = /^<(?<priority>\d{1,3})>(?:(?<version>\d{1,2}) )?/

/** `<4>1 2026-… host app - - - text` (with the octet count that TCP framing puts in front, too), or a priority with an ISO stamp. */
function read(text: string): Head | null {
  const shift = text.charCodeAt(0) === LESS ? 0 : (/^\d{1,5} (?=<\d{1,3}>\d )/.exec(text)?.[0].length ?? -1)
  if (shift === -1) return null
  const found = front.exec(shift === 0 ? text : text.slice(shift))
  const g = found?.groups
  if (!found || !g || Number(g['priority']) > 191) return null
  const told = priorityOf(Number(g['priority']))
  const at = shift + found[0].length
  if (g['version'] !== undefined) return readRfc5424(text, at, told)
  const head = readIsoHead(text, at)
  return head === null ? null : { ...head, ...told }
}

export const syslogRfc5424 = prefixedFormat({
  id: 'syslog-rfc5424',
  title: 'syslog, RFC 5424',
  writtenBy: 'rsyslog (RSYSLOG_SyslogProtocol23Format), syslog-ng, log collectors',
  seen: 'documented',
  read,
  escapes: 'syslog',
})
