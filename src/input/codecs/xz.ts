import type { Meter } from '../budget.ts'
import type { Bytes } from '../bytes.ts'
import { Trouble } from '../trouble.ts'
import { type Codec, startsWith } from './define-codec.ts'

/** The .xz format 1.1: blocks, several streams one after another, zero padding between them. */
export const xz: Codec = {
  id: 'xz',
  title: 'xz (LZMA2; dictionaries to 64 MiB), several streams',
  sniff: (head) => startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  decode: streams,
}

async function* streams(input: Bytes, meter: Meter): Bytes {
  const decoder = await xzDecoder()
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length; at += decoder.inputSize) {
      const piece = chunk.subarray(at, at + decoder.inputSize)
      meter.took(piece.length)
      decoder.supply(piece)
      for (let status = 0; status === 0 && !decoder.hungry(); ) {
        status = decoder.next()
        const output = decoder.output()
        meter.gave(output.length)
        if (output.length > 0) yield output
        if (status > statusOf.end) throw troubleOf(status, meter)
      }
    }
  }
  for (let status = 0; status === 0; ) {
    // An empty supply tells the decoder that the input has ended: it answers "end", or "starved" (twice without progress) on a cut.
    decoder.supply(new Uint8Array(0))
    status = decoder.next()
    const output = decoder.output()
    meter.gave(output.length)
    if (output.length > 0) yield output
    if (status > statusOf.end) throw troubleOf(status, meter)
  }
}

/** xz-embedded's `enum xz_ret`. */
const statusOf = { end: 1, memory: 3, memoryLimit: 4, format: 5, options: 6, starved: 8 }

function troubleOf(status: number, meter: Meter): Trouble {
  if (status === statusOf.starved) return new Trouble('packing-cut', { codec: xz.id, bytes: meter.given() })
  if (status === statusOf.options)
    return new Trouble('codec-unknown', { codec: 'an xz filter or check beyond LZMA2 and CRC', command: 'xz -dk' })
  if (status === statusOf.memory || status === statusOf.memoryLimit)
    return new Trouble('codec-unknown', { codec: 'an xz dictionary of more than 64 MiB', command: 'xz -dk' })
  return new Trouble('packing-broken', { codec: xz.id, reason: 'its data does not decode', bytes: meter.given() })
}

export interface XzDecoder {
  /** The most that `supply` takes at once. */
  readonly inputSize: number
  supply(piece: Uint8Array): void
  /** Whether all that was supplied is used up. */
  hungry(): boolean
  /** Decodes on into the output buffer (64 KiB); returns an `xz_ret`. */
  next(): number
  /** A copy of what `next` decoded. */
  output(): Uint8Array
}

interface Engine {
  readonly memory: { readonly buffer: ArrayBuffer }
  create_context(): number
  supply_input(context: number, bytes: number): void
  get_next_output(context: number): number
}

interface Loader {
  _getModuleInstance(): Promise<void>
  _moduleInstance: { readonly exports: unknown }
}

/** The package is CommonJS whose names node cannot tell ahead: there they stand below `default`, in the bundle and in tests beside it. */
export async function xzLoader(): Promise<Loader> {
  const module = await import('xz-decompress')
  const { XzReadableStream } = module.default ?? module
  return XzReadableStream as unknown as Loader
}

/**
 * xz-decompress' own stream class lets only one xz stream be open in the process (a mutex), so a .xz inside a .tar.xz waits forever;
 * it also drops its last output on broken data. So its engine (xz-embedded as WebAssembly) is driven here, one instance a stream: its
 * memory goes with it. The names with underscores are internals: the version is pinned and samples/compressed tests them.
 */
async function xzDecoder(): Promise<XzDecoder> {
  const loader = await xzLoader()
  const loading = loader._getModuleInstance()
  await loading
  const engine = loader._moduleInstance.exports as Engine
  const context = engine.create_context()
  // struct { size, *in, in_pos, in_size, *out, out_pos, out_size, … }; the memory may move whenever the engine runs.
  const fields = (): Uint32Array => new Uint32Array(engine.memory.buffer, context, 6)
  const inputSize = fields()[0] as number
  return {
    inputSize,
    supply: (piece) => {
      new Uint8Array(engine.memory.buffer).set(piece, fields()[1] as number)
      engine.supply_input(context, piece.length)
    },
    hungry: () => fields()[2] === fields()[3],
    next: () => engine.get_next_output(context),
    output: () => {
      const now = fields()
      const start = now[4] as number
      const copy = new Uint8Array(engine.memory.buffer).slice(start, start + (now[5] as number))
      now[5] = 0
      return copy
    },
  }
}
