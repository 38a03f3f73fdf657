import { readCtimeHead } from './ctime-head.ts'
import { prefixedFormat } from './prefixed-format.ts'

export const dmesgCtime = prefixedFormat({
  id: 'dmesg-ctime',
  title: 'kernel messages with human stamps',
  writtenBy: 'dmesg -T, crash log -T',
  seen: 'real',
  read: readCtimeHead,
  escapes: 'dmesg',
})
