/**
 * What a file costs in which there is nothing to find: CPU time of `oom-report analyze` over a tree in the shape of a sosreport against that of
 * `find -type f | xargs cat` over the same, and peak memory. `node bench/many-files.mjs [FILES] [MEBIBYTES] [TURNS]`; 120,000 files in 200 MiB take a minute to
 * write, 12,000 in 20 MiB (the default) are for daily use: there the start of the program weighs more.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSosreport } from './make-sosreport.mjs'

const [files = 12_000, mebibytes = 20, turns = 3] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'oom-report-files-'))
const cli = new URL('../dist/cli/cli.js', import.meta.url).pathname

/** CPU seconds and peak KiB of a command, by GNU time. */
function cost(command) {
  const { stderr } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', 'sh', '-c', command], { encoding: 'utf8' })
  const [user, system, peak] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { cpu: user + system, peak }
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1]

try {
  const made = makeSosreport(folder, files, mebibytes, 7)
  const rows = Array.from({ length: turns + 1 }, () => ({
    cat: cost(`find ${folder} -type f | xargs cat >/dev/null`),
    ours: cost(`${process.execPath} ${cli} analyze ${folder} --format json >/dev/null`),
  })).slice(1)
  const [cat, ours] = [median(rows.map((r) => r.cat.cpu)), median(rows.map((r) => r.ours.cpu))]
  console.log(
    `${made.files} files, ${(made.bytes / 2 ** 20).toFixed(0)} MiB: ${ours.toFixed(2)} s against ${cat.toFixed(2)} s CPU, ratio ${(ours / cat).toFixed(2)} (aim 2.00)`,
  )
  console.log(`${((1e6 * ours) / made.files).toFixed(0)} µs a file; peak ${(median(rows.map((r) => r.ours.peak)) / 1024).toFixed(0)} MiB`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
