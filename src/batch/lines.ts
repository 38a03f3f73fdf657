import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { Chosen } from './fleet.ts'
import { temporaryIn } from './state.ts'
import type { Telling } from './stories.ts'

/**
 * Writes `incidents.ndjson` from the results' own lines, one at a time. A line is copied as it is, unless other bundles told of kills that it has not (they are
 * put in, so that none is lost and none counted twice) or the bundle got another name in a merge. Returns whether the file changed.
 */
export function writeLines(target: string, chosen: readonly Chosen[], stateOf: ReadonlyMap<string, string>, stateDir: string): boolean {
  const temporary = temporaryIn(stateDir)
  const out = openSync(temporary, 'w')
  const hash = createHash('sha256')
  for (const one of chosen) {
    const line = lineOf(one, stateOf)
    hash.update(line)
    for (let at = 0; at < line.length; ) at += writeSync(out, line, at)
  }
  closeSync(out)
  if (hashOf(target) === hash.digest('hex')) {
    rmSync(temporary)
    return false
  }
  renameSync(temporary, target)
  return true
}

function lineOf({ incident, main, further }: Chosen, stateOf: ReadonlyMap<string, string>): Buffer {
  const line = readLine(main, stateOf)
  const name = `{"bundle":${JSON.stringify(main.bundle)},`
  if (further.length === 0 && line.subarray(0, Buffer.byteLength(name)).toString() === name) return line
  const value = JSON.parse(line.toString()) as { kills: { time: string | null }[] }
  const kills = further.flatMap((f) => {
    const told = (JSON.parse(readLine(f, stateOf).toString()) as typeof value).kills
    return f.kills.map((n) => told[n]).filter((k) => k !== undefined)
  })
  const all = [...value.kills, ...kills].sort((a, b) => Date.parse(a.time ?? '') - Date.parse(b.time ?? '') || 0)
  const { firstTime, lastTime } = incident
  return Buffer.from(`${JSON.stringify({ ...value, bundle: main.bundle, firstTime, lastTime, kills: all })}\n`)
}

function readLine({ key, row }: Telling, stateOf: ReadonlyMap<string, string>): Buffer {
  const line = Buffer.allocUnsafe(row.length)
  const fd = openSync(path.join(stateOf.get(key) as string, 'results', `${key}.ndjson`), 'r')
  try {
    for (let at = 0; at < row.length; ) {
      const n = readSync(fd, line, at, row.length - at, row.offset + at)
      if (n === 0) throw new Error(`${key}.ndjson is shorter than its result says`)
      at += n
    }
  } finally {
    closeSync(fd)
  }
  return line
}

function hashOf(file: string): string | null {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch {
    return null
  }
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1 << 20)
  for (let n = readSync(fd, buffer, 0, buffer.length, null); n > 0; n = readSync(fd, buffer, 0, buffer.length, null))
    hash.update(buffer.subarray(0, n))
  closeSync(fd)
  return hash.digest('hex')
}
