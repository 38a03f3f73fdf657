/** Lines of a source that cannot be read again, which may be asked for when it is known whom deaths concern. */
export interface KeptLines {
  /** `sure`: it is asked for in any case. */
  keep(bytes: Uint8Array, begin: number, end: number, offset: number, line: number, sure: boolean): void
  /** Those that are still there, in order; the bytes are void after the call. */
  each(visit: (bytes: Uint8Array, offset: number, line: number, sure: boolean) => void): void
  /** The line before which some are lost; 0: none is. */
  lostBefore(): number
}

/** Room for the lines of all sources together; the oldest make room for others. */
export interface KeptRoom {
  open(): KeptLines
}

/** Some 130,000 lines: what a node writes of containers' lives in a day or more. */
export const KEPT_BYTES = 32 * 1024 * 1024
const SLAB_BYTES = 1024 * 1024
/** Numbers noted of a line: where it ends in its slab, its offset, its number, and whether it is sure. */
const NOTES = 4

interface Slab {
  bytes: Uint8Array | null
  length: number
  notes: number[]
  lastLine: number
  readonly owner: { lostBefore: number }
}

export function openKeptRoom(mostBytes = KEPT_BYTES): KeptRoom {
  const slabs: Slab[] = []
  const makeRoom = (): void => {
    if (slabs.length * SLAB_BYTES < mostBytes) return
    const oldest = slabs.shift()
    if (oldest === undefined) return
    oldest.owner.lostBefore = oldest.lastLine + 1
    oldest.bytes = null
    oldest.notes = []
  }
  return {
    open() {
      const owner = { lostBefore: 0 }
      const own: Slab[] = []
      const slabFor = (size: number): Slab => {
        const last = own.at(-1)
        if (last?.bytes != null && last.length + size <= last.bytes.length) return last
        makeRoom()
        const made: Slab = { bytes: new Uint8Array(Math.max(SLAB_BYTES, size)), length: 0, notes: [], lastLine: 0, owner }
        own.push(made)
        slabs.push(made)
        return made
      }
      return {
        keep(bytes, begin, end, offset, line, sure) {
          const slab = slabFor(end - begin)
          slab.bytes?.set(bytes.subarray(begin, end), slab.length)
          slab.length += end - begin
          slab.notes.push(slab.length, offset, line, sure ? 1 : 0)
          slab.lastLine = line
        },
        each(visit) {
          for (const { bytes, notes } of own) {
            let begin = 0
            for (let at = 0; bytes !== null && at < notes.length; at += NOTES) {
              const [end = 0, offset = 0, line = 0, sure = 0] = notes.slice(at, at + NOTES)
              visit(bytes.subarray(begin, end), offset, line, sure === 1)
              begin = end
            }
          }
        },
        lostBefore: () => owner.lostBefore,
      }
    },
  }
}
