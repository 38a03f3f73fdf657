import { readCtimeHead } from './ctime-head.ts'
import { readUptimeHead } from './dmesg.ts'
import { readDeltaHead } from './dmesg-delta.ts'
import { readDmesgIsoHead } from './dmesg-iso.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'
import { syslogLevel } from './syslog-line.ts'

// `kern  :warn  : ` (util-linux dmesg.c, `%-6s:%-6s: `)
const shape = /^(?<facility>[a-z]{2,8}\d?) {0,5}:(?<level>emerg|alert|crit|err|warn|notice|info|debug) {0,5}: (?=.)/

/** `kern  :warn  : [  271.751846] text`, with any of dmesg's stamps or none. */
function readDecodeHead(text: string): Head | null {
  const match = shape.exec(text)
  const g = match?.groups
  if (!match || !g) return null
  const at = match[0].length
  const rest = text.slice(at)
  const stamp = readUptimeHead(rest) ?? readDeltaHead(rest) ?? readCtimeHead(rest) ?? readDmesgIsoHead(rest) ?? { width: 0 }
  return {
    ...stamp,
    width: at + stamp.width,
    writer: g['facility'] === 'kern' ? 'kernel' : 'userspace',
    severity: syslogLevel(g['level'] as string),
  }
}

export const dmesgDecode = prefixedFormat({
  id: 'dmesg-decode',
  title: 'kernel messages with facility and level',
  writtenBy: 'dmesg -x',
  seen: 'real',
  read: readDecodeHead,
  escapes: 'dmesg',
})
