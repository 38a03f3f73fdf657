import { viewOf } from '../bytes.ts'
import { fieldOf, type JournalField, type JournalText, type LeftOut, openReader, type Reader, textOf } from './fields.ts'
import { type JournalFile, type Part, readFully } from './file.ts'
import { type EntryHead, entryHead, entryItems, HEADER_BYTES, incompatible, itemsBeyond, type JournalHeader, readHeader } from './layout.ts'
import { loadUnpack, type Unpack } from './payload.ts'
import { type WalkOutcome, walkObjects } from './walk.ts'

export type { JournalField, JournalText, Reader } from './fields.ts'
export { type JournalFile, journalInMemory, type Part } from './file.ts'
export { isJournal, type JournalHeader } from './layout.ts'

/** An entry with the fields that can be read, in the order in which it names them; `_BOOT_ID` is among them, as in the file. */
export interface JournalEntry<Field = JournalField> extends EntryHead {
  readonly fields: readonly Field[]
  /** Place of its object in the file. */
  readonly offset: number
}

export interface Journal {
  readonly file: JournalFile
  readonly header: JournalHeader
  /** `null` for what is damaged, or of a kind that the header does not name. */
  readonly unpack: Unpack
  readonly leftOut: LeftOut
}

/** `null` when the file is no journal. */
export async function openJournal(file: JournalFile): Promise<Journal | null> {
  const head = readFully(file, new Uint8Array(HEADER_BYTES), 0)
  const header = readHeader(head)
  if (header === null) return null
  const flags = viewOf(head).getUint32(8 + 4, true)
  const unpack = await loadUnpack({ xz: (flags & incompatible.xz) !== 0, zstd: (flags & incompatible.zstd) !== 0 })
  return { file, header, unpack, leftOut: { fields: 0 } }
}

/** Fields as bytes. */
export function openFields({ file, header, unpack, leftOut }: Journal): Reader<JournalField> {
  return openReader(file, header.compact, unpack, fieldOf, leftOut)
}

/** Fields as text; what lies in the part `near` is taken from there. */
export function openTexts({ file, header, unpack, leftOut }: Journal, near: () => Part | null): Reader<JournalText> {
  return openReader(file, header.compact, unpack, textOf, leftOut, near)
}

/** All entries in the order in which they were written. `outcome`: what the walk over the file met besides. */
export function* readEntries(journal: Journal, outcome: (outcome: WalkOutcome) => void = () => {}): Generator<JournalEntry> {
  const { file } = journal
  const fields = openFields(journal)
  const entries: { offset: number; size: number }[] = []
  let memory = new Uint8Array(0)
  const met = walkObjects(file, journal.header.headerBytes, {
    memory(bytes) {
      const former = memory
      if (bytes > memory.length) memory = new Uint8Array(bytes)
      if (memory !== former) memory.set(former)
      return memory
    },
    data() {},
    entry: ({ base }, at, size) => entries.push({ offset: base + at, size }),
  })
  outcome(met)
  for (const { offset, size } of entries) {
    const view = viewOf(readFully(file, new Uint8Array(size), offset))
    yield entryAt(journal, view, 0, size, offset, fields)
  }
}

/** Characters or bytes of one entry's fields: journald takes no more for one field, and a broken entry may name the largest a thousand times. */
const LARGEST_ENTRY = 64 * 1024 * 1024

/** The entry at a place in memory, which stands at `offset` in the file. Fields that cannot be read, or are too large together, are left out. */
export function entryAt<Field extends JournalField | JournalText>(
  { header, leftOut }: Journal,
  view: DataView,
  at: number,
  size: number,
  offset: number,
  fieldAt: Reader<Field>,
): JournalEntry<Field> {
  const fields: Field[] = []
  let given = 0
  leftOut.fields += itemsBeyond(size, header.compact)
  for (const item of entryItems(view, at, size, header.compact)) {
    const isOver = given > LARGEST_ENTRY
    if (isOver) leftOut.fields += 1
    const field = isOver ? null : fieldAt(item)
    if (field === null) continue
    given += field[1].length
    fields.push(field)
  }
  return { ...entryHead(view, at, header.seqnumId), fields, offset }
}
