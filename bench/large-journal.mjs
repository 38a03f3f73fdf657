// The node log as one binary journal of any size, made by the writer of the tests: systemd-journal-remote ends a file at 64 MiB and takes a second for one.
// node --import tsx --max-old-space-size=12000 bench/large-journal.mjs FILE [MEBIBYTES OF TEXT] [SEED] [SHARE OF LINES ABOUT LIVES]
import { closeSync, openSync, writeSync } from 'node:fs'
import { writeJournalFile } from '../test/input/journal/journal-writer.ts'
import { nodeLog } from './generate.mjs'
import { entryOf } from './variants.mjs'

const [path, mebibytes = '1024', seed = '8', share] = process.argv.slice(2)
const density = share === undefined ? null : Number(share)

function* entries() {
  for (const piece of nodeLog({ bytes: Number(mebibytes) * 1024 * 1024, seed: Number(seed), density }))
    for (const line of piece.toString('latin1').trimEnd().split('\n')) {
      const { realtimeUs, monotonicUs, fields } = entryOf(line)
      const bootId = '0123456789abcdef0123456789abcdef'
      yield { realtimeUs, monotonicUs, bootId, fields: [['_BOOT_ID', bootId], ...fields] }
    }
}

if (path === undefined)
  process.stderr.write('node --import tsx bench/large-journal.mjs FILE [MEBIBYTES OF TEXT] [SEED] [SHARE OF LINES ABOUT LIVES]\n')
else {
  const bytes = writeJournalFile(entries(), { compact: true, slots: 1_048_573 })
  const fd = openSync(path, 'w')
  for (let at = 0; at < bytes.length; at += 1 << 28) writeSync(fd, bytes.subarray(at, at + (1 << 28)))
  closeSync(fd)
}
