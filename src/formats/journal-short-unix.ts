import { epochStamp } from '../units/stamp.ts'
import { isCertainText } from './fronts/kernel-text.ts'
import { readKernelPrefix } from './kernel-prefix.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'
import { judge } from './sniffing.ts'
import { headOf, readSpeaker } from './syslog-line.ts'

const stampShape = /^(?<seconds>1\d{9})(?:\.(?<fraction>\d{1,9}))? +(?=\S)/

/** `1795506873.592495 host kernel: text`; syslog-ng templates print `1720128512 host [42201.484624] text` too. */
function read(text: string): Head | null {
  if (text.charCodeAt(0) !== 0x31) return null
  const match = stampShape.exec(text)
  const g = match?.groups
  if (!match || !g) return null
  const fraction = g['fraction'] ?? ''
  const micros = Number(g['seconds']) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'))
  const stamp = epochStamp(match[0].trimEnd(), micros, fraction === '' ? 1_000_000 : 10 ** Math.max(0, 6 - fraction.length), 'received')
  const at = match[0].length
  if (isCertainText(text, at)) return null
  const speaker = readSpeaker(text, at, false)
  if (speaker !== null) return headOf({ stamp, end: at }, speaker)
  const blank = text.indexOf(' ', at)
  const prefix = blank === -1 ? null : readKernelPrefix(text, blank + 1)
  return prefix === null || prefix.uptimeUs === null ? null : { width: blank + 1, wall: stamp, host: text.slice(at, blank) }
}

export const journalShortUnix = prefixedFormat({
  id: 'journal-short-unix',
  title: 'journal with seconds since the epoch',
  writtenBy: 'journalctl -o short-unix; syslog-ng templates with UNIXTIME',
  seen: 'real',
  sniff: (head) =>
    head.some((text) => isCertainText(text, stampShape.exec(text)?.[0].length ?? text.length))
      ? 'none'
      : judge(head, (text) => read(text) !== null),
  read,
  escapes: 'syslog',
})
