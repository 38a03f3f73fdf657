import { LESS } from '../units/characters.ts'
import { readKernelPrefix } from './kernel-prefix.ts'
import { prefixedFormat } from './prefixed-format.ts'
import { type Head, priorityOf } from './record.ts'
import { judge } from './sniffing.ts'

/** `<4>[  12.345678] text`, or `<4>text` where printk.time is off. */
export function readRawHead(text: string): Head | null {
  if (text.charCodeAt(0) !== LESS) return null
  const prefix = readKernelPrefix(text, 0)
  if (prefix === null || prefix.priority === null) return null
  return { width: prefix.end, uptimeUs: prefix.uptimeUs, caller: prefix.caller, ...priorityOf(prefix.priority) }
}

export const dmesgRaw = prefixedFormat({
  id: 'dmesg-raw',
  title: 'kernel messages with priority and uptime stamps',
  writtenBy: 'dmesg -r, /proc/kmsg, klogctl',
  seen: 'real',
  sniff: (head) => judge(head, (text) => readRawHead(text)?.uptimeUs != null),
  read: readRawHead,
  escapes: 'dmesg',
})
