import { readCtimeHead } from './ctime-head.ts'
import type { LineFormat } from './define-format.ts'
import { prefixedDecoder } from './prefixed.ts'
import { judge } from './sniffing.ts'

export const dmesgCtime: LineFormat = {
  id: 'dmesg-ctime',
  title: 'kernel messages with human stamps',
  writtenBy: 'dmesg -T, crash log -T',
  seen: 'real',
  framing: 'lines',
  sniff: (head) => judge(head, (text) => readCtimeHead(text) !== null),
  decoder: (context) => prefixedDecoder(context, { read: readCtimeHead, escapes: 'dmesg' }),
}
