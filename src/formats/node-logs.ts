import { readUptimeHead } from './dmesg.ts'
import { readKlogHeader } from './inner-klog.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'
import { readSyslogHead } from './syslog-line.ts'

/** A name with a letter; `kern.warn` is a facility and a level. */
const hostShape = /^(?!(?:kern|user|daemon|syslog|auth)\.[a-z]+ |[\d.-]+ )(?<host>[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?) (?=\S)/

/** `node-name Jan 31 12:00:00.123456 host kubelet[123]: text`: several nodes in one stream. */
function read(text: string): Head | null {
  const match = hostShape.exec(text)
  if (match === null) return null
  const rest = text.slice(match[0].length)
  if (readSyslogHead(rest) === null && readKlogHeader(rest) === null && readUptimeHead(rest) === null) return null
  return { width: match[0].length, host: match.groups?.['host'] as string }
}

export const nodeLogs = prefixedFormat({
  id: 'node-logs',
  title: 'node logs with the node in front',
  writtenBy: 'oc adm node-logs, kubectl node-logs',
  seen: 'documented',
  sniff: (head) =>
    head.filter((text) => read(text) !== null).length * 2 > head.filter((text) => text !== '' && !text.startsWith('-- ')).length
      ? 'strong'
      : 'none',
  read,
  escapes: 'syslog',
})
