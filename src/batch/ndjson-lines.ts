import { Readable } from 'node:stream'
import ndjson from 'ndjson'

/** Each value as its line, with the line break: whoever writes them counts the bytes of each. */
export async function ndjsonLines(values: readonly object[]): Promise<string[]> {
  const lines: string[] = []
  for await (const line of Readable.from(values).pipe(ndjson.stringify())) lines.push(String(line))
  return lines
}
