import { describe, expect, it } from 'vitest'
import type { DocumentReader, Extractor } from '../../src/extract/define-extractor.ts'
import type { LineFormat } from '../../src/formats/define-format.ts'
import { scanTools } from '../../src/gather.ts'
import type { InputSource } from '../../src/input/source.ts'
import type { SourceEvidence } from '../../src/model/evidence.ts'
import { scanSource } from '../../src/scan/index.ts'
import type { ScanTools } from '../../src/scan/tools.ts'
import { dmesg, killLines } from '../evidence.ts'

const text = dmesg(killLines(41.5, 292))

async function read(changed: (tools: ScanTools) => Partial<ScanTools>, slow: boolean): Promise<SourceEvidence> {
  const bytes = new TextEncoder().encode(text)
  const source: InputSource = {
    name: 'a.log',
    path: 'a.log',
    bundle: 'a.log',
    modifiedMs: null,
    size: bytes.length,
    file: null,
    codec: null,
    async *chunks() {
      yield bytes
    },
  }
  const tools = scanTools(null, slow)
  const [evidence] = await scanSource(source, { ...tools, ...changed(tools) })
  return evidence as SourceEvidence
}

const boom = (): never => {
  throw new Error('boom')
}
const codes = (evidence: SourceEvidence): readonly string[] => evidence.warnings.map((w) => w.code)
const pids = (evidence: SourceEvidence): readonly number[] =>
  evidence.events.flatMap((e) => (e.kind === 'kernel-oom' ? e.dump.kills.map((k) => k.pid) : []))

describe.each([false, true])('a reader that throws (slow: %s)', (slow) => {
  it('costs its own events, when it is an extractor', async () => {
    const broken: Extractor = { id: 'broken', literals: ['Killed process '], open: () => ({ push: boom, wantsNext: false, end: boom }) }
    const evidence = await read((tools) => ({ extractors: [broken, ...tools.extractors] }), slow)
    expect(pids(evidence)).toEqual([292])
    expect(codes(evidence)).toEqual(['reader-failed'])
  })

  it('costs its document, which is read as a log', async () => {
    const claim = {
      id: 'broken',
      title: '',
      writtenBy: '',
      seen: 'real',
      sniff: () => 'strong',
      read: boom,
    } as const satisfies DocumentReader
    const evidence = await read(() => ({ documentReaders: [claim] }), slow)
    expect(pids(evidence)).toEqual([292])
    expect(codes(evidence)).toEqual(['reader-failed'])
    const shy = { ...claim, sniff: boom }
    expect(pids(await read(() => ({ documentReaders: [shy] }), slow))).toEqual([292])
  })

  it('costs a line its front, when it is a wrapping', async () => {
    const broken: LineFormat = {
      id: 'broken',
      title: '',
      writtenBy: '',
      seen: 'real',
      framing: 'lines',
      sniff: () => 'strong',
      decoder: () => ({ push: boom, flush: boom }),
    }
    const evidence = await read((tools) => ({ formats: [broken, ...tools.formats], detectFormat: () => broken }), slow)
    expect(codes(evidence)).toEqual(['reader-failed'])
  })

  it('costs only the lines at which a wrapping fails', async () => {
    let isBroken = true
    const evidence = await read((tools) => {
      const failing = (format: LineFormat): LineFormat => ({
        ...format,
        decoder: (context) => {
          const decoder = format.decoder(context)
          return {
            ...decoder,
            push(line, emit) {
              if (isBroken) {
                isBroken = false
                throw new Error('boom')
              }
              return decoder.push(line, emit)
            },
          }
        },
      })
      return { detectFormat: (head) => failing(tools.detectFormat(head) as LineFormat) }
    }, slow)
    expect(codes(evidence)).toEqual(['reader-failed'])
    expect(pids(evidence)).toEqual([292])
  })
})
