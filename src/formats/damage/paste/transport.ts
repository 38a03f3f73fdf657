import { together } from '../../../input/bytes.ts'
import { physicalLines, type TextLine } from './text-line.ts'

/** Three escapes or more in a line without a blank, or what base64 (also of gzip) looks like. */
const signs = /^\s*\S*%[0-9A-Fa-f]{2}\S*%[0-9A-Fa-f]{2}\S*\s*$|(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{76}|^\s*[A-Za-z0-9+/]{60,76}={0,2}\s*$/m
/** What a text must hold that is worth having decoded. */
const tells = /kill|oom|out of memory/i

export const hasTransport = (text: string): boolean => signs.test(text)

/** Lines that something encoded to carry them: percent signs of an address or a form, base64, gzip in base64. */
export async function withoutTransport(lines: readonly TextLine[]): Promise<readonly TextLine[]> {
  const out: TextLine[] = []
  for (let at = 0; at < lines.length; ) {
    const found = (await base64At(lines, at)) ?? { lines: percentDecoded(lines[at] as TextLine), to: at + 1 }
    out.push(...found.lines)
    at = found.to
  }
  return out
}

/** Encoded more often is nobody's paste. */
const DEEPEST = 3
const escapes = /%[0-9A-Fa-f]{2}/g
/** `…?text=…`, `&log=…`: what an address or a form holds under a name. */
const field = /(?:^|[?&;])[\w.[\]-]{1,60}=(?=[^&]*(?:%|\+))/

/**
 * A line that is encoded as a whole. A field's value counts where it holds lines of its own: one line behind `?q=` is what somebody searched for.
 */
function percentDecoded(line: TextLine, depth = 0): TextLine[] {
  const text = line.text.trim()
  if (depth === DEEPEST || /\s/.test(text) || (text.match(escapes)?.length ?? 0) < 3) return [line]
  const values = field.test(text) ? text.split(/(?:^|[?&;])[\w.[\]-]{1,60}=|&/).filter((value) => /%0A/i.test(value)) : [text]
  if (values.length === 0) return [line]
  const isForm = !text.includes('%20')
  return values
    .flatMap((value) => physicalLines(fromPercent(isForm ? value.replaceAll('+', ' ') : value)))
    .flatMap((own) => percentDecoded({ ...line, text: own.text, encoded: line.text.length > 4_000 }, depth + 1))
}

const utf8 = new TextDecoder('utf-8')

const fromPercent = (text: string): string =>
  text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => utf8.decode(Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))))

interface Decoded {
  readonly lines: readonly TextLine[]
  readonly to: number
}

const whole = /^\s*(?:> ?){0,8}(?<own>[A-Za-z0-9+/]{4,}={0,2})\s*$/
/** A longer one behind a name: `data:text/plain;base64,…`, `log: …`. */
const inner = /(?<![A-Za-z0-9+/=])(?<own>[A-Za-z0-9+/]{76,}={0,2})["']?\s*$/

/** The text that begins at a line as base64; `null`: it is none, or tells of no death. */
async function base64At(lines: readonly TextLine[], at: number): Promise<Decoded | null> {
  const first = (lines[at] as TextLine).text
  const width = whole.exec(first)?.groups?.['own']?.length ?? 0
  let to = at + 1
  let own = inner.exec(first)?.groups?.['own'] ?? ''
  if (width >= 60) {
    own = ''
    for (to = at; to < lines.length; to += 1) {
      const piece = whole.exec((lines[to] as TextLine).text)?.groups?.['own']
      if (piece === undefined || piece.length > width) break
      own += piece
      if (piece.length < width) {
        to += 1
        break
      }
    }
  }
  const text = own.length < 76 ? null : await textOf(own)
  if (text === null || !tells.test(text)) return null
  const from = (lines[at] as TextLine).from
  const end = (lines[to - 1] as TextLine).to
  return { lines: physicalLines(text).map((line) => ({ text: line.text, from, to: end, encoded: true })), to }
}

async function textOf(base64: string): Promise<string | null> {
  const bytes = bytesOf(base64)
  if (bytes === null) return null
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? await inflated(bytes) : bytes
    // As a stream: the last letter may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(plain, { stream: true })
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

/** Without its last sign where that is half of nothing: a paste may be cut anywhere. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  const signs = base64.replace(/={1,2}$/, '')
  try {
    return Uint8Array.from(atob(signs.length % 4 === 1 ? signs.slice(0, -1) : signs), (sign) => sign.charCodeAt(0))
  } catch {
    return null
  }
}

/** More is no paste. */
const MOST = 4 * 1024 * 1024

/** As much as there is of a gzip stream: what is pasted may be cut. */
async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  let size = 0
  try {
    for (let next = await reader.read(); !next.done && size < MOST; next = await reader.read()) {
      pieces.push(next.value)
      size += next.value.length
    }
    await reader.cancel()
  } catch {
    // what came before the cut is told
  }
  return together(pieces)
}
