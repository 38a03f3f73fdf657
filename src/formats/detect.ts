import type { LineFormat } from './define-format.ts'

/** Strong claims go before weak ones, earlier formats before later ones. What the first lines say strongly goes before what the rest says: files are concatenated. */
export function detectIn(formats: readonly LineFormat[], plain: LineFormat, head: readonly string[], _fileName: string): LineFormat {
  return strongest(formats, head) ?? plain
}

function strongest(formats: readonly LineFormat[], head: readonly string[]): LineFormat | null {
  let weak: LineFormat | null = null
  for (const format of formats) {
    const verdict = format.sniff(head)
    if (verdict === 'strong') return format
    if (verdict === 'weak') weak ??= format
  }
  return weak
}
