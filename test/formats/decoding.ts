import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Line, LineFormat } from '../../src/formats/define-format.ts'
import { openFronts } from '../../src/formats/fronts/index.ts'
import { detectFormat } from '../../src/formats/index.ts'
import type { LogRecord } from '../../src/model/record.ts'

export const samples = join(import.meta.dirname, '../../samples')

/** Lines as the cutter makes them, with byte offsets. */
function linesOf(text: string): Line[] {
  let offset = 0
  const lines = text.split('\n').map((own, index) => {
    const line = { text: own.endsWith('\r') ? own.slice(0, -1) : own, number: index + 1, offset }
    offset += Buffer.byteLength(own) + 1
    return line
  })
  if (lines.at(-1)?.text === '') lines.pop()
  return lines
}

export interface Decoded {
  readonly format: LineFormat
  readonly records: readonly LogRecord[]
  readonly misses: readonly Line[]
  readonly lines: readonly Line[]
}

/** Detects and decodes a whole text; the name is hidden. */
export function decode(text: string, format?: LineFormat): Decoded {
  const lines = linesOf(text)
  const used = format ?? detectFormat(lines.slice(0, 64).map((line) => line.text))
  const decoder = used.decoder({ source: 'x', host: null })
  const records: LogRecord[] = []
  const misses: Line[] = []
  const fronts = openFronts((record) => void records.push(record))
  for (const line of lines) if (!decoder.push(line, fronts.push)) misses.push(line)
  decoder.flush(fronts.push)
  fronts.flush()
  return { format: used, records, misses, lines }
}

export const decodeSample = (name: string): Decoded => decode(readFileSync(join(samples, name), 'utf8'))

/** What the kernel said, line by line: wrappings that give every line a front and those that don't come out the same. */
export function kernelLines(records: readonly LogRecord[]): string[] {
  return records
    .filter(({ identifier, writer }) => writer !== 'userspace' && (identifier === null || identifier === 'kernel'))
    .flatMap(({ message }) => message.split('\n'))
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
}
