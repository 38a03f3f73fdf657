import { appendFileSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { handyFile } from '../../src/node/handy-file.ts'
import { openedWhile } from './opened-files.ts'

const root = mkdtempSync(join(tmpdir(), 'handy-file-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const LOOK = 65_536
const bytesOf = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, n) => (n * 7 + (n >> 8)) % 251)
const file = (name: string, size: number): string => {
  writeFileSync(join(root, name), bytesOf(size))
  return join(root, name)
}
async function streamed(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  return Buffer.concat(pieces)
}
const sizes = [0, 1, LOOK - 1, LOOK, LOOK + 1, LOOK + 2, 700_000]

describe('a file in hand', () => {
  it.each(sizes)('of %d bytes is the same by look, as a stream and by place', async (size) => {
    const whole = Buffer.from(bytesOf(size))
    const path = file(`same-${size}`, size)
    const used = await openedWhile(root, async () => {
      const one = handyFile(path)
      const look = one.look()
      expect(look === null ? null : whole.equals(look)).toBe(size <= LOOK ? true : null)
      one.keep()
      // Another look takes the memory of the first.
      const other = handyFile(file('other', 10))
      other.look()
      other.letGo()
      expect((await streamed(one.bytes(size))).equals(whole)).toBe(true)
      const opened = one.open()
      expect(opened.size).toBe(size)
      for (const from of [0, 1, LOOK - 10, LOOK, LOOK + 1, size - 3, size, size + 5].filter((at) => at >= 0)) {
        const part = new Uint8Array(100)
        const length = opened.read(part, from)
        expect(Buffer.from(part.subarray(0, length))).toEqual(whole.subarray(from, from + 100))
      }
      opened.close()
      one.letGo()
    })
    expect([used.opens.get(path), used.left()]).toEqual([1, 0])
  })

  it.each(sizes)('of %d bytes is opened once without a look, too, and read once as a stream', async (size) => {
    const path = file(`stream-${size}`, size)
    const used = await openedWhile(root, async () => {
      const one = handyFile(path)
      expect((await streamed(one.bytes(size))).equals(bytesOf(size))).toBe(true)
      one.open().close()
      one.letGo()
    })
    expect([used.opens.get(path), used.bytes.get(path), used.left()]).toEqual([1, size, 0])
  })

  it('is opened anew once it is out of hand, and closed by who did', async () => {
    const path = file('later', LOOK + 9)
    const used = await openedWhile(root, async () => {
      const one = handyFile(path)
      one.look()
      one.letGo()
      const opened = one.open()
      expect(opened.read(new Uint8Array(20), LOOK)).toBe(9)
      opened.close()
    })
    expect([used.opens.get(path), used.left()]).toEqual([2, 0])
  })

  it('may grow meanwhile, and may be gone', async () => {
    const path = file('grows', LOOK + 5)
    const one = handyFile(path)
    const bytes = one.bytes(LOOK + 5)[Symbol.asyncIterator]()
    expect((await bytes.next()).value?.length).toBe(LOOK + 1)
    appendFileSync(path, 'more')
    expect((await bytes.next()).value?.length).toBe(8)
    await bytes.return?.()
    one.letGo()
    unlinkSync(path)
    const gone = handyFile(path)
    expect(gone.look()).toBeNull()
    await expect(streamed(gone.bytes(1))).rejects.toThrow('ENOENT')
    expect(() => gone.open()).toThrow('ENOENT')
    gone.letGo()
  })
})
