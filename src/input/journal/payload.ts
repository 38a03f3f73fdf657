import { together, viewOf } from '../bytes.ts'
import { xzLoader } from '../codecs/xz.ts'
import { numberAt, packing } from './layout.ts'
import { unpackLz4 } from './lz4.ts'

/** Unpacks the payload of a DATA object by its flag. `null`: broken, or of a kind that was not loaded. */
export type Unpack = (flag: number, packed: Uint8Array) => Uint8Array | null

/** Payloads that claim to be larger are taken for damage. */
const LARGEST = 64 * 1024 * 1024

/**
 * Loads what unpacks all three kinds: only the engine of xz must be waited for, and only files whose flags (in the header) speak of xz
 * need it. Each file has at most one kind besides what journald had chosen before an update.
 */
export async function loadUnpack(kinds: { readonly xz: boolean; readonly zstd: boolean }): Promise<Unpack> {
  const zstd = kinds.zstd ? (await import('fzstd')).decompress : null
  const xz = kinds.xz ? await loadXz() : null
  return (flag, packed) => {
    try {
      if (flag === packing.lz4) return lz4Payload(packed)
      if (flag === packing.zstd) return zstd?.(packed) ?? null
      return flag === packing.xz ? (xz?.(packed) ?? null) : null
    } catch {
      return null
    }
  }
}

/** journald writes the unpacked size (u64) before the block. */
function lz4Payload(packed: Uint8Array): Uint8Array | null {
  const size = packed.length < 8 ? Infinity : numberAt(viewOf(packed), 0)
  return size > LARGEST ? null : unpackLz4(packed.subarray(8), size)
}

interface Engine {
  readonly memory: { readonly buffer: ArrayBuffer }
  create_context(): number
  destroy_context(context: number): void
  supply_input(context: number, bytes: number): void
  get_next_output(context: number): number
}

/** xz-embedded's engine inside xz-decompress, driven directly as `input/codecs/xz.ts` does, but for whole small streams, and at once. */
async function loadXz(): Promise<(packed: Uint8Array) => Uint8Array | null> {
  const loader = await xzLoader()
  await loader._getModuleInstance()
  const engine = loader._moduleInstance.exports as Engine
  return (packed) => {
    const context = engine.create_context()
    try {
      return unpackXz(engine, context, packed)
    } finally {
      engine.destroy_context(context)
    }
  }
}

const STREAM_END = 1

function unpackXz(engine: Engine, context: number, packed: Uint8Array): Uint8Array | null {
  // struct { size, *in, in_pos, in_size, *out, out_pos, … }; the memory may move whenever the engine runs.
  const fields = (): Uint32Array => new Uint32Array(engine.memory.buffer, context, 6)
  const inputBytes = fields()[0] ?? 0
  const pieces: Uint8Array[] = []
  let size = 0
  // Further streams may follow, so the engine only says that it is done when it is given nothing more.
  for (let at = 0; at <= packed.length; at += inputBytes) {
    const piece = packed.subarray(at, at + inputBytes)
    new Uint8Array(engine.memory.buffer).set(piece, fields()[1])
    engine.supply_input(context, piece.length)
    for (let status = 0; status === 0; ) {
      status = engine.get_next_output(context)
      const [, , inAt = 0, inSize = 0, out = 0, outAt = 0] = fields()
      pieces.push(new Uint8Array(engine.memory.buffer).slice(out, out + outAt))
      size += outAt
      fields()[5] = 0
      if (status === STREAM_END) return together(pieces)
      if (status > STREAM_END || size > LARGEST) return null
      if (inAt === inSize && outAt === 0) break
    }
  }
  engine.supply_input(context, 0)
  return engine.get_next_output(context) === STREAM_END ? together(pieces) : null
}
