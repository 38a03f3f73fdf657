import { withoutMarkup } from './markup.ts'
import { isQuotedPrintable, withoutQuotedPrintable } from './quoted-printable.ts'
import { physicalLines, type TextLine } from './text-line.ts'

/** How the body behind a head is written. */
interface Part {
  readonly encoding: string
  readonly type: string
}

const headLine = /^(?<name>[A-Za-z][\w-]{1,60}):[ \t]*(?<value>(?:[^ \t\n].*)?)$/
const isMime = /^content-(?:type|transfer-encoding):/im

export const hasMime = (text: string): boolean => isMime.test(text)

/**
 * The bodies of a mail (RFC 2045 – 2047), decoded one by one: quoted-printable, base64 and HTML. Heads and boundaries stay as they are. A folder of mails (mbox) is
 * several.
 */
export function withoutMime(lines: readonly TextLine[]): TextLine[] {
  const boundaries = new Set(lines.flatMap(({ text }) => /boundary="?(?<own>[^";\s]{1,100})/i.exec(text)?.groups?.['own'] ?? []))
  const out: TextLine[] = []
  for (let at = 0; at < lines.length; ) {
    const head = headAt(lines, at)
    if (head === null) {
      out.push(lines[at] as TextLine)
      at += 1
      continue
    }
    const end = bodyEnd(lines, head.end, boundaries)
    out.push(...lines.slice(at, head.end), ...decoded(lines.slice(head.end, end), head.part))
    at = end
  }
  return out
}

/** A block of `Name: value` lines that says how what follows is written; `null` when none begins here. */
function headAt(lines: readonly TextLine[], start: number): { readonly end: number; readonly part: Part } | null {
  const fields: Record<string, string> = {}
  let last = ''
  let at = start
  for (; at < lines.length; at += 1) {
    const text = (lines[at] as TextLine).text
    const found = headLine.exec(text)?.groups
    if (found !== undefined) {
      last = (found['name'] as string).toLowerCase()
      fields[last] = found['value'] as string
    } else if (/^[ \t]+\S/.test(text) && last !== '') fields[last] += ` ${text.trim()}`
    else break
  }
  const encoding = fields['content-transfer-encoding']
  const type = fields['content-type']
  if ((encoding === undefined && type === undefined) || lines[at]?.text.trim() !== '') return null
  return { end: at, part: { encoding: (encoding ?? '').trim().toLowerCase(), type: (type ?? 'text/plain').trim().toLowerCase() } }
}

/** The index of the boundary or of the next mail's `From ` line. */
function bodyEnd(lines: readonly TextLine[], start: number, boundaries: ReadonlySet<string>): number {
  for (let at = start; at < lines.length; at += 1) {
    const { text } = lines[at] as TextLine
    if (text.startsWith('--') && boundaries.has(text.trimEnd().slice(2).replace(/--$/, ''))) return at
    if (text.startsWith('--') && boundaries.has(text.trimEnd().slice(2))) return at
    if (/^From \S+ {1,2}(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) /.test(text)) return at
  }
  return lines.length
}

function decoded(body: readonly TextLine[], { encoding, type }: Part): readonly TextLine[] {
  if (type.startsWith('multipart/')) return body
  const text = body.map((line) => line.text).join('\n')
  const plain =
    encoding === 'base64'
      ? fromBase64(body)
      : encoding === 'quoted-printable' || isQuotedPrintable(text)
        ? withoutQuotedPrintable(body)
        : body
  return type.startsWith('text/html') ? withoutMarkup(plain) : plain
}

/** The text of an attachment or body; what is no text (a picture, an archive) stays as it is. */
function fromBase64(body: readonly TextLine[]): readonly TextLine[] {
  const filled = body.filter(({ text }) => /^[A-Za-z0-9+/=]{1,100}\s*$/.test(text))
  const [first, last] = [filled[0], filled.at(-1)]
  if (first === undefined || last === undefined) return body
  const bytes = bytesOf(filled.map(({ text }) => text.trim()).join(''))
  if (bytes === null || bytes.length === 0 || bytes.includes(0)) return body
  return physicalLines(utf8.decode(bytes)).map((line) => ({ text: line.text, from: first.from, to: last.to, encoded: true }))
}

const utf8 = new TextDecoder('utf-8')

function bytesOf(base64: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}
