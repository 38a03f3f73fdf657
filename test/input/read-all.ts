import { defaultLimits, type InputOptions, type InputSource } from '../../src/input/index.ts'
import type { Warning } from '../../src/model/warning.ts'
import { openInputs } from '../../src/node/open.ts'

export interface ReadSource extends Omit<InputSource, 'chunks'> {
  readonly text: string
}

export async function readAll(
  paths: readonly string[],
  options: InputOptions = { limits: defaultLimits, stdin: null },
): Promise<{ sources: ReadSource[]; warnings: readonly Warning[]; unreadable: number }> {
  const opened = openInputs(paths, options)
  const sources: ReadSource[] = []
  for await (const source of opened.sources) {
    const chunks: Uint8Array[] = []
    for await (const chunk of source.chunks()) chunks.push(chunk)
    const { chunks: _, ...facts } = source
    sources.push({ ...facts, text: Buffer.concat(chunks).toString('latin1') })
  }
  const { warnings, unreadable } = opened.outcome()
  return { sources, warnings, unreadable }
}
