import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { entriesOf, readAsJson } from './json-oracle.ts'

/** Written by Debian's systemd-journald and systemd-journal-remote 252 (`rewritten-…` and `cut-…` from those): scripts/real-journals/make.sh. */
const folder = new URL('./real/', import.meta.url)
const unpacked = (name: string) => gunzipSync(readFileSync(new URL(name, folder)))
const names = readdirSync(folder).flatMap((name) => (name.endsWith('.journal.gz') ? [name.slice(0, -'.journal.gz'.length)] : []))

describe('real journals, entry by entry as journalctl -o json', () => {
  test.each(names)('%s', async (name) => {
    const oracle = entriesOf(unpacked(`${name}.json.gz`).toString())
    const entries = await readAsJson(unpacked(`${name}.journal.gz`))
    const before = name.startsWith('cut-') ? 35 : oracle.length
    expect(entries).toEqual(oracle.slice(0, before))
    expect(before).toBeGreaterThan(25)
  })

  test('one of each kind', () => expect(names).toHaveLength(11))
})
