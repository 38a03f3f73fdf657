import type { LineFormat } from './define-format.ts'
import { prefixedDecoder } from './prefixed.ts'
import { judge } from './sniffing.ts'
import { readIsoHead } from './syslog-line.ts'

export const syslogRfc3339: LineFormat = {
  id: 'syslog-rfc3339',
  title: 'syslog, ISO stamps; journalctl short-iso and short-iso-precise',
  writtenBy: 'rsyslog (default since Debian 12, RSYSLOG_FileFormat), sysklogd; journalctl -o short-iso, short-iso-precise',
  seen: 'real',
  framing: 'lines',
  sniff: (head) => judge(head, (text) => readIsoHead(text, 0) !== null),
  decoder: (context) => prefixedDecoder(context, { read: (text) => readIsoHead(text, 0), escapes: 'syslog' }),
}
