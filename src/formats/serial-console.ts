import type { LineFormat } from './define-format.ts'
import { readUptimeHead } from './dmesg.ts'
import { readRawHead } from './dmesg-raw.ts'
import { isFiller, prefixedDecoder } from './prefixed.ts'
import type { Head } from './record.ts'
import { judge } from './sniffing.ts'

/** Resets, clears and colours that firmware, boot loader and systemd leave before a line; inside a line they may be a process's name. */
const controls = /^(?:\x1b(?:\[[0-9;?]{0,16}[A-Za-z]|c|[()][A-Z0-9])|[\r\0])+/
const bootLines =
  /^(?:SeaBIOS |GNU GRUB|Booting |iPXE |UEFI |BdsDxe: |EFI stub|Loading (?:Linux|initial)|Welcome to |Decompressing Linux)|^\[(?:\x1b\[[\d;]{0,8}m)? {0,3}(?:OK|FAILED|DEPEND|WARN|INFO|SKIP|TIME)(?:\x1b|\s)|^\S+ login: /
/** A kernel line that began while the cursor stood behind a prompt or a program's words: `host login: \r[   31.093466] text`. */
const behind = /^.{1,200}?(?=(?:<\d{1,3}>)?\[ {0,5}\d{1,10}\.\d{6}\])/s

function readConsoleHead(text: string): Head | null {
  const direct = readUptimeHead(text) ?? readRawHead(text)
  if (direct !== null) return direct
  const skipped = behind.exec(text)?.[0].length ?? 0
  if (skipped === 0) return null
  const rest = text.slice(skipped)
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
    // First what is soon told: most logs are no console's.
    if (!head.some((text) => controls.test(text) || bootLines.test(text))) return 'none'
    return judge(head, (text) => readConsoleHead(text) !== null, 0.3)
  },
  decoder: (context) =>
    prefixedDecoder(context, {
      read: readConsoleHead,
      escapes: 'none',
      filler: (text) => controls.test(text) || bootLines.test(text) || isFiller(text),
    }),
}
