import type { Worker } from 'node:worker_threads'
import type { Meter } from '../input/budget.ts'
import type { Bytes } from '../input/bytes.ts'
import type { Codec } from '../input/codecs/define-codec.ts'
import type { AheadBytes } from '../input/engines.ts'
import { Trouble } from '../input/trouble.ts'
import { newRing, type Ring, ringReader } from './ring.ts'
import { isWithout } from './switches.ts'
import { openThread } from './threads.ts'

/** What the thread is to unpack: `decode-worker.ts`. */
export interface DecodePlan {
  readonly path: string
  readonly codec: string
  readonly ring: Ring
}

/** How it ended: what it says when all bytes are in the ring. */
export type DecodeEnd =
  | { readonly kind: 'end' }
  | { readonly kind: 'trouble'; readonly trouble: Pick<Trouble, 'code' | 'args' | 'ends'> }
  | { readonly kind: 'system'; readonly code: string; readonly syscall: string; readonly message: string }

/** Pieces that stay as they are while further ones are asked for. */
const LENT = 3

/**
 * Unpacks a file in a thread of its own, while its reader is at what came before: unpacking takes longer than searching. Yields what `codec.decode` of the
 * file's bytes yields, and throws the same. `null`: there is no thread to be had.
 */
export function decodedAhead(path: string, codec: Codec, meter: Meter): AheadBytes | null {
  if (isWithout('ring')) return null
  const ring = newRing()
  const thread = openThread('decode-worker.js', { path, codec: codec.id, ring } satisfies DecodePlan)
  if (thread === null) return null
  const state = { lent: false }
  return {
    bytes: received(thread, ring, meter, state),
    lend() {
      state.lent = true
    },
  }
}

async function* received(thread: Worker, ring: Ring, meter: Meter, state: { readonly lent: boolean }): Bytes {
  const reader = ringReader(ring)
  /** What the thread has said last of all, as what to do about it. */
  const ends: (() => void)[] = []
  const fail = (error: unknown) => (): never => {
    throw error
  }
  thread.on('message', (end: DecodeEnd) => ends.push(() => settle(end)))
  thread.on('error', (error) => ends.push(fail(error)))
  thread.on('exit', () => ends.push(fail(new Error('The thread that unpacks has ended.'))))
  try {
    for (;;) {
      // Asked first: all that was written before it is in the ring by now.
      const [end] = ends
      const next = reader.next()
      if (next !== null) {
        meter.took(next.took)
        meter.gave(next.piece.length)
        if (next.piece.length > 0) yield state.lent ? next.piece : new Uint8Array(next.piece)
        reader.free(state.lent ? LENT - 1 : 0)
      } else if (end !== undefined) return end()
      // What the thread says comes in between.
      else await new Promise((resolve) => setImmediate(resolve))
    }
  } finally {
    void thread.terminate()
  }
}

function settle(end: DecodeEnd): void {
  if (end.kind === 'trouble') throw new Trouble(end.trouble.code, end.trouble.args, end.trouble.ends)
  if (end.kind === 'system') throw Object.assign(new Error(end.message), { code: end.code, syscall: end.syscall })
}
