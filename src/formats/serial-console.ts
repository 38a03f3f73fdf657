import type { LineFormat } from './define-format.ts'
import { readUptimeHead } from './dmesg.ts'
import { readRawHead } from './dmesg-raw.ts'
import { prefixedDecoder } from './prefixed.ts'
import type { Head } from './record.ts'
import { judge } from './sniffing.ts'

/** Resets, clears and colours that firmware, boot loader and systemd leave before a line; inside a line they may be a process's name. */
const controls = /^(?:\x1b(?:\[[0-9;?]{0,16}[A-Za-z]|c|[()][A-Z0-9])|[\r\0])+/
const bootLines =
  /^(?:SeaBIOS |GNU GRUB|Booting |iPXE |UEFI |BdsDxe: |EFI stub|Loading (?:Linux|initial)|Welcome to |Decompressing Linux)|\[ {2}OK {2}\]|^\S+ login: /
/** A login prompt, or the output of a program, that the kernel wrote over: `host login: [  12.3] text`. */
const promptShape = /^(?:\S{1,64} login: |[^[\]]{0,80}[#$] )(?=\[)/

function read(text: string): Head | null {
  const skipped = controls.exec(text)?.[0].length ?? promptShape.exec(text)?.[0].length ?? 0
  const rest = skipped === 0 ? text : text.slice(skipped)
  const head = readUptimeHead(rest) ?? readRawHead(rest)
  return head === null ? null : { ...head, width: head.width + skipped }
}

export const serialConsole: LineFormat = {
  id: 'serial-console',
  title: 'what a console printed',
  writtenBy: 'serial port or virtual console captures (ttyS0, IPMI SOL, virsh console, cloud serial output)',
  seen: 'real',
  framing: 'lines',
  sniff(head) {
    const verdict = judge(head, (text) => read(text) !== null, 0.3)
    if (verdict === 'none') return 'none'
    return head.some((text) => controls.test(text) || bootLines.test(text) || promptShape.test(text)) ? verdict : 'none'
  },
  decoder: (context) => prefixedDecoder(context, { read, escapes: 'none' }),
}
