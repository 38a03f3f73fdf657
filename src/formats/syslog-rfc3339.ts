import { prefixedFormat } from './prefixed-format.ts'
import { readIsoHead } from './syslog-line.ts'

export const syslogRfc3339 = prefixedFormat({
  id: 'syslog-rfc3339',
  title: 'syslog, ISO stamps; journalctl short-iso and short-iso-precise',
  writtenBy: 'rsyslog (default since Debian 12, RSYSLOG_FileFormat), sysklogd; journalctl -o short-iso, short-iso-precise',
  seen: 'real',
  read: (text) => readIsoHead(text, 0),
  escapes: 'syslog',
})
