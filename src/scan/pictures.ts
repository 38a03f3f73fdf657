import type { InputSource } from '../input/source.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Warning } from '../model/warning.ts'
import { warning } from '../warnings.ts'
import { factsOf } from './collector.ts'
import { bytesText } from './text/line-text.ts'

/** First bytes of pictures and printed pages (PNG, RFC 2083; JFIF; GIF89a; RIFF; ISO BMFF; TIFF 6.0; ISO 32000), one character a byte. */
const kinds: readonly (readonly [string, RegExp])[] = [
  ['PNG', /^\x89PNG\r\n\x1a\n/],
  ['JPEG', /^\xff\xd8\xff/],
  ['GIF', /^GIF8[79]a/],
  ['WebP', /^RIFF[\s\S]{4}WEBP/],
  ['HEIC', /^[\s\S]{4}ftyp(?:heic|heix|mif1|avif)/],
  ['TIFF', /^(?:II\*\x00|MM\x00\*)/],
  ['BMP', /^BM[\s\S]{4}\x00\x00\x00\x00/],
  ['PDF', /^%PDF-\d/],
]

/** Which kind of picture a source is, by its first bytes; `null`: none. */
export function pictureKind(head: Uint8Array): string | null {
  const first = head[0]
  // Text begins with none of these but by chance: most sources cost one look.
  if (first === undefined || head.length < 12) return null
  const text = String.fromCharCode(...head.subarray(0, 16))
  return kinds.find(([, shape]) => shape.test(text))?.[0] ?? null
}

/** A picture is said to be one: what is on it can be read by nobody here. */
export const pictureEvidence = (source: InputSource, kind: string): SourceEvidence => ({
  source: factsOf(source, { format: 'unknown', lines: 0, bytes: source.size ?? 0 }),
  events: [],
  anchors: [],
  snapshots: [],
  warnings: [warning('picture', source.name, null, { kind })],
})

/** A mail's part or a page's picture: `Content-Type: image/png`, `data:image/png;base64,`. */
const inside = /^content-type:\s*image\/(?<part>[\w.+-]{1,20})|data:image\/(?<data>[\w.+-]{1,20});base64,/gim

/** Pictures inside a mail or page, which are not read, as a warning at the first one. */
export function picturesInside(source: InputSource, bytes: Uint8Array): Warning[] {
  const text = bytesText(bytes)
  if (!text.includes('image/')) return []
  const found = [...text.matchAll(inside)].filter(({ groups }) => !/^svg/i.test(groups?.['part'] ?? groups?.['data'] ?? ''))
  const [first] = found
  if (first === undefined) return []
  const kind = (first.groups?.['part'] ?? first.groups?.['data'] ?? '').toUpperCase()
  const line = text.slice(0, first.index).split('\n').length
  return [warning('picture-inside', source.name, line, { count: found.length, kind })]
}
