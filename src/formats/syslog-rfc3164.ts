import { LESS } from '../units/characters.ts'
import { readSyslogStamp } from '../units/stamp.ts'
import { isCertainText } from './fronts/kernel-text.ts'
import { readKernelPrefix } from './kernel-prefix.ts'
import { prefixedFormat } from './prefixed-format.ts'
import { type Head, priorityOf } from './record.ts'
import { judge } from './sniffing.ts'
import { readClassicHead } from './syslog-line.ts'

/** `Jul 15 23:44:32 host kernel: text`, with `<4>` in front too. journalctl -o short and short-precise print the same, with indented continuations. */
function readRfc3164(text: string): Head | null {
  if (text.charCodeAt(0) !== LESS) return readClassicHead(text, 0)
  const g = /^<(?<priority>\d{1,3})>(?=[^\d\s])/.exec(text)?.groups
  if (g === undefined || Number(g['priority']) > 191) return null
  const head = readClassicHead(text, (g['priority'] as string).length + 2)
  return head === null ? null : { ...head, ...priorityOf(Number(g['priority'])) }
}

/** `Nov 24 07:04:29 CPU: 1 PID: 384 Comm: java`: no host, which cannot be told from each line, but the kernel's text at once, its clock before it or not. */
function isHostless(text: string): boolean {
  const found = readSyslogStamp(text, 0, 'received')
  return found !== null && (isCertainText(text, found.end + 1) || (readKernelPrefix(text, found.end + 1)?.uptimeUs ?? null) !== null)
}

export const syslogRfc3164 = prefixedFormat({
  id: 'syslog-rfc3164',
  title: 'syslog, traditional stamps; journalctl short and short-precise',
  writtenBy: 'rsyslog (traditional template), syslog-ng, sysklogd, BusyBox syslogd; journalctl, journalctl -o short-precise, --no-hostname',
  seen: 'real',
  sniff: (head) => (head.some(isHostless) ? 'none' : judge(head, (text) => readRfc3164(text) !== null)),
  read: readRfc3164,
  escapes: 'syslog',
})
