/** Which of the escapes `\xNN` a tool wrote: it depends on what it holds to be printable. */
export type EscapedByte = (byte: number) => boolean

/** /dev/kmsg escapes every byte that is not printable ASCII, and the backslash (kernel/printk/printk.c, `msg_add_ext_text`). */
export const everyByte: EscapedByte = () => true
/** util-linux `dmesg` and `vmcore-dmesg` escape only what cannot be printed: a `\x41` there is what the program itself wrote. */
export const unprintableByte: EscapedByte = (byte) => byte < 0x20 || byte >= 0x7f

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const hexRun = /(?:\\x[0-9a-fA-F]{2})+/g

/** Undoes `\xNN`; what comes out as bytes is read as UTF-8, broken bytes become U+FFFD. */
export function unescapeHex(text: string, escaped: EscapedByte): string {
  if (!text.includes('\\x')) return text
  return text.replace(hexRun, (run) => {
    let out = ''
    let bytes: number[] = []
    const close = (): void => {
      if (bytes.length > 0) out += decodeBytes(bytes)
      bytes = []
    }
    for (let at = 0; at < run.length; at += 4) {
      const byte = Number.parseInt(run.slice(at + 2, at + 4), 16)
      if (escaped(byte)) bytes.push(byte)
      else {
        close()
        out += run.slice(at, at + 4)
      }
    }
    close()
    return out
  })
}

/** Bytes as UTF-8, broken ones as U+FFFD. */
export function decodeBytes(bytes: readonly number[]): string {
  return decoder.decode(Uint8Array.from(bytes))
}

/**
 * Undoes rsyslog's `#012`, `#011`, `#033` (or with `\`): control characters only, since `#144-Ubuntu` is a build number. Two or more
 * escaped bytes from `#200` on in a row are taken as UTF-8 when they are. Use it on lines with a syslog prefix only.
 */
export function unescapeOctal(text: string): string {
  if (!text.includes('#') && !text.includes('\\0')) return text
  return text
    .replace(/(?:#[23][0-7]{2}){2,}/g, (run) => {
      const decoded = decodeBytes(
        run
          .slice(1)
          .split('#')
          .map((octal) => Number.parseInt(octal, 8)),
      )
      return decoded.includes('\ufffd') ? run : decoded
    })
    .replace(/[#\\](?<octal>0[0-3][0-7])/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/** Length of a text in UTF-8 bytes: what tools that indent by `strlen` count. */
export function utf8Length(text: string): number {
  let length = text.length
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) length += 2
    else if (unit >= 0x80) length += 1
  }
  return length
}
