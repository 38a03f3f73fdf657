import { BRACKET_OPEN } from '../units/characters.ts'
import { readKernelPrefix } from './kernel-prefix.ts'
import { prefixedFormat } from './prefixed-format.ts'
import type { Head } from './record.ts'

/** `[  859.563319] text`, `[ 1630.128773][T14021] text`, `[ 3605.341706] [   T5739] text`. */
export function readUptimeHead(text: string): Head | null {
  if (text.charCodeAt(0) !== BRACKET_OPEN) return null
  const prefix = readKernelPrefix(text, 0)
  if (prefix === null || prefix.uptimeUs === null) return null
  return { width: prefix.end, uptimeUs: prefix.uptimeUs, caller: prefix.caller }
}

/** Lost lines are told in front of the next one by kernels that print no line break there; a console line may begin behind a prompt and a CR. */
const glued = /^(?:\*\* \d{1,10} printk messages dropped \*\* ?|[^[\r]{0,200}\r)(?=\[)/

function read(text: string): Head | null {
  const direct = readUptimeHead(text)
  if (direct !== null || !(text.startsWith('** ') || text.includes('\r['))) return direct
  const front = glued.exec(text)?.[0] ?? ''
  const head = front === '' ? null : readUptimeHead(text.slice(front.length))
  if (head === null) return null
  // The loss stays in the text: it is the only trace of it.
  return front.startsWith('*') ? { ...head, width: 0 } : { ...head, width: head.width + front.length }
}

export const dmesg = prefixedFormat({
  id: 'dmesg',
  title: 'kernel messages with uptime stamps',
  writtenBy: 'dmesg, vmcore-dmesg.txt, crash log, netconsole, BusyBox dmesg',
  seen: 'real',
  // `[  12.345678] host kernel: text` is journalctl -o short-monotonic: asked before this one.
  read,
  escapes: 'dmesg',
})
