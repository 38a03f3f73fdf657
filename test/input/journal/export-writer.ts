import type { JournalEntry } from '../../../src/input/journal/index.ts'

const encoder = new TextEncoder()

/** An entry as `journalctl -o export` (systemd 252) writes it: systemd's JOURNAL_EXPORT_FORMATS. */
export function exported({ cursor, realtimeUs, monotonicUs, bootId, fields }: JournalEntry): Uint8Array[] {
  const text = (line: string) => encoder.encode(`${line}\n`) as Uint8Array
  const pieces: Uint8Array[] = [
    text(`__CURSOR=${cursor}`),
    text(`__REALTIME_TIMESTAMP=${realtimeUs}`),
    text(`__MONOTONIC_TIMESTAMP=${monotonicUs}`),
    text(`_BOOT_ID=${bootId}`),
  ]
  for (const [name, value] of fields) {
    if (name === '_BOOT_ID') continue
    if (isPrintable(value)) pieces.push(encoder.encode(`${name}=`), value, encoder.encode('\n'))
    else {
      const length = new Uint8Array(8)
      new DataView(length.buffer).setUint32(0, value.length, true)
      pieces.push(encoder.encode(`${name}\n`), length, value, encoder.encode('\n'))
    }
  }
  pieces.push(encoder.encode('\n'))
  return pieces
}

/** systemd's `utf8_is_printable_newline`: valid UTF-8 without control characters but for tab, and for line feeds where those are allowed (`-o json`). */
export function isPrintable(value: Uint8Array, newline = false): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value)
    return !/[\x00-\x08\x0a-\x1f\x7f\x80-\x9f]/.test(newline ? text.replaceAll('\n', '') : text)
  } catch {
    return false
  }
}
