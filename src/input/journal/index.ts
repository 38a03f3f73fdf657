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
import { walkObjects } from './walk.ts'

export type { FieldReader, JournalField } from './fields.ts'
export { type JournalFile, journalInMemory } from './file.ts'
export { isJournal, type JournalHeader } from './layout.ts'

/** An entry with all its fields in the order in which it names them; `_BOOT_ID` is among them, as in the file. */
export interface JournalEntry extends EntryHead {
  readonly fields: readonly JournalField[]
}

export interface Journal {
  readonly file: JournalFile
  readonly header: JournalHeader
  readonly unpack: Unpack
  readonly fields: FieldReader
}

/** `null` when the file is no journal. */
export async function openJournal(file: JournalFile): Promise<Journal | null> {
  const head = readFully(file, new Uint8Array(HEADER_BYTES), 0)
  const header = readHeader(head)
  if (header === null) return null
  const flags = viewOf(head).getUint32(8 + 4, true)
  const unpack = await loadUnpack({ xz: (flags & incompatible.xz) !== 0, zstd: (flags & incompatible.zstd) !== 0 })
  return { file, header, unpack, fields: openFields(file, header.compact, unpack) }
}

/** All entries in the order in which they were written. */
export function* readEntries({ file, header, fields }: Journal): Generator<JournalEntry> {
  const entries: { offset: number; size: number }[] = []
  walkObjects(file, header.headerBytes, { memory: ownMemory() }, ({ type, offset, size }) => {
    if (type === ENTRY) entries.push({ offset, size })
  })
  for (const { offset, size } of entries) {
    const view = viewOf(readFully(file, new Uint8Array(size), offset))
    yield { ...entryHead(view, 0, header.seqnumId), fields: fieldsOf(view, 0, size, header, fields) }
  }
}

/** Fields of the entry at a place in memory; those that cannot be read are left out. */
export function fieldsOf(view: DataView, at: number, size: number, header: JournalHeader, fields: FieldReader): JournalField[] {
  return entryItems(view, at, size, header.compact).flatMap((item) => {
    const field = fields(item)
    return field === null ? [] : [field]
  })
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
