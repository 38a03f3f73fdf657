import type { LineFormat } from './define-format.ts'
import { readKernelPrefix } from './kernel-prefix.ts'
import { prefixedDecoder } from './prefixed.ts'
import type { Head } from './record.ts'
import { judge } from './sniffing.ts'

/** `[  859.563319] text`, `[ 1630.128773][T14021] text`, `[ 3605.341706] [   T5739] text`. */
export function readUptimeHead(text: string): Head | null {
  if (text.charCodeAt(0) !== 0x5b) return null
  const prefix = readKernelPrefix(text, 0)
  if (prefix === null || prefix.uptimeUs === null) return null
  return { width: prefix.end, uptimeUs: prefix.uptimeUs, caller: prefix.caller }
}

export const dmesg: LineFormat = {
  id: 'dmesg',
  title: 'kernel messages with uptime stamps',
  writtenBy: 'dmesg, vmcore-dmesg.txt, crash log, netconsole, BusyBox dmesg',
  seen: 'real',
  framing: 'lines',
  // `[  12.345678] host kernel: text` is journalctl -o short-monotonic: asked before this one.
  sniff: (head) => judge(head, (text) => readUptimeHead(text) !== null),
  decoder: (context) => prefixedDecoder(context, { read: readUptimeHead, escapes: 'dmesg' }),
}
