import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { newRing, ringReader, ringWriter } from '../../src/node/ring.ts'
import { binary } from '../cli/binary.ts'

const SLOT = 262_144
// A thread runs what is built.
beforeAll(() => binary(), 300_000)

test('what is written comes out, in order, and so does what was read for it', () => {
  const size = fc.oneof({ weight: 4, arbitrary: fc.nat(5000) }, { weight: 1, arbitrary: fc.nat(2 * SLOT) })
  fc.assert(
    fc.property(fc.array(size, { maxLength: 40 }), fc.nat(3), (sizes, kept) => {
      const ring = newRing()
      const [writer, reader] = [ringWriter(ring), ringReader(ring)]
      const expected: Uint8Array[] = []
      const got: Uint8Array[] = []
      let took = 0
      const drain = (): void => {
        while (ring.counts[0] !== got.length) {
          const next = reader.next()
          if (next === null) throw new Error('a piece was told and is not there')
          got.push(next.piece.slice())
          took += next.took
          reader.free(kept)
        }
      }
      for (const [index, bytes] of sizes.entries()) {
        writer.took(index)
        writer.write(new Uint8Array(bytes).fill(index + 1))
        expected.push(new Uint8Array(bytes).fill(index + 1))
        drain()
      }
      writer.close()
      drain()
      expect(reader.next()).toBeNull()
      expect(Buffer.concat(got).equals(Buffer.concat(expected))).toBe(true)
      expect(took).toBe(sizes.reduce((sum, _, index) => sum + index, 0))
      // Only the last is not full.
      for (const piece of got.slice(0, -1)) expect(piece.length).toBe(SLOT)
    }),
    { numRuns: 40 },
  )
})

test('the end is told at once; where nobody writes the wait ends too', () => {
  const ring = newRing()
  const reader = ringReader(ring)
  const start = performance.now()
  expect(reader.next()).toBeNull()
  expect(performance.now() - start).toBeGreaterThan(20)
  ringWriter(ring).close()
  const closed = performance.now()
  for (let k = 0; k < 100; k += 1) expect(reader.next()).toBeNull()
  expect(performance.now() - closed).toBeLessThan(2000)
})

test('a full ring holds its writer until pieces are given back', async () => {
  const ring = newRing()
  // The writer waits in a thread of its own: all it does is fill slots.
  const source = `
    const { workerData } = require('node:worker_threads')
    import(workerData.module).then(({ ringWriter }) => {
      const writer = ringWriter(workerData.ring)
      for (let k = 0; k < 24; k += 1) writer.write(new Uint8Array(${SLOT}).fill(k))
      writer.took(7)
      writer.close()
    })`
  const module = new URL('../../dist/lib/node/ring.js', import.meta.url).href
  const thread = new Worker(source, { eval: true, workerData: { ring, module } })
  try {
    await delay(1500)
    expect(ring.counts[0]).toBe(12)
    const reader = ringReader(ring)
    const seen: (number | undefined)[] = []
    let took = 0
    for (let tries = 0; took === 0 && tries < 200; tries += 1) {
      // One piece for each that is given back: the ring stays full to the end.
      const next = reader.next()
      if (next === null) await delay(1)
      else if (next.piece.length > 0) seen.push(next.piece[0])
      took += next?.took ?? 0
      reader.free(0)
      await delay(5)
    }
    expect(seen).toEqual(Array.from({ length: 24 }, (_, k) => k))
    expect(took).toBe(7)
  } finally {
    await thread.terminate()
  }
})
