import { closeSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import type { Chosen } from './fleet.ts'
import type { Telling } from './stories.ts'

/**
 * The lines of `incidents.ndjson` from the results' own, one at a time. A line is copied as it is, unless other bundles told of kills that it has not (they are
 * put in, so that none is lost and none counted twice) or the bundle got another name in a merge.
 */
export function* linesOf(chosen: readonly Chosen[], stateOf: ReadonlyMap<string, string>): Generator<Buffer, void> {
  for (const one of chosen) yield lineOf(one, stateOf)
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
