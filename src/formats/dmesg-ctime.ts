import { readCtimeStamp } from '../units/stamp.ts'
import type { LineFormat } from './define-format.ts'
import { readCaller } from './kernel-prefix.ts'
import { prefixedDecoder } from './prefixed.ts'
import type { Head } from './record.ts'
import { judge } from './sniffing.ts'

/** `[Tue Nov 24 02:54:32 2026] text`, in any language; with -d `[Tue Nov 24 02:54:32 2026 <    0.000722>] text`. */
export function readCtimeHead(text: string): Head | null {
  if (text.charCodeAt(0) !== 0x5b) return null
  const found = readCtimeStamp(text, 1, 'boot-derived')
  if (found === null) return null
  const close =
    text.charCodeAt(found.end) === 0x5d
      ? found.end
      : /^ <[ \d.]{1,16}>\]/.test(text.slice(found.end, found.end + 20))
        ? text.indexOf(']', found.end)
        : -1
  if (close === -1) return null
  const { caller, end } = readCaller(text, close + 1)
  return { width: end, wall: found.stamp, caller }
}

export const dmesgCtime: LineFormat = {
  id: 'dmesg-ctime',
  title: 'kernel messages with human stamps',
  writtenBy: 'dmesg -T, crash log -T',
  seen: 'real',
  framing: 'lines',
  sniff: (head) => judge(head, (text) => readCtimeHead(text) !== null),
  decoder: (context) => prefixedDecoder(context, { read: readCtimeHead, escapes: 'dmesg' }),
}
