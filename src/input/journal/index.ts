import { type FieldReader, type JournalField, openFields } from './fields.ts'
import { type JournalFile, readFully } from './file.ts'
import {
  ENTRY,
  type EntryHead,
  entryHead,
  entryItems,
  HEADER_BYTES,
  incompatible,
  type JournalHeader,
  readHeader,
  viewOf,
} from './layout.ts'
import { loadUnpack, type Unpack } from './payload.ts'
import { type WalkOutcome, walkObjects } from './walk.ts'

export type { FieldReader, JournalField } from './fields.ts'
export { type JournalFile, journalInMemory } from './file.ts'
export { isJournal, type JournalHeader } from './layout.ts'

/** An entry with all its fields in the order in which it names them; `_BOOT_ID` is among them, as in the file. */
export interface JournalEntry extends EntryHead {
  readonly fields: readonly JournalField[]
  /** Place of its object in the file. */
  readonly offset: number
}

export interface Journal {
  readonly file: JournalFile
  readonly header: JournalHeader
  readonly unpack: Unpack
  readonly fields: FieldReader
  /** How many payloads could not be unpacked so far: damaged, or of a kind that the header does not name. */
  unreadable(): number
}

/** `null` when the file is no journal. */
export async function openJournal(file: JournalFile): Promise<Journal | null> {
  const head = readFully(file, new Uint8Array(HEADER_BYTES), 0)
  const header = readHeader(head)
  if (header === null) return null
  const flags = viewOf(head).getUint32(8 + 4, true)
  const unpack = await loadUnpack({ xz: (flags & incompatible.xz) !== 0, zstd: (flags & incompatible.zstd) !== 0 })
  let unreadable = 0
  const counted: Unpack = (flag, packed) => {
    const payload = unpack(flag, packed)
    if (payload === null) unreadable += 1
    return payload
  }
  return { file, header, unpack, fields: openFields(file, header.compact, counted), unreadable: () => unreadable }
}

/** All entries in the order in which they were written. `outcome`: what the walk over the file met besides. */
export function* readEntries(journal: Journal, outcome: (outcome: WalkOutcome) => void = () => {}): Generator<JournalEntry> {
  const { file, header } = journal
  const entries: { offset: number; size: number }[] = []
  const met = walkObjects(file, header.headerBytes, { memory: ownMemory() }, ({ type, offset, size }) => {
    if (type === ENTRY) entries.push({ offset, size })
  })
  outcome(met)
  for (const { offset, size } of entries) yield entryAt(journal, viewOf(readFully(file, new Uint8Array(size), offset)), 0, size, offset)
}

/** The entry at a place in memory, which stands at `offset` in the file. Fields that cannot be read are left out. */
export function entryAt({ header, fields }: Journal, view: DataView, at: number, size: number, offset: number): JournalEntry {
  const read = entryItems(view, at, size, header.compact).flatMap((item) => {
    const field = fields(item)
    return field === null ? [] : [field]
  })
  return { ...entryHead(view, at, header.seqnumId), fields: read, offset }
}

function ownMemory(): (bytes: number) => Uint8Array {
  let memory = new Uint8Array(0)
  return (bytes) => {
    if (bytes > memory.length) {
      const grown = new Uint8Array(bytes)
      grown.set(memory)
      memory = grown
    }
    return memory
  }
}
