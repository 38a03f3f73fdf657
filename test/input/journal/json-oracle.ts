import { type JournalEntry, journalInMemory, openJournal, readEntries } from '../../../src/input/journal/index.ts'
import { isPrintable } from './export-writer.ts'

type Value = string | number[] | null
export type JsonEntry = Readonly<Record<string, Value | Value[]>>

/** An entry as `journalctl -o json --all` (systemd 252) writes it: values that are no printable text as bytes, a field that is there several times as a list. */
function jsonOf({ cursor, realtimeUs, monotonicUs, bootId, fields }: JournalEntry): JsonEntry {
  const entry: Record<string, Value | Value[]> = {
    ...{ __CURSOR: cursor, __REALTIME_TIMESTAMP: `${realtimeUs}`, __MONOTONIC_TIMESTAMP: `${monotonicUs}`, _BOOT_ID: bootId },
  }
  const several = new Map<string, Value[]>()
  for (const [name, bytes] of fields) {
    if (name === '_BOOT_ID') continue
    several.set(name, [...(several.get(name) ?? []), isPrintable(bytes, true) ? new TextDecoder().decode(bytes) : [...bytes]])
  }
  for (const [name, values] of several) entry[name] = values.length === 1 ? (values[0] as Value) : values
  return entry
}

export async function readAsJson(bytes: Uint8Array): Promise<JsonEntry[]> {
  const journal = await openJournal(journalInMemory(bytes))
  if (journal === null) throw new Error('no journal')
  return [...readEntries(journal)].map(jsonOf)
}

export const entriesOf = (oracle: string): JsonEntry[] =>
  oracle
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonEntry)
