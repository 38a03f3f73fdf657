import type { LineFormat } from './define-format.ts'
import { recordOf } from './record.ts'
import { unwrap } from './unwrap.ts'

/** Text that no wrapping claims. What a line itself begins with (a stamp, a klog header) is still taken off. */
export const plain: LineFormat = {
  id: 'plain',
  title: 'plain text',
  writtenBy: 'dmesg -t, journalctl -o cat, pasted fragments',
  seen: 'real',
  framing: 'lines',
  sniff: () => 'weak',
  decoder: (context) => ({
    push(line, emit) {
      if (line.text !== '') emit(unwrap(recordOf(context, line, { width: 0 }, line.text, line.text, 1)))
      return true
    },
    flush: () => {},
  }),
}
